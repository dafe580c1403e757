//! Deciding on blocks: putting one, committing a list of them, naming them.

use std::collections::HashMap;
use std::sync::Arc;

use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{ErrorCode, limits};

use super::{Blob, BlobPath, Conditions, Denied, NewBlob, Piece, Record, State, Timestamp};
use crate::content::ContentHandle;

/// Where a block of a list is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    Committed,
    Uncommitted,
    Latest,
}

/// A list of blocks to make a blob from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Commit {
    pub(crate) blocks: Vec<(Lookup, BlockId)>,
    pub(crate) blob: NewBlob,
}

/// The blocks of a blob, with their sizes in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockNames {
    /// The blob that the committed ones make up, if there is one.
    pub(crate) blob: Option<Arc<Blob>>,
    pub(crate) committed: Vec<(BlockId, u64)>,
    pub(crate) uncommitted: Vec<(BlockId, u64)>,
}

impl State {
    /// Put Block.
    pub(crate) fn put_block(
        &self,
        now: Timestamp,
        at: BlobPath,
        id: BlockId,
        content: ContentHandle,
    ) -> Result<Record, Denied> {
        let staged = self.staged(&at, now)?;
        if let Some(staged) = staged {
            let length = staged.blocks.keys().next().map(|other| other.as_bytes().len());
            if length.is_some_and(|length| length != id.as_bytes().len()) {
                return Err(ErrorCode::InvalidBlobOrBlock.into());
            }
            if staged.blocks.len() >= limits::UNCOMMITTED_BLOCKS && !staged.blocks.contains_key(&id) {
                return Err(ErrorCode::BlockCountExceedsLimit.into());
            }
        }
        let alone = staged.is_none();
        Ok(Record::StageBlock {
            at,
            id,
            content,
            now,
            alone,
        })
    }

    /// Put Block List.
    pub(crate) fn put_block_list(
        &self,
        now: Timestamp,
        at: BlobPath,
        commit: Commit,
        conditions: &Conditions,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let staged = self.staged(&at, now)?;
        let before = self.slot(&at)?.and_then(|slot| slot.committed.as_ref());
        conditions.check_create(before.map(|blob| (blob.tag, blob.modified)))?;
        let committed: HashMap<&BlockId, &ContentHandle> = before
            .into_iter()
            .flat_map(|blob| blob.pieces.iter())
            .filter_map(|piece| Some((piece.id.as_ref()?, &piece.content)))
            .collect();
        let find = |lookup, id: &BlockId| {
            let waiting = || staged.and_then(|staged| staged.blocks.get(id));
            let kept = || committed.get(id).copied();
            match lookup {
                Lookup::Committed => kept(),
                Lookup::Uncommitted => waiting(),
                Lookup::Latest => waiting().or_else(kept),
            }
        };
        let mut pieces = Vec::with_capacity(commit.blocks.len());
        for (lookup, id) in commit.blocks {
            let content = find(lookup, &id).ok_or(ErrorCode::InvalidBlockList)?.clone();
            pieces.push(Piece {
                id: Some(id),
                content,
            });
        }
        let blob = commit.blob.build(self, now, before, pieces);
        Ok((
            Record::PutBlob {
                at,
                blob: blob.clone(),
            },
            blob,
        ))
    }

    /// Get Block List.
    pub(crate) fn block_names(
        &self,
        now: Timestamp,
        at: &BlobPath,
        conditions: &Conditions,
    ) -> Result<BlockNames, Denied> {
        let blob = self.slot(at)?.and_then(|slot| slot.committed.clone());
        let staged = self.staged(at, now)?;
        if blob.is_none() && staged.is_none() {
            return Err(ErrorCode::BlobNotFound.into());
        }
        if let Some(blob) = &blob {
            conditions.check_read(blob.tag, blob.modified)?;
        }
        let pieces = blob.iter().flat_map(|blob| blob.pieces.iter());
        let committed = pieces.filter_map(|piece| Some((piece.id.clone()?, piece.content.len())));
        let waiting = staged.into_iter().flat_map(|staged| staged.blocks.iter());
        let uncommitted = waiting.map(|(id, content)| (id.clone(), content.len()));
        Ok(BlockNames {
            committed: committed.collect(),
            uncommitted: uncommitted.collect(),
            blob,
        })
    }
}
