//! Abort Copy Blob.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo, OperationKind,
    ResponseBody, header,
};

use super::request::{request, set_lease};

/// Gives up a copy that goes on: [Abort Copy Blob](https://learn.microsoft.com/rest/api/storageservices/abort-copy-blob). An empty blob is left,
/// with all that it keeps beside its content.
///
/// # Repeats
/// A second try after one whose answer was lost finds no copy, and is refused with 409 `NoPendingCopyOperation`, as is the abort of a copy that is done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AbortCopyBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob that is copied to.
    pub blob: BlobName,
    /// The id of the copy.
    pub copy_id: String,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
}

/// What the service answers to a copy that is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyAborted {}

impl AbortCopyBlob {
    /// Gives up the copy of this id.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, copy_id: impl Into<String>) -> Self {
        Self {
            container,
            blob,
            copy_id: copy_id.into(),
            lease_id: None,
        }
    }
}

impl Operation for AbortCopyBlob {
    type Output = CopyAborted;
    const INFO: OperationInfo = OperationInfo::blob("AbortCopyBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "copy").query("copyid", &self.copy_id).build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        headers.insert(header::COPY_ACTION, HeaderValue::from_static("abort"));
        set_lease(headers, self.lease_id)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<CopyAborted, Error> {
        Answer::expect(parts, body, &[StatusCode::NO_CONTENT]).await?;
        Ok(CopyAborted {})
    }
}
