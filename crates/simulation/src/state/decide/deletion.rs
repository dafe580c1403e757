//! Deciding on deletes: of a blob, of a snapshot, of a version.

use lazuli_protocol::ErrorCode;

use super::overwrite::check_mutable;
use crate::state::{Access, Blob, BlobPath, Denied, Edit, Record, Staged, State, StateId, Timestamp, Which};

/// What a delete does with the blob's snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Snapshots {
    Include,
    Only,
}

/// What is to be deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delete {
    pub(crate) which: Which,
    pub(crate) snapshots: Option<Snapshots>,
    /// For good, of something that was deleted and is still kept.
    pub(crate) permanent: bool,
    /// Since when its tier must have changed, and since when it must not, in seconds since 1970.
    pub(crate) tier_modified: Option<i64>,
    pub(crate) tier_unmodified: Option<i64>,
}

impl Delete {
    /// Whether blocks that wait are deleted where there is no blob.
    fn is_of_blocks(&self, staged: Option<&Staged>) -> bool {
        staged.is_some() && self.which == Which::Current && self.snapshots != Some(Snapshots::Only)
    }

    /// A tier that nobody set has been the blob's since it was made.
    fn check_tier(&self, now: Timestamp, blob: &Blob) -> Result<(), Denied> {
        let changed = blob.tier(now).map_or(blob.created, |tier| tier.changed).seconds();
        let met = self.tier_modified.is_none_or(|since| changed > since)
            && self.tier_unmodified.is_none_or(|since| changed <= since);
        if met {
            Ok(())
        } else {
            Err(ErrorCode::ConditionNotMet.into())
        }
    }
}

impl State {
    /// Delete Blob. Tells whether anything is left that can be undeleted.
    pub(crate) fn delete_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        delete: Delete,
        access: &Access,
    ) -> Result<(Record, bool), Denied> {
        let id = match delete.which {
            Which::Current => None,
            Which::Snapshot(at) => Some(StateId::Snapshot(at)),
            Which::Version(at) => Some(StateId::Version(at)),
        };
        if delete.permanent {
            // What is not deleted yet cannot be deleted for good, and the current blob never is.
            let id = id.ok_or(ErrorCode::InvalidQueryParameterValue)?;
            return self.delete_for_good(now, at, id, delete, access);
        }
        let slot = self.slot(&at)?;
        let found = match self.find(now, &at, delete.which) {
            Err(Denied::Because(ErrorCode::BlobNotFound)) if delete.is_of_blocks(self.staged(&at, now)?) => {
                return self.delete_staged(now, at, access);
            }
            found => found?,
        };
        delete.check_tier(now, &found.blob)?;
        let edits = match found.id {
            Some(id) => {
                if delete.snapshots.is_some() {
                    return Err(ErrorCode::InvalidQueryParameterValue.into());
                }
                access
                    .conditions
                    .check_write(found.blob.tag, found.blob.modified)?;
                access.check_tags(Some(&found.blob))?;
                vec![self.delete_kept(now, &at, id, &found)?]
            }
            // The current version goes as the blob goes, but nothing becomes of it.
            None if delete.which != Which::Current => {
                return Err(ErrorCode::OperationNotAllowedOnRootBlob.into());
            }
            None => {
                access.check_write(now, slot, &found.blob)?;
                let ids: Vec<Timestamp> = slot.iter().flat_map(|slot| slot.snapshots(now)).collect();
                if delete.snapshots.is_none() && !ids.is_empty() {
                    return Err(ErrorCode::SnapshotsPresent.into());
                }
                let mut edits = Vec::new();
                for snapshot in ids {
                    let found = self.find(now, &at, Which::Snapshot(snapshot))?;
                    edits.push(self.delete_kept(now, &at, StateId::Snapshot(snapshot), &found)?);
                }
                if delete.snapshots != Some(Snapshots::Only) {
                    edits.extend(self.delete_current(now, &at)?);
                }
                edits
            }
        };
        let kept = edits
            .iter()
            .any(|edit| matches!(edit, Edit::Keep { .. } | Edit::Mark { .. }));
        Ok((Record::Edit { at, edits }, kept))
    }

    /// Undelete Blob: all of a blob that was deleted and is still kept.
    pub(crate) fn undelete_blob(&self, now: Timestamp, at: BlobPath) -> Result<Record, Denied> {
        let slot = self.slot(&at)?.ok_or(ErrorCode::BlobNotFound)?;
        let mut edits = Vec::new();
        for (id, kept) in slot.kept(now) {
            match id {
                StateId::Deleted if slot.current(now).is_none() => edits.push(Edit::Restore { id }),
                StateId::Deleted => {}
                _ if !kept.is_readable() => edits.push(Edit::Mark { id, deletion: None }),
                _ => {}
            }
        }
        // Of a blob that nothing was deleted of there is nothing to do, and that is no error.
        if edits.is_empty() && slot.current(now).is_none() && slot.kept(now).next().is_none() {
            return Err(ErrorCode::BlobNotFound.into());
        }
        Ok(Record::Edit { at, edits })
    }

    /// Deletes what stands under a name of which only blocks were put, as recorded. Nothing of it is kept, though the answer sounds like it
    /// where the account keeps what is deleted.
    fn delete_staged(&self, now: Timestamp, at: BlobPath, access: &Access) -> Result<(Record, bool), Denied> {
        access.check_create(now, self.slot(&at)?)?;
        let keeps = self.options(&at.container.account).versioning || self.blob_deletion(now, &at).is_some();
        Ok((Record::edit(at, Edit::DropStaged), keeps))
    }

    fn delete_for_good(
        &self,
        now: Timestamp,
        at: BlobPath,
        id: StateId,
        delete: Delete,
        access: &Access,
    ) -> Result<(Record, bool), Denied> {
        if delete.snapshots.is_some() {
            return Err(ErrorCode::InvalidQueryParameterValue.into());
        }
        let allowed = self
            .account(&at.container.account)
            .is_some_and(|account| account.allows_permanent_delete());
        // As recorded, even of what is not there.
        if !allowed {
            return Err(ErrorCode::PermanentDeleteIsOff.into());
        }
        let slot = self.slot(&at)?.ok_or(ErrorCode::BlobNotFound)?;
        let kept = slot.kept_as(now, id).ok_or(ErrorCode::BlobNotFound)?;
        // What was not deleted yet is deleted as anything else; for good goes only what was.
        if kept.is_readable() {
            return Err(ErrorCode::PermanentDeleteIsOff.into());
        }
        delete.check_tier(now, &kept.blob)?;
        access.conditions.check_write(kept.blob.tag, kept.blob.modified)?;
        access.check_tags(Some(&kept.blob))?;
        check_mutable(now, &kept.blob)?;
        Ok((Record::edit(at, Edit::Forget { id }), false))
    }
}
