//! Put Blob: a page blob, all zeros at first.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, BlobType, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};

use super::BlobWritten;
use super::request::{request, set, set_encryption, set_lease};
use crate::page_range::{check_size, set_sequence_number};
use crate::{BlobAttributes, CustomerKey};

/// Makes a page blob of zeros, in place of what is there: [Put Blob](https://learn.microsoft.com/rest/api/storageservices/put-blob).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutPageBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Its size: a multiple of 512 bytes, at most 8 TiB.
    pub size: u64,
    /// The sequence number that it starts with; zero when `None`. At most 2^63 - 1.
    pub sequence_number: Option<u64>,
    /// What to keep beside the content. The tier, of `P4` to `P80`, is for premium storage alone.
    pub attributes: BlobAttributes,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's old state must meet these.
    pub conditions: Conditions,
}

impl PutPageBlob {
    /// Makes a blob of `size` bytes.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, size: u64) -> Self {
        Self {
            container,
            blob,
            size,
            sequence_number: None,
            attributes: BlobAttributes::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutPageBlob {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutPageBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        check_size(self.size)?;
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        set(headers, header::BLOB_TYPE, BlobType::Page.as_str())?;
        headers.insert(header::BLOB_CONTENT_LENGTH, HeaderValue::from(self.size));
        if let Some(number) = self.sequence_number {
            set_sequence_number(headers, number)?;
        }
        self.attributes.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobWritten, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        BlobWritten::read(&answer)
    }
}
