//! Set Container Metadata: replaces all pairs that are kept with a container.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Metadata, Operation,
    OperationInfo, OperationKind, ResponseBody,
};
use time::OffsetDateTime;

use super::request::{request, set_lease};

/// Replaces a container's metadata: [Set Container Metadata](https://learn.microsoft.com/rest/api/storageservices/set-container-metadata).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetContainerMetadata {
    /// The container.
    pub container: ContainerName,
    /// The pairs; none of the old ones stays.
    pub metadata: Metadata,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The container's state must meet these; only `If-Modified-Since` counts here.
    pub conditions: Conditions,
}

/// What the service answers to new metadata of a container.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ContainerMetadataSet {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was set; whole seconds.
    pub last_modified: OffsetDateTime,
}

impl SetContainerMetadata {
    /// Sets `metadata`.
    #[must_use]
    pub fn new(container: ContainerName, metadata: Metadata) -> Self {
        Self {
            container,
            metadata,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SetContainerMetadata {
    type Output = ContainerMetadataSet;
    const INFO: OperationInfo = OperationInfo::blob("SetContainerMetadata", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .query("comp", "metadata")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.metadata.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerMetadataSet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ContainerMetadataSet {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
        })
    }
}
