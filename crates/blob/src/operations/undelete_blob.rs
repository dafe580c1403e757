//! Undelete Blob.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind,
    ResponseBody,
};

use super::request::request;

/// Brings back a blob that soft delete still keeps, with all its deleted snapshots:
/// [Undelete Blob](https://learn.microsoft.com/rest/api/storageservices/undelete-blob). Where the account keeps versions, the blob itself comes back by
/// the copy of a version.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UndeleteBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
}

/// What the service answers to a blob that is back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobUndeleted {}

impl UndeleteBlob {
    /// Brings the blob back.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self { container, blob }
    }
}

impl Operation for UndeleteBlob {
    type Output = BlobUndeleted;
    const INFO: OperationInfo = OperationInfo::blob("UndeleteBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "undelete").build()?;
        Ok(request::<Self>(Method::PUT, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobUndeleted, Error> {
        Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(BlobUndeleted {})
    }
}
