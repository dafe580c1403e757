//! Append Block: adds to the end of an append blob.

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Checksum, Conditions, ContainerName, Crc64, Endpoint, Error, ErrorKind, Etag,
    LeaseId, Md5, Operation, OperationInfo, OperationKind, ResponseBody, header, limits,
};
use time::OffsetDateTime;

use super::content::{Check, content};
use super::request::{set_encryption, set_lease};
use crate::{AppendConditions, CustomerKey, EncryptedWith};

/// Adds to the end of an append blob: [Append Block](https://learn.microsoft.com/rest/api/storageservices/append-block).
///
/// # Sent twice
/// An append that names no position is sent once alone, unless it surely did not arrive: its content would be there twice. One that names its
/// position is tried again after trouble; if the first try had arrived after all, the service refuses the second with `AppendPositionConditionNotMet`,
/// and the content is there once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AppendBlock {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The content, 1 byte to 100 MiB.
    pub body: Body,
    /// What the content must arrive as; the CRC64 of a body in memory without one.
    pub checksum: Option<Checksum>,
    /// Sends the content in segments with a CRC64 each: see [`PutBlob::in_segments`](super::PutBlob::in_segments).
    pub in_segments: bool,
    /// Where it must begin and may end.
    pub append: AppendConditions,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account that the blob is encrypted with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// What the service answers to an append.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlockAppended {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was appended; whole seconds.
    pub last_modified: OffsetDateTime,
    /// Where the content begins in the blob, in bytes.
    pub offset: Option<u64>,
    /// How many blocks the blob has now, of at most 50,000.
    pub committed_block_count: Option<u64>,
    /// The CRC64 of the content as it arrived.
    pub content_crc64: Option<Crc64>,
    /// The MD5 of the content as it arrived.
    pub content_md5: Option<Md5>,
    /// The form that the content was taken out of, where it was sent [in segments](AppendBlock::in_segments).
    pub structured_body: Option<String>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl AppendBlock {
    /// Appends `body`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, body: impl Into<Body>) -> Self {
        Self {
            container,
            blob,
            body: body.into(),
            checksum: None,
            in_segments: false,
            append: AppendConditions::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

/// Content whose place is named is there once, however often it is sent.
const AT_A_POSITION: OperationInfo = OperationInfo::blob("AppendBlock", OperationKind::Write);

impl Operation for AppendBlock {
    type Output = BlockAppended;
    const INFO: OperationInfo = AT_A_POSITION.sent_once();

    fn info(&self) -> OperationInfo {
        match self.append.position {
            Some(_) => AT_A_POSITION,
            None => Self::INFO,
        }
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let length = self.body.content_length();
        if !(1..=limits::APPEND_BLOCK_BYTES).contains(&length) {
            let message = format!("an append holds 1 byte to 100 MiB, not {length} bytes");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "appendblock")
            .build()?;
        let check = Check::of(self.checksum).in_segments(self.in_segments)?;
        let mut request = content::<Self>(uri, &self.body, check)?;
        request.extensions_mut().insert(self.info());
        let headers = request.headers_mut();
        self.append.apply(headers);
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlockAppended, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        BlockAppended::read(&answer)
    }
}

impl BlockAppended {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            offset: answer.parsed(&header::BLOB_APPEND_OFFSET),
            committed_block_count: answer.parsed(&header::BLOB_COMMITTED_BLOCK_COUNT),
            content_crc64: answer.parsed(&header::CONTENT_CRC64),
            content_md5: answer.parsed(&header::CONTENT_MD5),
            structured_body: answer.string(&header::STRUCTURED_BODY),
            encryption: EncryptedWith::written(answer),
        })
    }
}
