//! The tree of accounts, containers and blobs, and how a record changes it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::ErrorCode;

use super::{
    Blob, BlobPath, Container, ContainerPath, Denied, Garbage, Record, Slot, Staged, Tag, Timestamp,
};

/// Blocks that are not committed are dropped this long after the last of them was put.
const STAGED_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Everything that the simulation remembers.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(super) accounts: HashMap<Arc<str>, BTreeMap<Arc<str>, Container>>,
    pub(super) last_tag: Tag,
}

impl Default for State {
    fn default() -> Self {
        Self {
            accounts: HashMap::new(),
            last_tag: Tag::ZERO,
        }
    }
}

impl State {
    /// A container that is there.
    pub(crate) fn container(&self, at: &ContainerPath) -> Result<&Container, Denied> {
        let container = self
            .accounts
            .get(&at.account)
            .and_then(|containers| containers.get(&at.container));
        container.ok_or_else(|| ErrorCode::ContainerNotFound.into())
    }

    /// A blob that is there and committed.
    pub(crate) fn blob(&self, at: &BlobPath) -> Result<&Arc<Blob>, Denied> {
        let slot = self.slot(at)?;
        slot.and_then(|slot| slot.committed.as_ref())
            .ok_or_else(|| ErrorCode::BlobNotFound.into())
    }

    /// What stands under a name of a container that is there.
    pub(super) fn slot(&self, at: &BlobPath) -> Result<Option<&Slot>, Denied> {
        Ok(self.container(&at.container)?.blobs.get(&at.blob))
    }

    /// The blocks that wait under a name and have not run out.
    pub(super) fn staged(&self, at: &BlobPath, now: Timestamp) -> Result<Option<&Staged>, Denied> {
        let staged = self.slot(at)?.and_then(|slot| slot.staged.as_deref());
        Ok(staged.filter(|staged| staged.is_alive(now)))
    }

    /// Makes a change. What went out of use is handed back, to be dropped where nobody waits.
    pub(crate) fn apply(&mut self, record: Record) -> Garbage {
        match record {
            Record::PutContainer { at, properties } => {
                self.saw(properties.tag);
                let containers = self.accounts.entry(at.account).or_default();
                match containers.entry(at.container) {
                    Entry::Occupied(mut entry) => entry.get_mut().properties = properties,
                    Entry::Vacant(entry) => {
                        entry.insert(Container {
                            properties,
                            blobs: BTreeMap::new(),
                        });
                    }
                }
                Garbage::Nothing
            }
            Record::DeleteContainer { at } => {
                let containers = self.accounts.get_mut(&at.account);
                let gone = containers.and_then(|containers| containers.remove(&at.container));
                gone.map_or(Garbage::Nothing, |gone| Garbage::Container(Box::new(gone)))
            }
            Record::PutBlob { at, blob } => {
                self.saw(blob.tag);
                self.change(&at, |slot| {
                    let new = Slot {
                        committed: Some(blob),
                        staged: None,
                    };
                    Garbage::Slot(std::mem::replace(slot, new))
                })
            }
            Record::SetBlob { at, blob } => {
                self.saw(blob.tag);
                self.change(&at, |slot| match &mut slot.committed {
                    Some(old) => {
                        let new = Arc::new(Blob {
                            len: old.len,
                            pieces: old.pieces.clone(),
                            ..(*blob).clone()
                        });
                        Garbage::Blob(std::mem::replace(old, new))
                    }
                    None => Garbage::Nothing,
                })
            }
            Record::StageBlock {
                at,
                id,
                content,
                now,
                alone,
            } => self.change(&at, |slot| {
                let gone = alone.then(|| slot.staged.take()).flatten();
                let staged = slot.staged.get_or_insert_with(|| Box::new(Staged::new(now)));
                staged.last_put = now;
                let replaced = staged.blocks.insert(id, content);
                match (gone, replaced) {
                    (None, None) => Garbage::Nothing,
                    (None, Some(content)) => Garbage::Content(content),
                    (staged, _) => Garbage::Slot(Slot {
                        committed: None,
                        staged,
                    }),
                }
            }),
            Record::DeleteBlob { at } => self.remove(&at),
            Record::DropStaged { at } => {
                let mut empty = false;
                let garbage = self.change(&at, |slot| {
                    let staged = slot.staged.take();
                    empty = slot.committed.is_none();
                    Garbage::Slot(Slot {
                        committed: None,
                        staged,
                    })
                });
                if empty {
                    self.remove(&at);
                }
                garbage
            }
            Record::LastTag { tag } => {
                self.saw(tag);
                Garbage::Nothing
            }
        }
    }

    /// The records that make this state from nothing, one by one.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record> {
        let containers = self.accounts.iter().flat_map(|(account, containers)| {
            containers.iter().flat_map(|(name, container)| {
                let path = ContainerPath {
                    account: account.clone(),
                    container: name.clone(),
                };
                let first = Record::PutContainer {
                    at: path.clone(),
                    properties: container.properties.clone(),
                };
                let blobs = container.blobs.iter().flat_map(move |(name, slot)| {
                    let at = BlobPath {
                        container: path.clone(),
                        blob: name.clone(),
                    };
                    slot_records(at, slot)
                });
                std::iter::once(first).chain(blobs)
            })
        });
        std::iter::once(Record::LastTag { tag: self.last_tag }).chain(containers)
    }

    /// Names whose waiting blocks have run out.
    pub(crate) fn expired(&self, now: Timestamp) -> Vec<BlobPath> {
        let mut expired = Vec::new();
        for (account, containers) in &self.accounts {
            for (container, kept) in containers {
                for (blob, slot) in &kept.blobs {
                    if slot.staged.as_ref().is_some_and(|staged| !staged.is_alive(now)) {
                        let container = ContainerPath {
                            account: account.clone(),
                            container: container.clone(),
                        };
                        expired.push(BlobPath {
                            container,
                            blob: blob.clone(),
                        });
                    }
                }
            }
        }
        expired
    }

    fn saw(&mut self, tag: Tag) {
        self.last_tag = self.last_tag.max(tag);
    }

    fn blobs(&mut self, at: &ContainerPath) -> Option<&mut BTreeMap<Arc<str>, Slot>> {
        let container = self.accounts.get_mut(&at.account)?.get_mut(&at.container)?;
        Some(&mut container.blobs)
    }

    fn change(&mut self, at: &BlobPath, change: impl FnOnce(&mut Slot) -> Garbage) -> Garbage {
        // A record of a container that is gone can only come from a damaged journal: there is nothing to change.
        let Some(blobs) = self.blobs(&at.container) else {
            return Garbage::Nothing;
        };
        // The name is kept, not made again, when it is there.
        match blobs.get_mut(&at.blob) {
            Some(slot) => change(slot),
            None => change(blobs.entry(at.blob.clone()).or_default()),
        }
    }

    fn remove(&mut self, at: &BlobPath) -> Garbage {
        let gone = self.blobs(&at.container).and_then(|blobs| blobs.remove(&at.blob));
        gone.map_or(Garbage::Nothing, Garbage::Slot)
    }
}

impl Staged {
    fn new(now: Timestamp) -> Self {
        Self {
            blocks: BTreeMap::new(),
            last_put: now,
        }
    }

    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        now.since(self.last_put) < STAGED_LIFE
    }
}

fn slot_records(at: BlobPath, slot: &Slot) -> impl Iterator<Item = Record> {
    let blob = slot
        .committed
        .clone()
        .map(|blob| Record::PutBlob { at: at.clone(), blob });
    let staged = slot.staged.iter().flat_map(move |staged| {
        let at = at.clone();
        staged.blocks.iter().map(move |(id, content)| Record::StageBlock {
            at: at.clone(),
            id: id.clone(),
            content: content.clone(),
            now: staged.last_put,
            alone: false,
        })
    });
    blob.into_iter().chain(staged)
}
