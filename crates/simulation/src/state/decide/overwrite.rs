//! What becomes of a blob that is replaced or deleted: nothing, a version, or something that can be undeleted.

use std::sync::Arc;

use lazuli_protocol::ErrorCode;

use crate::state::{Blob, BlobPath, Deletion, Denied, Edit, Found, Slot, State, StateId, Timestamp};

impl State {
    /// The name of the version that a write makes; `None` where the account keeps no versions.
    pub(crate) fn new_version(&self, now: Timestamp, at: &BlobPath) -> Option<Timestamp> {
        let versioning = self.options(&at.container.account).versioning;
        versioning.then(|| self.next_id(now, at))
    }

    /// An id for a new state of a blob.
    pub(crate) fn next_id(&self, now: Timestamp, at: &BlobPath) -> Timestamp {
        match self.slot(at) {
            Ok(Some(slot)) => slot.next_id(now),
            _ => now,
        }
    }

    /// What becomes of a blob that is deleted now.
    pub(crate) fn blob_deletion(&self, now: Timestamp, at: &BlobPath) -> Option<Deletion> {
        self.account(&at.container.account)?.blob_deletion(now)
    }

    /// What has to be done before the current blob is replaced by another, so that what is to be kept of it is. Refuses what must not be
    /// replaced.
    pub(crate) fn before_overwrite(&self, now: Timestamp, at: &BlobPath) -> Result<Vec<Edit>, Denied> {
        let Some(slot) = self.slot(at)? else {
            return Ok(Vec::new());
        };
        let mut edits = Vec::new();
        if let Some(blob) = slot.current(now) {
            if self.keeps_as_version(at, blob) {
                edits.push(version(blob));
            } else {
                check_mutable(now, blob)?;
                if let Some(deletion) = self.blob_deletion(now, at) {
                    // Under a name of its own it comes back with the others when the blob is undeleted.
                    edits.push(Edit::Keep {
                        id: StateId::Snapshot(slot.next_id(now)),
                        deletion: Some(deletion),
                    });
                }
            }
        }
        edits.extend(slot.before_deleted_is_replaced(now));
        edits.extend(slot.end_of_lease(now));
        Ok(edits)
    }

    /// Whether a current blob goes on as a version when it is replaced or deleted. One that is a version does, even where the account
    /// keeps no versions any more.
    fn keeps_as_version(&self, at: &BlobPath, blob: &Blob) -> bool {
        blob.version.is_some() || self.options(&at.container.account).versioning
    }

    /// Keeps the version that a change in place would change, where the account keeps no versions any more: what comes of the change is
    /// none.
    pub(super) fn leave_version(&self, at: &BlobPath, blob: &Blob) -> Option<Edit> {
        let leaves = blob.version.is_some() && !self.options(&at.container.account).versioning;
        leaves.then(|| version(blob))
    }

    /// What has to be done before bytes of the current blob change in place.
    pub(super) fn before_bytes_change(
        &self,
        now: Timestamp,
        at: &BlobPath,
        slot: Option<&Slot>,
        blob: &Arc<Blob>,
    ) -> Vec<Edit> {
        let mut edits = Vec::new();
        if let Some(keep) = self.leave_version(at, blob) {
            let unnamed = Blob {
                version: None,
                ..(**blob).clone()
            };
            edits.extend([keep, Edit::Set(Arc::new(unnamed))]);
        }
        edits.extend(slot.and_then(|slot| slot.end_of_lease(now)));
        edits
    }

    /// What has to be done for the current blob to be deleted.
    pub(crate) fn delete_current(&self, now: Timestamp, at: &BlobPath) -> Result<Vec<Edit>, Denied> {
        let slot = self.slot(at)?.ok_or(ErrorCode::BlobNotFound)?;
        let blob = slot.current(now).ok_or(ErrorCode::BlobNotFound)?;
        check_mutable(now, blob)?;
        let mut edits = Vec::new();
        if self.keeps_as_version(at, blob) {
            edits.push(version(blob));
        } else if let Some(deletion) = self.blob_deletion(now, at) {
            edits.extend(slot.before_deleted_is_replaced(now));
            edits.push(Edit::Keep {
                id: StateId::Deleted,
                deletion: Some(deletion),
            });
        }
        edits.push(Edit::Remove);
        Ok(edits)
    }

    /// What has to be done for a kept state to be deleted: it is marked, or dropped where nothing deleted is kept.
    pub(crate) fn delete_kept(
        &self,
        now: Timestamp,
        at: &BlobPath,
        id: StateId,
        found: &Found,
    ) -> Result<Edit, Denied> {
        check_mutable(now, &found.blob)?;
        Ok(match self.blob_deletion(now, at) {
            Some(deletion) => Edit::Mark {
                id,
                deletion: Some(deletion),
            },
            None => Edit::Forget { id },
        })
    }
}

impl Slot {
    /// Whether all that stands here may be deleted.
    pub(super) fn check_mutable(&self, now: Timestamp) -> Result<(), Denied> {
        let kept = self.kept(now).map(|(_, kept)| &kept.blob);
        self.current(now)
            .into_iter()
            .chain(kept)
            .try_for_each(|blob| check_mutable(now, blob))
    }

    /// A blob that was deleted makes room for what is deleted after it.
    pub(super) fn before_deleted_is_replaced(&self, now: Timestamp) -> Option<Edit> {
        self.kept_as(now, StateId::Deleted).map(|_| Edit::Rename {
            from: StateId::Deleted,
            to: StateId::Snapshot(self.next_id(now).next()),
        })
    }

    /// A write without the lease's id, which is let in when the lease is over, ends it for good.
    pub(crate) fn end_of_lease(&self, now: Timestamp) -> Option<Edit> {
        let in_force = self.lease(now).is_some_and(|lease| lease.is_in_force(now));
        let over = self.lease.is_some() && !in_force;
        over.then_some(Edit::Lease(None))
    }
}

/// Keeps the current blob as a version. One that was made before the account kept versions is named by when it changed last.
pub(super) fn version(blob: &Blob) -> Edit {
    Edit::Keep {
        id: StateId::Version(blob.version.unwrap_or(blob.modified)),
        deletion: None,
    }
}

/// Whether a policy or a hold lets a blob be changed.
pub(crate) fn check_mutable(now: Timestamp, blob: &Blob) -> Result<(), Denied> {
    if blob.legal_hold {
        return Err(ErrorCode::BlobImmutableDueToLegalHold.into());
    }
    if blob.immutability.is_some_and(|policy| policy.until > now) {
        return Err(ErrorCode::BlobImmutableDueToPolicy.into());
    }
    Ok(())
}
