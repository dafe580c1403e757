//! Put Page: writes pages.

use http::{HeaderValue, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Checksum, Conditions, ContainerName, Crc64, Endpoint, Error, ErrorKind, Etag,
    LeaseId, Md5, Operation, OperationInfo, OperationKind, ResponseBody, header, limits,
};
use time::OffsetDateTime;

use super::content::{Check, content};
use super::request::{set_encryption, set_lease};
use crate::page_range::set_pages;
use crate::{CustomerKey, EncryptedWith, SequenceNumberConditions};

/// Writes pages of a page blob: [Put Page](https://learn.microsoft.com/rest/api/storageservices/put-page).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutPages {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Where the first page begins: a multiple of 512 bytes.
    pub offset: u64,
    /// The content: a multiple of 512 bytes, at most 4 MiB.
    pub body: Body,
    /// What the content must arrive as; the CRC64 of a body in memory without one.
    pub checksum: Option<Checksum>,
    /// Sends the content in segments with a CRC64 each: see [`PutBlob::in_segments`](super::PutBlob::in_segments).
    pub in_segments: bool,
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

/// What the service answers when pages were written or cleared.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PagesWritten {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was written; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The blob's sequence number.
    pub sequence_number: Option<u64>,
    /// The CRC64 of the content as it arrived.
    pub content_crc64: Option<Crc64>,
    /// The MD5 of the content as it arrived.
    pub content_md5: Option<Md5>,
    /// The form that the content was taken out of, where it was sent [in segments](PutPages::in_segments).
    pub structured_body: Option<String>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl PutPages {
    /// Writes `body` from `offset` on.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, offset: u64, body: impl Into<Body>) -> Self {
        Self {
            container,
            blob,
            offset,
            body: body.into(),
            checksum: None,
            in_segments: false,
            sequence: SequenceNumberConditions::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutPages {
    type Output = PagesWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutPages", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let length = self.body.content_length();
        if length > limits::PUT_PAGE_BYTES {
            let message = format!("a single Put Page writes at most 4 MiB, not {length} bytes");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "page")
            .build()?;
        let check = Check::of(self.checksum).in_segments(self.in_segments)?;
        let mut request = content::<Self>(uri, &self.body, check)?;
        let headers = request.headers_mut();
        headers.insert(header::PAGE_WRITE, HeaderValue::from_static("update"));
        set_pages(headers, &(self.offset..self.offset.saturating_add(length)))?;
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

impl PagesWritten {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            sequence_number: answer.parsed(&header::BLOB_SEQUENCE_NUMBER),
            content_crc64: answer.parsed(&header::CONTENT_CRC64),
            content_md5: answer.parsed(&header::CONTENT_MD5),
            structured_body: answer.string(&header::STRUCTURED_BODY),
            encryption: EncryptedWith::written(answer),
        })
    }
}
