//! Put Blob: an append blob, empty at first.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, BlobType, Body, Conditions, ContainerName, Endpoint, Error, ErrorKind, LeaseId,
    Operation, OperationInfo, OperationKind, ResponseBody, header,
};

use super::BlobWritten;
use super::request::{request, set, set_encryption, set_lease};
use crate::{BlobAttributes, CustomerKey};

/// Makes an append blob without content, in place of what is there: [Put Blob](https://learn.microsoft.com/rest/api/storageservices/put-blob).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutAppendBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// What to keep beside the content. Append blobs have no tier.
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

impl PutAppendBlob {
    /// Makes the blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            attributes: BlobAttributes::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutAppendBlob {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutAppendBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        if self.attributes.access_tier.is_some() {
            let message = "an append blob has no tier of its own";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        set(headers, header::BLOB_TYPE, BlobType::Append.as_str())?;
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
