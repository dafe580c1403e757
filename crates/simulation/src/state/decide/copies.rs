//! Deciding on copies: of whole blobs, of the next snapshot of a page blob, and putting an end to one that is under way.

use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::{AccessTier, CopyStatus, ErrorCode, RehydratePriority, percent_decode};
use uuid::Uuid;

use super::NewBlob;
use super::notes::check_tier;
use super::overwrite::check_mutable;
use crate::state::{
    Access, Blob, BlobPath, Content, CopyReport, Denied, Edit, Lease, Leased, Record, Rehydration, State,
    StateId, Timestamp,
};

/// A blob to be made from another: everything but its bytes.
#[derive(Clone, Debug)]
pub(crate) struct NewCopy {
    pub(crate) blob: NewBlob,
    pub(crate) id: Uuid,
    /// The URL of the source, without its signature.
    pub(crate) source: String,
    /// Where the source is that must not change while the copy is under way: the current blob of another name.
    pub(crate) from: Option<BlobPath>,
    /// How urgently an archived source is to be brought out of the archive.
    pub(crate) priority: RehydratePriority,
    /// Whether an append blob is sealed; as its source is when `None`.
    pub(crate) seal: Option<bool>,
}

/// The next snapshot of a page blob, to be copied to where the earlier ones went.
#[derive(Clone, Debug)]
pub(crate) struct IncrementalCopy {
    pub(crate) id: Uuid,
    /// The URL of the snapshot, without its signature.
    pub(crate) source: String,
}

impl State {
    /// Copy Blob, and with no time to take also Copy Blob From URL.
    pub(crate) fn copy_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        source: &Blob,
        mut copy: NewCopy,
        time: Duration,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let before = access.check_target(now, self.slot(&at)?)?;
        if before.is_some_and(|blob| blob.content.kind() != source.content.kind()) {
            return Err(ErrorCode::InvalidBlobType.into());
        }
        if let Some(tier) = &copy.blob.tier {
            let anew = Blob {
                tier: None,
                ..source.clone()
            };
            check_tier(&anew, tier)?;
        }
        let rehydration = self.rehydration(now, &at, source, &mut copy)?;
        copy.blob.encryption = self.encrypt(&at.container, copy.blob.encryption)?;
        let mut content = source.content.clone();
        if let (Content::Append { sealed, .. }, Some(seal)) = (&mut content, copy.seal) {
            *sealed = seal;
        }
        let mut blob = self.build(now, &at, copy.blob, content, source.len);
        blob.rehydration = rehydration;
        let mut told = report(&mut blob, copy.id, copy.source, now, time);
        let from = copy.from.filter(|from| told.due.is_some() && *from != at);
        told.from = from.map(|from| (from, source.tag));
        blob.copy = Some(Arc::new(told));
        let blob = Arc::new(blob);
        Ok((self.put(now, at, &blob)?, blob))
    }

    /// The way of a copy out of the archive that its source is in. The copy begins there.
    fn rehydration(
        &self,
        now: Timestamp,
        at: &BlobPath,
        source: &Blob,
        copy: &mut NewCopy,
    ) -> Result<Option<Box<Rehydration>>, Denied> {
        if !source.is_archived(now) {
            return Ok(None);
        }
        if source.rehydration(now).is_some() {
            return Err(ErrorCode::BlobBeingRehydrated.into());
        }
        let Some(to) = copy.blob.tier.replace(AccessTier::Archive) else {
            return Err(ErrorCode::BlobArchived.into());
        };
        if to == AccessTier::Archive {
            return Ok(None);
        }
        let options = self.options(&at.container.account);
        let time = match copy.priority {
            RehydratePriority::High => options.high_rehydration,
            _ => options.standard_rehydration,
        };
        Ok(Some(Box::new(Rehydration {
            to,
            priority: copy.priority.clone(),
            done: now.after(time),
        })))
    }

    /// Incremental Copy Blob. Each makes a snapshot of the blob that it goes to, and that blob itself is not for reading.
    pub(crate) fn copy_incrementally(
        &self,
        now: Timestamp,
        at: BlobPath,
        source: &Blob,
        copy: IncrementalCopy,
        time: Duration,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        source.pages()?;
        let slot = self.slot(&at)?;
        let before = access.check_create(now, slot)?;
        let mut edits = Vec::new();
        if let Some(before) = before {
            check_follows(before, &copy.source)?;
            if self.options(&at.container.account).versioning {
                edits = self.before_overwrite(now, &at)?;
            } else {
                check_mutable(now, before)?;
                edits.extend(slot.and_then(|slot| slot.end_of_lease(now)));
            }
        } else if let Some(slot) = slot {
            edits.extend(slot.before_deleted_is_replaced(now));
            edits.extend(slot.end_of_lease(now));
        }
        let new = NewBlob {
            headers: source.headers.clone(),
            metadata: source.metadata.clone(),
            encryption: self.encrypt(&at.container, NewBlob::default().encryption)?,
            ..NewBlob::default()
        };
        let snapshot = self.next_id(now, &at);
        let mut blob = self.build(now, &at, new, source.content.clone(), source.len);
        // Its snapshots can be compared as those of one blob.
        blob.created = before.map_or(now, |before| before.created);
        let mut told = report(&mut blob, copy.id, copy.source, now, time);
        told.incremental = true;
        told.destination_snapshot = Some(snapshot);
        // Even one that is done at once says that it is not, until somebody looks.
        told.status = CopyStatus::Pending;
        told.due = told.due.or(Some(now));
        blob.copy = Some(Arc::new(told));
        let blob = Arc::new(blob);
        edits.push(Edit::Put(blob.clone()));
        edits.push(Edit::Keep {
            id: StateId::Snapshot(snapshot),
            deletion: None,
        });
        Ok((Record::Edit { at, edits }, blob))
    }

    /// Abort Copy Blob.
    pub(crate) fn abort_copy(
        &self,
        now: Timestamp,
        at: BlobPath,
        id: Uuid,
        access: &Access,
    ) -> Result<(Record, ()), Denied> {
        let blob = self.blob(now, &at)?;
        let lease = self.slot(&at)?.and_then(|slot| slot.lease.as_deref());
        Lease::check_write(lease, now, access.lease, Leased::Blob)?;
        let copy = blob.copy.as_deref().filter(|copy| copy.is_pending(now));
        let copy = copy.ok_or(ErrorCode::NoPendingCopyOperation)?;
        if Uuid::try_parse(&copy.id) != Ok(id) {
            return Err(ErrorCode::CopyIdMismatch.into());
        }
        let aborted = self.copy_ended(now, blob, copy, CopyStatus::Aborted, None);
        let mut edits = vec![Edit::Put(aborted)];
        edits.extend(copy.destination_snapshot.map(|snapshot| Edit::Forget {
            id: StateId::Snapshot(snapshot),
        }));
        Ok((Record::Edit { at, edits }, ()))
    }
}

/// What is told of a copy that begins now. One that takes its time makes the blob another when it is done, and so gives it two tags.
fn report(blob: &mut Blob, id: Uuid, source: String, now: Timestamp, time: Duration) -> CopyReport {
    let takes_time = !time.is_zero();
    if takes_time {
        blob.tag = blob.tag.following();
    }
    CopyReport {
        id: id.to_string().into(),
        source: source.into(),
        status: if takes_time {
            CopyStatus::Pending
        } else {
            CopyStatus::Success
        },
        description: None,
        bytes_done: if takes_time { 0 } else { blob.len },
        bytes_total: blob.len,
        completed: (!takes_time).then_some(now),
        due: takes_time.then(|| now.after(time)),
        incremental: false,
        destination_snapshot: None,
        from: None,
    }
}

/// Whether a snapshot may be copied to where this blob is: it has to be of the same blob as the one that was copied last, and later.
fn check_follows(before: &Blob, source: &str) -> Result<(), Denied> {
    let last = before.copy.as_deref().filter(|copy| copy.incremental);
    let last = last.ok_or(ErrorCode::IncrementalCopyBlobMismatch)?;
    let base = |url: &str| url.split('?').next().unwrap_or_default().to_owned();
    if base(&last.source) != base(source) {
        return Err(ErrorCode::IncrementalCopyBlobMismatch.into());
    }
    // A copy that was put an end to can be made again.
    let aborted = last.status == CopyStatus::Aborted;
    match (snapshot_of(&last.source), snapshot_of(source)) {
        (Some(last), Some(next)) if next < last || (next == last && !aborted) => {
            Err(ErrorCode::IncrementalCopyOfEarlierSnapshotNotAllowed.into())
        }
        _ => Ok(()),
    }
}

/// The snapshot that a URL names.
fn snapshot_of(url: &str) -> Option<Timestamp> {
    let (_, query) = url.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("snapshot="))?;
    Timestamp::from_iso8601(&percent_decode(value)?)
}
