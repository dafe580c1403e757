//! Set Blob Metadata: replaces all pairs that are kept with a blob.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Etag, Metadata, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::request;

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
}

impl SetBlobMetadata {
    /// Sets `metadata`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, metadata: Metadata) -> Self {
        Self {
            container,
            blob,
            metadata,
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
        self.metadata.apply(request.headers_mut())?;
        self.conditions.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<MetadataSet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(MetadataSet {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            version_id: answer.string(&header::VERSION_ID),
        })
    }
}
