//! Append Blob Seal.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_lease};

/// Closes an append blob for good: [Append Blob Seal](https://learn.microsoft.com/rest/api/storageservices/append-blob-seal).
/// To seal what is sealed is no error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SealAppendBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The blob has exactly so many bytes.
    pub position: Option<u64>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these. The service takes none on tags here.
    pub conditions: Conditions,
}

/// What the service answers when a blob was sealed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlobSealed {
    /// The identity of the new state.
    pub etag: Etag,
    /// When the blob changed last; whole seconds.
    pub last_modified: OffsetDateTime,
    /// Whether the blob is sealed.
    pub sealed: Option<bool>,
}

impl SealAppendBlob {
    /// Seals the blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            position: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SealAppendBlob {
    type Output = BlobSealed;
    const INFO: OperationInfo = OperationInfo::blob("SealAppendBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "seal")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        if let Some(position) = self.position {
            headers.insert(header::BLOB_CONDITION_APPENDPOS, HeaderValue::from(position));
        }
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobSealed, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(BlobSealed {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            sealed: answer.flag(&header::BLOB_SEALED),
        })
    }
}
