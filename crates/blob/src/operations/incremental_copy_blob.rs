//! Incremental Copy Blob: what changed between two snapshots of a page blob.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Operation, OperationInfo,
    OperationKind, ResponseBody,
};

use super::CopyStarted;
use super::request::request;
use crate::CopySource;
use crate::copy_source::Takes;

/// Starts a copy of a page blob's snapshot: all of it the first time, later what changed since the snapshot that was copied last:
/// [Incremental Copy Blob](https://learn.microsoft.com/rest/api/storageservices/incremental-copy-blob). When it is done, the destination has a snapshot too.
///
/// # Repeats
/// A second try after one whose answer was lost is refused with 409 while the first goes on, and when it is done: a snapshot is copied once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IncrementalCopyBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob: one that does not exist, or that all snapshots of the source before this were copied to.
    pub blob: BlobName,
    /// A snapshot of a page blob that anybody or the same account can read, or with a SAS.
    pub source: CopySource,
    /// The blob's old state must meet these.
    pub conditions: Conditions,
}

impl IncrementalCopyBlob {
    /// Copies `source`, which names a snapshot.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, source: impl Into<CopySource>) -> Self {
        Self {
            container,
            blob,
            source: source.into(),
            conditions: Conditions::new(),
        }
    }
}

impl Operation for IncrementalCopyBlob {
    type Output = CopyStarted;
    const INFO: OperationInfo = OperationInfo::blob("IncrementalCopyBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "incrementalcopy").build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.source.apply(headers, Takes::INCREMENTAL)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<CopyStarted, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        CopyStarted::read(&answer)
    }
}
