//! Put Page: clears pages.

use std::ops::Range;

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody, header,
};

use super::PagesWritten;
use super::request::{request, set_encryption, set_lease};
use crate::page_range::set_pages;
use crate::{CustomerKey, SequenceNumberConditions};

/// Clears pages of a page blob, which are zeros then and cost nothing: [Put Page](https://learn.microsoft.com/rest/api/storageservices/put-page).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClearPages {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The pages, in bytes: both ends are multiples of 512. There may be any number.
    pub range: Range<u64>,
    /// The blob's sequence number must meet these.
    pub sequence: SequenceNumberConditions,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account that the blob is encrypted with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

impl ClearPages {
    /// Clears `range`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, range: Range<u64>) -> Self {
        Self {
            container,
            blob,
            range,
            sequence: SequenceNumberConditions::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for ClearPages {
    type Output = PagesWritten;
    const INFO: OperationInfo = OperationInfo::blob("ClearPages", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "page")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        headers.insert(header::PAGE_WRITE, HeaderValue::from_static("clear"));
        set_pages(headers, &self.range)?;
        self.sequence.apply(headers);
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<PagesWritten, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        PagesWritten::read(&answer)
    }
}
