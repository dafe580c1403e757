//! What stands under a blob's name: the blob, its past, its lease, blocks that wait.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::xml::BlockId;

use super::{Blob, Encryption, Lease, Timestamp};
use crate::content::ContentHandle;

/// Blocks that are not committed are dropped this long after the last of them was put.
const STAGED_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Blocks that were put and not yet committed.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    pub(crate) blocks: BTreeMap<BlockId, ContentHandle>,
    /// What blocks are encrypted with that are not with the account's own key.
    pub(crate) encryption: BTreeMap<BlockId, Encryption>,
    /// When the last of them was put: they are dropped a week later.
    pub(crate) last_put: Timestamp,
}

impl Staged {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            blocks: BTreeMap::new(),
            encryption: BTreeMap::new(),
            last_put: now,
        }
    }

    /// What a block is encrypted with.
    pub(crate) fn encryption(&self, id: &BlockId) -> Encryption {
        self.encryption.get(id).cloned().unwrap_or_default()
    }

    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        now.since(self.last_put) < STAGED_LIFE
    }
}

/// Which state of a blob is meant, besides the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum StateId {
    Snapshot(Timestamp),
    Version(Timestamp),
    /// The blob itself, as it was when it was deleted.
    Deleted,
}

/// When something was deleted that is still kept, and until when it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deletion {
    pub(crate) at: Timestamp,
    pub(crate) until: Timestamp,
}

impl Deletion {
    /// How many days it is kept yet.
    pub(crate) fn days_left(&self, now: Timestamp) -> u64 {
        self.until.since(now).as_secs() / (24 * 60 * 60)
    }
}

/// A state of a blob that is not, or no longer, the current one.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) blob: Arc<Blob>,
    pub(crate) deletion: Option<Deletion>,
}

impl Kept {
    /// Whether it is there still: what was deleted goes when its time has come.
    pub(crate) fn is_alive(&self, now: Timestamp) -> bool {
        self.deletion.is_none_or(|deletion| deletion.until > now)
    }

    /// Whether it can be read.
    pub(crate) fn is_readable(&self) -> bool {
        self.deletion.is_none()
    }
}

/// What stands under a blob's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot {
    pub(crate) committed: Option<Arc<Blob>>,
    pub(crate) staged: Option<Box<Staged>>,
    pub(crate) lease: Option<Box<Lease>>,
    /// Snapshots, versions and what was deleted, by what names them.
    #[expect(
        clippy::box_collection,
        reason = "most slots have none, and there are millions of them: a pointer takes a third of a map"
    )]
    pub(crate) kept: Option<Box<BTreeMap<StateId, Kept>>>,
}

impl Slot {
    /// Whether nothing stands here.
    pub(crate) fn is_empty(&self) -> bool {
        self.committed.is_none() && self.staged.is_none() && self.kept.is_none()
    }

    /// The current blob.
    pub(crate) fn current(&self, now: Timestamp) -> Option<&Arc<Blob>> {
        self.committed.as_ref().filter(|blob| !blob.has_expired(now))
    }

    /// The states that are kept and still there, in the order of their ids.
    pub(crate) fn kept(&self, now: Timestamp) -> impl Iterator<Item = (StateId, &Kept)> {
        let all = self.kept.iter().flat_map(|kept| kept.iter());
        all.map(|(id, kept)| (*id, kept))
            // What a copy makes is there when the copy is done.
            .filter(move |(_, kept)| kept.is_alive(now) && !kept.blob.is_copying(now))
    }

    /// What is kept under this id and still there.
    pub(crate) fn kept_as(&self, now: Timestamp, id: StateId) -> Option<&Kept> {
        let kept = self.kept.as_ref()?.get(&id)?;
        (kept.is_alive(now) && !kept.blob.is_copying(now)).then_some(kept)
    }

    /// The lease on the current blob. That of a blob which has gone by itself went with it.
    pub(crate) fn lease(&self, now: Timestamp) -> Option<&Lease> {
        self.lease.as_deref().filter(|_| self.current(now).is_some())
    }

    /// The snapshots that were not deleted.
    pub(crate) fn snapshots(&self, now: Timestamp) -> impl Iterator<Item = Timestamp> {
        self.kept(now).filter_map(|(id, kept)| match id {
            StateId::Snapshot(at) if kept.is_readable() => Some(at),
            _ => None,
        })
    }

    /// An id for a new state: the time, unless there is one of that time already.
    pub(crate) fn next_id(&self, now: Timestamp) -> Timestamp {
        let current = self.committed.as_ref().and_then(|blob| blob.version);
        // In the order of the ids all snapshots come before all versions.
        let versions = StateId::Version(Timestamp::from_ticks(i64::MIN));
        let last_before = |end| {
            let (id, _) = self.kept.as_ref()?.range(..end).next_back()?;
            match id {
                StateId::Snapshot(at) | StateId::Version(at) => Some(*at),
                StateId::Deleted => None,
            }
        };
        let last = [last_before(versions), last_before(StateId::Deleted), current]
            .into_iter()
            .flatten()
            .max();
        last.map_or(now, |last| now.max(last.next()))
    }

    pub(super) fn kept_mut(&mut self) -> &mut BTreeMap<StateId, Kept> {
        self.kept.get_or_insert_default()
    }

    /// Forgets the map of what is kept when there is nothing in it.
    pub(super) fn tidy(&mut self) {
        if self.kept.as_ref().is_some_and(|kept| kept.is_empty()) {
            self.kept = None;
        }
        if self.committed.is_none() {
            self.lease = None;
        }
    }
}
