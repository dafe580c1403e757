//! Put Page From URL: pages whose content the service reads elsewhere.

use std::ops::Range;

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ByteRange, Conditions, ContainerName, Endpoint, Error, ErrorKind, LeaseId,
    Operation, OperationInfo, OperationKind, ResponseBody, header, limits,
};

use super::PagesWritten;
use super::request::{request, set_encryption, set_lease};
use crate::copy_source::Takes;
use crate::page_range::set_pages;
use crate::{CopySource, CustomerKey, SequenceNumberConditions, SourcePart};

/// Writes pages of a page blob, whose content the service reads from a URL:
/// [Put Page From URL](https://learn.microsoft.com/rest/api/storageservices/put-page-from-url).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutPagesFromUrl {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The bytes to write: start and end are multiples of 512, and at most 4 MiB apart.
    pub range: Range<u64>,
    /// Where the content is.
    pub source: CopySource,
    /// What of it to take: as many bytes as are written; those at the same place when there is no range.
    pub part: SourcePart,
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

impl PutPagesFromUrl {
    /// Writes to `range` what is at the same place of `source`.
    #[must_use]
    pub fn new(
        container: ContainerName,
        blob: BlobName,
        range: Range<u64>,
        source: impl Into<CopySource>,
    ) -> Self {
        Self {
            container,
            blob,
            range,
            source: source.into(),
            part: SourcePart::default(),
            sequence: SequenceNumberConditions::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }

    /// What of the source to take, with the range that the service wants to be told.
    fn part(&self) -> Result<SourcePart, Error> {
        let to = ByteRange::from(self.range.clone());
        let from = self.part.range.unwrap_or(to);
        if from.len() != to.len() || to.len().is_some_and(|length| length > limits::PUT_PAGE_BYTES) {
            let message =
                format!("at most 4 MiB of pages are written, and as much is read: {from} cannot go to {to}");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(SourcePart {
            range: Some(from),
            ..self.part.clone()
        })
    }
}

impl Operation for PutPagesFromUrl {
    type Output = PagesWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutPagesFromUrl", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "page").build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        headers.insert(header::PAGE_WRITE, HeaderValue::from_static("update"));
        set_pages(headers, &self.range)?;
        self.source.apply(headers, Takes::PART_FROM_URL)?;
        self.part()?.apply(headers)?;
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
