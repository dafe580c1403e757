//! Deciding on append blobs: adding a block, and sealing.

use std::sync::Arc;

use lazuli_protocol::{ErrorCode, limits};

use super::overwrite::check_mutable;
use crate::content::ContentHandle;
use crate::state::{
    Access, Blob, BlobPath, Content, Denied, Edit, Encryption, Pieces, Record, State, Tag, Timestamp,
};

/// Where a block may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppendAt {
    /// How long the blob must be before, in bytes.
    pub(crate) position: Option<u64>,
    /// How long the blob may be after, in bytes.
    pub(crate) max_size: Option<u64>,
}

/// A block that was added.
#[derive(Clone, Debug)]
pub(crate) struct Appended {
    pub(crate) tag: Tag,
    pub(crate) modified: Timestamp,
    /// Where the block begins, in bytes.
    pub(crate) offset: u64,
    /// How many blocks there are now.
    pub(crate) count: usize,
    pub(crate) encryption: Encryption,
}

impl State {
    /// Append Block.
    pub(crate) fn append_block(
        &self,
        now: Timestamp,
        at: BlobPath,
        content: ContentHandle,
        place: AppendAt,
        encryption: &Encryption,
        access: &Access,
    ) -> Result<(Record, Appended), Denied> {
        // As recorded, even where no blob is.
        self.check_scope(&at.container, encryption)?;
        // The blob itself is not handed out: whoever holds a share in it makes the change copy its list of pieces.
        let blob = self.blob(now, &at)?;
        let slot = self.slot(&at)?;
        access.check_write(now, slot, blob)?;
        check_mutable(now, blob)?;
        let pieces = appendable(blob)?;
        self.check_shown(&at.container, blob, encryption)?;
        place.check(blob.len, content.len())?;
        let count = pieces.count().saturating_add(1);
        if u64::try_from(count).is_ok_and(|count| count > limits::APPEND_BLOCKS) {
            return Err(ErrorCode::BlockCountExceedsLimit.into());
        }
        let appended = Appended {
            tag: self.last_tag.next(now),
            modified: now,
            offset: blob.len,
            count,
            encryption: blob.encryption.clone(),
        };
        let mut edits = self.before_bytes_change(now, &at, slot, blob);
        edits.push(Edit::Append {
            content,
            tag: appended.tag,
            modified: appended.modified,
        });
        Ok((Record::Edit { at, edits }, appended))
    }

    /// Seal Append Blob. One that is sealed already can be sealed again.
    pub(crate) fn seal_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        place: AppendAt,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        self.set_blob(now, at, access, |blob| {
            let Content::Append { sealed, .. } = &mut blob.content else {
                return Err(ErrorCode::InvalidBlobType.into());
            };
            place.check(blob.len, 0)?;
            *sealed = true;
            Ok(())
        })
    }
}

impl AppendAt {
    fn check(&self, len: u64, more: u64) -> Result<(), Denied> {
        if self.position.is_some_and(|position| position != len) {
            return Err(ErrorCode::AppendPositionConditionNotMet.into());
        }
        if self.max_size.is_some_and(|max| len.saturating_add(more) > max) {
            return Err(ErrorCode::MaxBlobSizeConditionNotMet.into());
        }
        Ok(())
    }
}

/// The pieces of a blob that takes more of them.
fn appendable(blob: &Blob) -> Result<&Pieces, Denied> {
    match &blob.content {
        Content::Append { sealed: true, .. } => Err(ErrorCode::BlobIsSealed.into()),
        Content::Append { pieces, .. } => Ok(pieces),
        _ => Err(ErrorCode::InvalidBlobType.into()),
    }
}
