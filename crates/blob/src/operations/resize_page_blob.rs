//! Set Blob Properties: the size of a page blob.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_encryption, set_lease};
use crate::CustomerKey;
use crate::page_range::check_size;

/// Makes a page blob longer or shorter: [Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties).
/// What is cut off is lost, and what is added is zeros.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResizePageBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The new size: a multiple of 512 bytes, at most 8 TiB.
    pub size: u64,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account that the blob is encrypted with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// What the service answers when the size or the sequence number of a page blob was set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PageBlobSet {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was set; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The blob's sequence number.
    pub sequence_number: Option<u64>,
}

impl ResizePageBlob {
    /// Gives the blob `size` bytes.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, size: u64) -> Self {
        Self {
            container,
            blob,
            size,
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for ResizePageBlob {
    type Output = PageBlobSet;
    const INFO: OperationInfo = OperationInfo::blob("ResizePageBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        check_size(self.size)?;
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "properties")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        headers.insert(header::BLOB_CONTENT_LENGTH, HeaderValue::from(self.size));
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<PageBlobSet, Error> {
        PageBlobSet::read(parts, body).await
    }
}

impl PageBlobSet {
    pub(super) async fn read(parts: response::Parts, body: ResponseBody) -> Result<Self, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            sequence_number: answer.parsed(&header::BLOB_SEQUENCE_NUMBER),
        })
    }
}
