//! Get Block List: the blocks that a blob has.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::BlockList;
use lazuli_protocol::{
    Answer, BlobName, BlockListKind, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId,
    Operation, OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_lease};

// 50,000 committed and 100,000 uncommitted blocks, each about 140 bytes of XML.
const ANSWER_LIMIT: usize = 32 * 1024 * 1024;

/// Asks which blocks a blob has: [Get Block List](https://learn.microsoft.com/rest/api/storageservices/get-block-list).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetBlockList {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Which blocks to name.
    pub kind: BlockListKind,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's tags must meet these; other conditions are not taken.
    pub conditions: Conditions,
}

/// The blocks of a blob.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlobBlocks {
    /// The blocks.
    pub blocks: BlockList,
    /// The identity of the blob's state; `None` while nothing is committed.
    pub etag: Option<Etag>,
    /// When the blob last changed; `None` while nothing is committed.
    pub last_modified: Option<OffsetDateTime>,
    /// The size of the committed blob, in bytes.
    pub content_length: Option<u64>,
}

impl GetBlockList {
    /// Asks for the blocks of `kind`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, kind: BlockListKind) -> Self {
        Self {
            container,
            blob,
            kind,
            snapshot: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for GetBlockList {
    type Output = BlobBlocks;
    const INFO: OperationInfo = OperationInfo::blob("GetBlockList", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri
            .query("comp", "blocklist")
            .query("blocklisttype", self.kind.as_str())
            .query_if("snapshot", self.snapshot.as_deref())
            .build()?;
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        set_lease(request.headers_mut(), self.lease_id)?;
        self.conditions.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobBlocks, Error> {
        let (answer, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(BlobBlocks {
            blocks: BlockList::parse(&body.collect(ANSWER_LIMIT).await?)?,
            etag: answer.etag().ok(),
            last_modified: answer.last_modified().ok(),
            content_length: answer.parsed(&header::BLOB_CONTENT_LENGTH),
        })
    }
}
