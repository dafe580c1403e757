//! Put Block List: makes a blob of blocks.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::xml::BlockLookupList;
use lazuli_protocol::{
    AccessTier, Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, ErrorKind, Metadata,
    Operation, OperationInfo, OperationKind, ResponseBody, header, limits,
};

use super::BlobWritten;
use super::request::{checksum_of, request, set_checksum, set_if};
use crate::ContentHeaders;

/// Makes a blob of blocks that were put before: [Put Block List](https://learn.microsoft.com/rest/api/storageservices/put-block-list).
/// It resets headers, metadata and tier to what it carries.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutBlockList {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The blocks, at most 50,000, in the order of the blob's content.
    pub blocks: BlockLookupList,
    /// The headers to keep with the blob.
    pub headers: ContentHeaders,
    /// The pairs to keep with the blob.
    pub metadata: Metadata,
    /// The price class; the account's default when `None`.
    pub access_tier: Option<AccessTier>,
    /// The blob's old state must meet these.
    pub conditions: Conditions,
}

impl PutBlockList {
    /// Commits `blocks`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, blocks: BlockLookupList) -> Self {
        Self {
            container,
            blob,
            blocks,
            headers: ContentHeaders::default(),
            metadata: Metadata::new(),
            access_tier: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutBlockList {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutBlockList", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let count = self.blocks.0.len() as u64;
        if count > limits::COMMITTED_BLOCKS {
            let message = format!("a blob has at most 50,000 blocks, not {count}; use larger ones");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "blocklist")
            .build()?;
        let body = Body::from(self.blocks.to_xml());
        let checksum = checksum_of(&body, None);
        let mut request = request::<Self>(Method::PUT, uri, body);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
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
