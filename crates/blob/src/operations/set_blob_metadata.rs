//! Set Blob Metadata: replaces all pairs that are kept with a blob.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Metadata, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_encryption, set_lease};
use crate::{CustomerKey, EncryptedWith};

/// Replaces a blob's metadata: [Set Blob Metadata](https://learn.microsoft.com/rest/api/storageservices/set-blob-metadata).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetBlobMetadata {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The pairs; none of the old ones stays.
    pub metadata: Metadata,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// What the service answers to new metadata.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetadataSet {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was written; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The id of the new version, where the account keeps versions.
    pub version_id: Option<String>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl SetBlobMetadata {
    /// Sets `metadata`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, metadata: Metadata) -> Self {
        Self {
            container,
            blob,
            metadata,
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SetBlobMetadata {
    type Output = MetadataSet;
    const INFO: OperationInfo = OperationInfo::blob("SetBlobMetadata", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "metadata")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.metadata.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<MetadataSet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(MetadataSet {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            version_id: answer.string(&header::VERSION_ID),
            encryption: EncryptedWith::written(&answer),
        })
    }
}
