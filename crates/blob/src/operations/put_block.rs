//! Put Block: a piece of a block blob, kept apart until it is committed.

use http::{StatusCode, response};
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{
    Answer, BlobName, Body, Checksum, ContainerName, Crc64, Endpoint, Error, ErrorKind, LeaseId, Md5,
    Operation, OperationInfo, OperationKind, ResponseBody, header, limits,
};

use super::content::{Check, content};
use super::request::{set_encryption, set_lease};
use crate::{CustomerKey, EncryptedWith};

/// Puts a block: [Put Block](https://learn.microsoft.com/rest/api/storageservices/put-block). The blob need not exist. A block that
/// is not committed within a week is dropped.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutBlock {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The block's id. All ids of a blob must have the same length.
    pub id: BlockId,
    /// The content, 1 byte to 4,000 MiB.
    pub body: Body,
    /// What the content must arrive as. Without one, the CRC64 of a body in memory is sent.
    pub checksum: Option<Checksum>,
    /// Sends the content in segments with a CRC64 each: see [`PutBlob::in_segments`](super::PutBlob::in_segments).
    pub in_segments: bool,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
}

/// What the service answers to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockPut {
    /// The CRC64 of the block as it arrived.
    pub content_crc64: Option<Crc64>,
    /// The MD5 of the block as it arrived, when MD5 was sent.
    pub content_md5: Option<Md5>,
    /// The form that the content was taken out of, where it was sent [in segments](PutBlock::in_segments).
    pub structured_body: Option<String>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl PutBlock {
    /// Puts `body` as the block `id`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, id: BlockId, body: impl Into<Body>) -> Self {
        Self {
            container,
            blob,
            id,
            body: body.into(),
            checksum: None,
            in_segments: false,
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
        }
    }
}

impl Operation for PutBlock {
    type Output = BlockPut;
    const INFO: OperationInfo = OperationInfo::blob("PutBlock", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let length = self.body.content_length();
        if !(1..=limits::BLOCK_BYTES).contains(&length) {
            let message = format!("a block holds 1 byte to 4,000 MiB, not {length} bytes");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri
            .query("comp", "block")
            .query("blockid", &self.id.to_string())
            .build()?;
        let check = Check::of(self.checksum).in_segments(self.in_segments)?;
        let mut request = content::<Self>(uri, &self.body, check)?;
        let headers = request.headers_mut();
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlockPut, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        Ok(BlockPut::read(&answer))
    }
}

impl BlockPut {
    pub(super) fn read(answer: &Answer) -> Self {
        Self {
            content_crc64: answer.parsed(&header::CONTENT_CRC64),
            content_md5: answer.parsed(&header::CONTENT_MD5),
            structured_body: answer.string(&header::STRUCTURED_BODY),
            encryption: EncryptedWith::written(answer),
        }
    }
}
