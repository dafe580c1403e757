//! Put Blob: a block blob in one request.

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, BlobType, Body, Checksum, Conditions, ContainerName, Crc64, Endpoint, Error, ErrorKind,
    Etag, LeaseId, Md5, Operation, OperationInfo, OperationKind, ResponseBody, header, limits,
};
use time::OffsetDateTime;

use super::content::{Check, content};
use super::request::{set, set_encryption, set_lease};
use crate::{BlobAttributes, CustomerKey, EncryptedWith};

/// Writes a whole block blob, replacing what is there: [Put Blob](https://learn.microsoft.com/rest/api/storageservices/put-blob).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The content, at most 5,000 MiB.
    pub body: Body,
    /// What the content must arrive as. Without one, and without an MD5 to keep, the CRC64 of a body in memory is sent.
    pub checksum: Option<Checksum>,
    /// Sends the content in segments of 4 MiB with a CRC64 each, by which the service checks all of it before it stores it: in the place of `checksum`, and of
    /// bodies that are not in memory too. Only for services that know of it, from version 2025-01-05 on: another stores the segments as they are. The
    /// `VerifyLayer` of `lazuli-transport` makes an error of an answer that does not say that they were taken apart.
    pub in_segments: bool,
    /// What to keep beside the content.
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

/// What the service answers to a write of a whole blob.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlobWritten {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was written; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The id of the new version, where the account keeps versions.
    pub version_id: Option<String>,
    /// The CRC64 of the request's body as it arrived.
    pub content_crc64: Option<Crc64>,
    /// The MD5 of the request's body as it arrived.
    pub content_md5: Option<Md5>,
    /// The form that the content was taken out of, where it was sent [in segments](PutBlob::in_segments).
    pub structured_body: Option<String>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl PutBlob {
    /// Writes `body`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, body: impl Into<Body>) -> Self {
        Self {
            container,
            blob,
            body: body.into(),
            checksum: None,
            in_segments: false,
            attributes: BlobAttributes::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutBlob {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        if self.body.content_length() > limits::PUT_BLOB_BYTES {
            let message = "a single Put Blob holds at most 5,000 MiB; put larger content in blocks";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .build()?;
        // An MD5 to keep is checked against the content, and some services take no second checksum beside it.
        let check = Check::of(self.checksum).in_segments(self.in_segments)?;
        let check = match (check, self.attributes.headers.content_md5) {
            (Check::OfMemory, Some(_)) => Check::Elsewhere,
            (check, _) => check,
        };
        let mut request = content::<Self>(uri, &self.body, check)?;
        let headers = request.headers_mut();
        set(headers, header::BLOB_TYPE, BlobType::Block.as_str())?;
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

impl BlobWritten {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            version_id: answer.string(&header::VERSION_ID),
            content_crc64: answer.parsed(&header::CONTENT_CRC64),
            content_md5: answer.parsed(&header::CONTENT_MD5),
            structured_body: answer.string(&header::STRUCTURED_BODY),
            encryption: EncryptedWith::written(answer),
        })
    }
}
