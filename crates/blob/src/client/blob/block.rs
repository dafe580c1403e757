//! Block blobs: blocks that are put one by one, and the list that makes a blob of them.

use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{BlockListKind, Body};

use super::BlobClient;
use crate::Call;
use crate::operations::{GetBlockList, PutBlock, PutBlockList};

impl BlobClient {
    /// Puts a block of 1 byte to 4,000 MiB, to be committed later
    /// ([Put Block](https://learn.microsoft.com/rest/api/storageservices/put-block)).
    pub fn put_block(&self, id: BlockId, body: impl Into<Body>) -> Call<PutBlock> {
        let body = body.into();
        self.call(|container, blob| PutBlock::new(container, blob, id, body))
    }

    /// Makes the blob of blocks
    /// ([Put Block List](https://learn.microsoft.com/rest/api/storageservices/put-block-list)).
    pub fn put_block_list(&self, blocks: BlockLookupList) -> Call<PutBlockList> {
        self.call(|container, blob| PutBlockList::new(container, blob, blocks))
    }

    /// Asks which blocks the blob has
    /// ([Get Block List](https://learn.microsoft.com/rest/api/storageservices/get-block-list)).
    pub fn block_list(&self, kind: BlockListKind) -> Call<GetBlockList> {
        self.call(|container, blob| GetBlockList::new(container, blob, kind))
    }
}
