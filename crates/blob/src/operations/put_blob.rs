//! Put Blob: a block blob in one request.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    AccessTier, Answer, BlobName, BlobType, Body, Checksum, Conditions, ContainerName, Crc64, Endpoint,
    Error, ErrorKind, Etag, Md5, Metadata, Operation, OperationInfo, OperationKind, ResponseBody, header,
    limits,
};
use time::OffsetDateTime;

use super::request::{checksum_of, request, set, set_checksum, set_if, set_octet_stream};
use crate::ContentHeaders;

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
    /// The headers to keep with the blob.
    pub headers: ContentHeaders,
    /// The pairs to keep with the blob.
    pub metadata: Metadata,
    /// The price class; the account's default when `None`.
    pub access_tier: Option<AccessTier>,
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
    /// Whether the service keeps it encrypted.
    pub server_encrypted: Option<bool>,
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
            headers: ContentHeaders::default(),
            metadata: Metadata::new(),
            access_tier: None,
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
        let mut request = request::<Self>(Method::PUT, uri, self.body.clone());
        let headers = request.headers_mut();
        set(headers, header::BLOB_TYPE, BlobType::Block.as_str())?;
        set_octet_stream(headers);
        // An MD5 to keep is checked against the content, and some services take no second checksum beside it.
        let checksum = match self.headers.content_md5 {
            Some(_) => self.checksum,
            None => checksum_of(&self.body, self.checksum),
        };
        set_checksum(headers, checksum)?;
        set_if(
            headers,
            header::ACCESS_TIER,
            self.access_tier.as_ref().map(AccessTier::as_str),
        )?;
        self.headers.apply(headers)?;
        self.metadata.apply(headers)?;
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
            server_encrypted: answer.flag(&header::REQUEST_SERVER_ENCRYPTED),
        })
    }
}
