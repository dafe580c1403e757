//! Deciding on page blobs: writing pages, clearing them, comparing them with a snapshot.

use std::ops::Range;

use lazuli_protocol::ErrorCode;

use super::overwrite::check_mutable;
use crate::content::ContentHandle;
use crate::state::{
    Access, Blob, BlobPath, Content, Denied, Edit, Encryption, Found, Pages, Record, State, Tag, Timestamp,
    Which,
};

/// What a blob's sequence number has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SequenceConditions {
    pub(crate) at_most: Option<u64>,
    pub(crate) less_than: Option<u64>,
    pub(crate) equal: Option<u64>,
}

impl SequenceConditions {
    fn check(&self, sequence: u64) -> Result<(), Denied> {
        let met = self.at_most.is_none_or(|most| sequence <= most)
            && self.less_than.is_none_or(|bound| sequence < bound)
            && self.equal.is_none_or(|equal| sequence == equal);
        if met {
            Ok(())
        } else {
            Err(ErrorCode::SequenceNumberConditionNotMet.into())
        }
    }
}

/// Pages to be written, or to be cleared when there is no content.
#[derive(Clone, Debug)]
pub(crate) struct PageWrite {
    /// The bytes: whole pages.
    pub(crate) range: Range<u64>,
    pub(crate) content: Option<ContentHandle>,
    pub(crate) sequence: SequenceConditions,
}

/// A page blob that was written to.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) tag: Tag,
    pub(crate) modified: Timestamp,
    pub(crate) sequence: u64,
    pub(crate) encryption: Encryption,
}

impl State {
    /// Put Page.
    pub(crate) fn put_pages(
        &self,
        now: Timestamp,
        at: BlobPath,
        write: PageWrite,
        encryption: &Encryption,
        access: &Access,
    ) -> Result<(Record, Written), Denied> {
        // As with Append Block, a scope is looked at first, and no share in the blob is handed out.
        self.check_scope(&at.container, encryption)?;
        let blob = self.blob(now, &at)?;
        let slot = self.slot(&at)?;
        access.check_write(now, slot, blob)?;
        check_mutable(now, blob)?;
        let (_, sequence) = blob.pages()?;
        if blob.is_incremental() {
            return Err(ErrorCode::OperationNotAllowedOnIncrementalCopyBlob.into());
        }
        self.check_shown(&at.container, blob, encryption)?;
        write.sequence.check(sequence)?;
        let PageWrite { range, content, .. } = write;
        if range.end > blob.len {
            return Err(ErrorCode::InvalidPageRange.into());
        }
        let written = Written {
            tag: self.last_tag.next(now),
            modified: now,
            sequence,
            encryption: blob.encryption.clone(),
        };
        let mut edits = self.before_bytes_change(now, &at, slot, blob);
        edits.push(Edit::Write {
            start: range.start,
            len: range.end.saturating_sub(range.start),
            content,
            tag: written.tag,
            modified: written.modified,
        });
        Ok((Record::Edit { at, edits }, written))
    }

    /// What Get Page Ranges looks at: a state of a page blob, and an earlier snapshot to compare it with.
    pub(crate) fn page_blobs(
        &self,
        now: Timestamp,
        at: &BlobPath,
        which: Which,
        before: Option<Timestamp>,
        access: &Access,
    ) -> Result<(Found, Option<Found>), Denied> {
        let found = self.find(now, at, which)?;
        access.check_read(now, &found)?;
        found.blob.pages()?;
        let Some(before) = before else {
            return Ok((found, None));
        };
        if matches!(which, Which::Snapshot(at) if before > at) {
            return Err(ErrorCode::PreviousSnapshotCannotBeNewer.into());
        }
        let before = self
            .find(now, at, Which::Snapshot(before))
            .map_err(|_| ErrorCode::PreviousSnapshotNotFound)?;
        // A blob that was made anew since has nothing in common with what it was.
        if before.blob.created != found.blob.created {
            return Err(ErrorCode::BlobOverwritten.into());
        }
        Ok((found, Some(before)))
    }
}

impl Blob {
    /// The pages of a page blob, and its sequence number.
    pub(crate) fn pages(&self) -> Result<(&Pages, u64), Denied> {
        match &self.content {
            Content::Page { pages, sequence } => Ok((pages, *sequence)),
            _ => Err(ErrorCode::InvalidBlobType.into()),
        }
    }
}
