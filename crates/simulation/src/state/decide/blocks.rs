//! Deciding on blocks: putting one, committing a list of them, naming them.

use std::collections::HashMap;
use std::sync::Arc;

use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{ErrorCode, limits};

use super::NewBlob;
use super::encryption::check_same;
use crate::content::ContentHandle;
use crate::state::{
    Access, Blob, BlobPath, Content, Denied, Edit, Encryption, Piece, Pieces, Record, State, Timestamp, Which,
};

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
        encryption: Encryption,
        access: &Access,
    ) -> Result<(Record, Encryption), Denied> {
        let slot = self.slot(&at)?;
        access.check_name(now, slot)?;
        let encryption = self.encrypt(&at.container, encryption)?;
        let other_kind = slot
            .and_then(|slot| slot.current(now))
            .is_some_and(|blob| !matches!(blob.content, Content::Block(_)));
        if other_kind {
            return Err(ErrorCode::InvalidBlobType.into());
        }
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
        let stage = Edit::Stage {
            id,
            content,
            encryption: encryption.clone(),
            now,
            alone,
        };
        Ok((Record::edit(at, stage), encryption))
    }

    /// Put Block List.
    pub(crate) fn put_block_list(
        &self,
        now: Timestamp,
        at: BlobPath,
        mut commit: Commit,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let staged = self.staged(&at, now)?;
        let before = access.check_create(now, self.slot(&at)?)?;
        let kept = match before.map(|blob| &blob.content) {
            None => None,
            Some(Content::Block(pieces)) => Some(pieces),
            Some(_) => return Err(ErrorCode::InvalidBlobType.into()),
        };
        let committed: HashMap<&BlockId, &ContentHandle> = kept
            .into_iter()
            .flat_map(Pieces::iter)
            .filter_map(|piece| Some((piece.id.as_ref()?, &piece.content)))
            .collect();
        commit.blob.encryption = self.encrypt(&at.container, commit.blob.encryption)?;
        let archived = before.is_some_and(|blob| blob.is_archived(now));
        let kept_with = before.map(|blob| &blob.encryption);
        let find = |lookup, id: &BlockId| {
            let waiting = || {
                let staged = staged?;
                Some((staged.blocks.get(id)?, staged.encryption.get(id)))
            };
            let kept = || Some((*committed.get(id)?, kept_with));
            let found = match lookup {
                Lookup::Committed => kept().map(|found| (found, true)),
                Lookup::Uncommitted => waiting().map(|found| (found, false)),
                Lookup::Latest => waiting()
                    .map(|found| (found, false))
                    .or_else(|| kept().map(|found| (found, true))),
            };
            let (found, committed) = found.ok_or(ErrorCode::InvalidBlockList)?;
            // Bytes in the archive are out of reach, for another blob too.
            if committed && archived {
                return Err(ErrorCode::BlobArchived);
            }
            Ok(found)
        };
        let mut pieces = Vec::with_capacity(commit.blocks.len());
        for (lookup, id) in commit.blocks {
            let (content, encryption) = find(lookup, &id)?;
            check_same(
                encryption.unwrap_or(&Encryption::Account),
                &commit.blob.encryption,
            )?;
            pieces.push(Piece {
                content: content.clone(),
                id: Some(id),
            });
        }
        let pieces: Pieces = pieces.into_iter().collect();
        let len = pieces.bytes();
        let mut blob = self.build(now, &at, commit.blob, Content::Block(pieces), len);
        blob.created = self.made(now, &at);
        let blob = Arc::new(blob);
        Ok((self.put(now, at, &blob)?, blob))
    }

    /// Get Block List.
    pub(crate) fn block_names(
        &self,
        now: Timestamp,
        at: &BlobPath,
        which: Which,
        access: &Access,
    ) -> Result<BlockNames, Denied> {
        let found = match self.find(now, at, which) {
            Ok(found) => Some(found),
            Err(Denied::Because(ErrorCode::BlobNotFound)) => None,
            Err(denied) => return Err(denied),
        };
        let staged = match which {
            Which::Current => self.staged(at, now)?,
            _ => None,
        };
        if let Some(found) = &found {
            access.check_read(now, found)?;
        }
        let blob = found.map(|found| found.blob);
        if blob.is_none() && staged.is_none() {
            return Err(ErrorCode::BlobNotFound.into());
        }
        let pieces = match blob.as_ref().map(|blob| &blob.content) {
            None => None,
            Some(Content::Block(pieces)) => Some(pieces),
            Some(_) => return Err(ErrorCode::InvalidBlobType.into()),
        };
        let committed = pieces
            .into_iter()
            .flat_map(Pieces::iter)
            .filter_map(|piece| Some((piece.id.clone()?, piece.content.len())));
        let waiting = staged.into_iter().flat_map(|staged| staged.blocks.iter());
        let uncommitted = waiting.map(|(id, content)| (id.clone(), content.len()));
        Ok(BlockNames {
            committed: committed.collect(),
            uncommitted: uncommitted.collect(),
            blob,
        })
    }
}
