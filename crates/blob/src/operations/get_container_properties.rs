//! Get Container Properties.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Etag, LeaseDuration, LeaseId, LeaseState, LeaseStatus,
    Metadata, Operation, OperationInfo, OperationKind, PublicAccess, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_lease};

/// Reads a container's properties and metadata:
/// [Get Container Properties](https://learn.microsoft.com/rest/api/storageservices/get-container-properties).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetContainerProperties {
    /// The container.
    pub container: ContainerName,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
}

/// The properties of a container. What the service left out is `None`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ContainerProperties {
    /// The identity of the container's state.
    pub etag: Etag,
    /// When the container itself was changed last; whole seconds. Its blobs do not count.
    pub last_modified: OffsetDateTime,
    /// The caller's own pairs.
    pub metadata: Metadata,
    /// Whether a lease keeps it from being deleted.
    pub lease_status: Option<LeaseStatus>,
    /// Where the lease is in its life.
    pub lease_state: Option<LeaseState>,
    /// Whether the lease ends by itself.
    pub lease_duration: Option<LeaseDuration>,
    /// What anybody may read without a key; nothing when `None`.
    pub public_access: Option<PublicAccess>,
    /// Whether blobs are kept from being changed for a time.
    pub has_immutability_policy: Option<bool>,
    /// Whether blobs are kept from being changed until a hold is taken away.
    pub has_legal_hold: Option<bool>,
    /// Whether versions of blobs can be kept from being changed.
    pub immutable_storage_with_versioning: Option<bool>,
    /// The scope that blobs are encrypted with which name none.
    pub default_encryption_scope: Option<String>,
    /// Whether blobs may name no other scope.
    pub deny_encryption_scope_override: Option<bool>,
}

impl GetContainerProperties {
    /// Reads the properties.
    #[must_use]
    pub fn new(container: ContainerName) -> Self {
        Self {
            container,
            lease_id: None,
        }
    }
}

impl Operation for GetContainerProperties {
    type Output = ContainerProperties;
    const INFO: OperationInfo = OperationInfo::blob("GetContainerProperties", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .build()?;
        let mut request = request::<Self>(Method::HEAD, uri, Body::empty());
        set_lease(request.headers_mut(), self.lease_id)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerProperties, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ContainerProperties {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            metadata: Metadata::from_headers(answer.headers()),
            lease_status: answer.value(&header::LEASE_STATUS),
            lease_state: answer.value(&header::LEASE_STATE),
            lease_duration: answer.value(&header::LEASE_DURATION),
            public_access: answer.value(&header::BLOB_PUBLIC_ACCESS),
            has_immutability_policy: answer.flag(&header::HAS_IMMUTABILITY_POLICY),
            has_legal_hold: answer.flag(&header::HAS_LEGAL_HOLD),
            immutable_storage_with_versioning: answer
                .flag(&header::IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED),
            default_encryption_scope: answer.string(&header::DEFAULT_ENCRYPTION_SCOPE),
            deny_encryption_scope_override: answer.flag(&header::DENY_ENCRYPTION_SCOPE_OVERRIDE),
        })
    }
}
