//! Get Blob Tags.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, BlobTags, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation,
    OperationInfo, OperationKind, ResponseBody,
};

use super::request::{of_state, request, set_lease};

/// The answer has at most ten tags, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Reads a blob's tags: [Get Blob Tags](https://learn.microsoft.com/rest/api/storageservices/get-blob-tags).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetBlobTags {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these. But for those on tags, the service takes them from version 2026-02-06 on.
    pub conditions: Conditions,
}

impl GetBlobTags {
    /// Reads the tags of the current blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            version_id: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for GetBlobTags {
    type Output = BlobTags;
    const INFO: OperationInfo = OperationInfo::blob("GetBlobTags", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "tags");
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        let headers = request.headers_mut();
        set_lease(headers, self.lease_id)?;
        self.conditions.apply_to_tags(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobTags, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        BlobTags::parse_xml(&body.collect(ANSWER_LIMIT).await?)
    }
}
