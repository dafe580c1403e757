//! Deciding on snapshots.

use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::{ErrorCode, Metadata};

use crate::state::{
    Access, Blob, BlobPath, Denied, Edit, Encryption, Lease, Leased, Record, State, StateId, Timestamp,
};

/// How long after the snapshot the version is dated that goes with it, as recorded from the service.
const VERSION_AFTER: Duration = Duration::from_millis(1);

/// A snapshot that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) id: Timestamp,
    pub(crate) blob: Arc<Blob>,
    /// The version that the blob is from now on, where the account keeps versions.
    pub(crate) version: Option<Timestamp>,
}

impl State {
    /// Snapshot Blob. The blob itself keeps its tag; a snapshot with metadata of its own has a tag of its own, too.
    pub(crate) fn snapshot_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        metadata: Option<Metadata>,
        encryption: &Encryption,
        access: &Access,
    ) -> Result<(Record, Snapshot), Denied> {
        let current = self.blob(now, &at)?;
        let lease = self.slot(&at)?.and_then(|slot| slot.lease.as_deref());
        // A lease keeps nobody from taking a snapshot, but who shows one must hold it.
        Lease::check_read(lease, now, access.lease, Leased::Blob)?;
        access.conditions.check_write(current.tag, current.modified)?;
        access.check_tags(Some(current))?;
        self.check_shown(&at.container, current, encryption)?;
        if current.is_archived(now) {
            return Err(ErrorCode::BlobArchived.into());
        }
        if current.is_copying(now) {
            return Err(ErrorCode::PendingCopyOperation.into());
        }
        if current.is_incremental() {
            return Err(ErrorCode::OperationNotAllowedOnIncrementalCopyBlob.into());
        }
        let id = self.next_id(now, &at);
        let mut blob = current.clone();
        let mut edits = vec![Edit::Keep {
            id: StateId::Snapshot(id),
            deletion: None,
        }];
        if let Some(metadata) = metadata {
            blob = Arc::new(Blob {
                metadata,
                tag: self.last_tag.next(now),
                modified: now,
                ..(**current).clone()
            });
            edits.push(Edit::SetKept {
                id: StateId::Snapshot(id),
                blob: blob.clone(),
            });
        }
        let mut version = None;
        if self.options(&at.container.account).versioning {
            let next = id.after(VERSION_AFTER);
            version = Some(next);
            edits.push(super::overwrite::version(current));
            edits.push(Edit::Set(Arc::new(Blob {
                version,
                ..(**current).clone()
            })));
        }
        Ok((Record::Edit { at, edits }, Snapshot { id, blob, version }))
    }
}
