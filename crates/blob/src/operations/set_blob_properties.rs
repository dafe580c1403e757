//! Set Blob Properties: the headers that a blob is read with.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_lease};
use crate::ContentHeaders;

/// Replaces the headers that a blob is read with: [Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties). What is not
/// named is cleared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetBlobProperties {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The headers to keep.
    pub headers: ContentHeaders,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// What the service answers when properties were set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PropertiesSet {
    /// The identity of the new state.
    pub etag: Etag,
    /// When they were set; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The sequence number of a page blob.
    pub sequence_number: Option<u64>,
}

impl SetBlobProperties {
    /// Keeps these headers, and no others.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, headers: ContentHeaders) -> Self {
        Self {
            container,
            blob,
            headers,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SetBlobProperties {
    type Output = PropertiesSet;
    const INFO: OperationInfo = OperationInfo::blob("SetBlobProperties", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "properties").build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.headers.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<PropertiesSet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(PropertiesSet {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            sequence_number: answer.parsed(&header::BLOB_SEQUENCE_NUMBER),
        })
    }
}
