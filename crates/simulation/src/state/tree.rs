//! The tree of accounts, containers and blobs, and how a record changes it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::BlobServiceProperties;

use super::system::{LOGS, untouched_logs};
use super::{
    Account, Blob, BlobPath, Container, ContainerPath, ContainerProperties, DeletedContainer, Denied, Edit,
    Garbage, Lease, Record, Slot, Staged, StateId, Tag, Timestamp,
};
use crate::AccountOptions;

/// Everything that the simulation remembers.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(super) accounts: HashMap<Arc<str>, Account>,
    pub(super) last_tag: Tag,
    /// Where copies may be under way that read other blobs.
    pub(super) copying: Vec<BlobPath>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            accounts: HashMap::new(),
            last_tag: Tag::ZERO,
            copying: Vec::new(),
        }
    }
}

/// Which state of a blob a request is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Which {
    #[default]
    Current,
    Snapshot(Timestamp),
    Version(Timestamp),
}

/// A state of a blob that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) blob: Arc<Blob>,
    /// What names it, unless it is the current one.
    pub(crate) id: Option<StateId>,
    /// The lease on the blob. Snapshots and versions have none.
    pub(crate) lease: Option<Lease>,
}

impl Found {
    /// What names it as a version, if it is one. The version that a snapshot was taken of is not its own, and one that was made before
    /// the account kept versions is known by what it is kept under.
    pub(crate) fn version(&self) -> Option<Timestamp> {
        version_of(self.id, &self.blob)
    }
}

/// What names a state as a version, by what names it as a state.
pub(super) fn version_of(id: Option<StateId>, blob: &Blob) -> Option<Timestamp> {
    match id {
        Some(StateId::Snapshot(_)) => None,
        Some(StateId::Version(at)) => Some(at),
        Some(StateId::Deleted) | None => blob.version,
    }
}

impl State {
    /// Says what an account is like. It is no part of what the journal keeps.
    pub(crate) fn set_options(&mut self, account: &str, options: AccountOptions) {
        self.accounts.entry(account.into()).or_default().options = Arc::new(options);
    }

    /// What an account has and is like.
    pub(crate) fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.get(name)
    }

    /// What an account is like.
    pub(crate) fn options(&self, account: &str) -> Arc<AccountOptions> {
        self.account(account)
            .map(|account| account.options.clone())
            .unwrap_or_default()
    }

    /// A container that is there.
    pub(crate) fn container(&self, at: &ContainerPath) -> Result<&Container, Denied> {
        let container = self
            .accounts
            .get(&at.account)
            .and_then(|account| account.containers.get(&at.container));
        let container = container.or_else(|| (*at.container == *LOGS).then(untouched_logs));
        container.ok_or_else(|| ErrorCode::ContainerNotFound.into())
    }

    /// The current blob of a name.
    pub(crate) fn blob(&self, now: Timestamp, at: &BlobPath) -> Result<&Arc<Blob>, Denied> {
        let slot = self.slot(at)?;
        slot.and_then(|slot| slot.current(now))
            .ok_or_else(|| ErrorCode::BlobNotFound.into())
    }

    /// A state of a blob that is there and was not deleted.
    pub(crate) fn find(&self, now: Timestamp, at: &BlobPath, which: Which) -> Result<Found, Denied> {
        let slot = self.slot(at)?.ok_or(ErrorCode::BlobNotFound)?;
        let current = || {
            slot.current(now).map(|blob| Found {
                blob: blob.seen(now),
                id: None,
                lease: slot.lease.as_deref().cloned(),
            })
        };
        let kept = |id| {
            let kept = slot.kept_as(now, id)?;
            kept.is_readable().then(|| Found {
                blob: kept.blob.seen(now),
                id: Some(id),
                lease: None,
            })
        };
        let found = match which {
            Which::Current => current(),
            Which::Snapshot(at) => kept(StateId::Snapshot(at)),
            Which::Version(at) => match current() {
                Some(found) if found.blob.version == Some(at) => Some(found),
                _ => kept(StateId::Version(at)),
            },
        };
        found.ok_or_else(|| ErrorCode::BlobNotFound.into())
    }

    /// Whether a state of a blob was deleted and is still kept.
    pub(crate) fn is_kept_deleted(&self, now: Timestamp, at: &BlobPath, which: Which) -> bool {
        let id = match which {
            Which::Current => StateId::Deleted,
            Which::Snapshot(at) => StateId::Snapshot(at),
            Which::Version(at) => StateId::Version(at),
        };
        let slot = self.slot(at).ok().flatten();
        slot.and_then(|slot| slot.kept_as(now, id))
            .is_some_and(|kept| !kept.is_readable())
    }

    /// What stands under a name of a container that is there.
    pub(crate) fn slot(&self, at: &BlobPath) -> Result<Option<&Slot>, Denied> {
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
                let account = self.accounts.entry(at.account).or_default();
                match account.containers.entry(at.container) {
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
            Record::DeleteContainer { at } => self.take_container(&at).map_or(Garbage::Nothing, container),
            Record::RetireContainer {
                at,
                version,
                deletion,
            } => {
                let gone = self.take_container(&at).and_then(|container| {
                    let kept = DeletedContainer { container, deletion };
                    let account = self.accounts.entry(at.account).or_default();
                    account.deleted.insert((at.container, version), kept)
                });
                gone.map_or(Garbage::Nothing, |gone| container(gone.container))
            }
            Record::RestoreContainer { at, version, to } => {
                let account = self.accounts.entry(at.account).or_default();
                let back = account.deleted.remove(&(at.container, version));
                back.and_then(|back| account.containers.insert(to, back.container))
                    .map_or(Garbage::Nothing, container)
            }
            Record::ForgetContainer { at, version } => {
                let account = self.accounts.entry(at.account).or_default();
                let gone = account.deleted.remove(&(at.container, version));
                gone.map_or(Garbage::Nothing, |gone| container(gone.container))
            }
            Record::RenameContainer { at, to } => {
                let Some(moved) = self.take_container(&at) else {
                    return Garbage::Nothing;
                };
                // Its lease was on the name that it had.
                let moved = Container {
                    properties: Arc::new(ContainerProperties {
                        lease: None,
                        ..(*moved.properties).clone()
                    }),
                    ..moved
                };
                let account = self.accounts.entry(at.account).or_default();
                account
                    .containers
                    .insert(to, moved)
                    .map_or(Garbage::Nothing, container)
            }
            Record::PutService { account, document } => {
                // What cannot be read can only come from a damaged journal.
                if let Ok(service) = BlobServiceProperties::parse(document.as_bytes()) {
                    self.accounts.entry(account).or_default().service = Some(Arc::new(service));
                }
                Garbage::Nothing
            }
            Record::Edit { at, edits } => self.edit(&at, edits),
            Record::Edits(all) => {
                Garbage::Many(all.into_iter().map(|(at, edits)| self.edit(&at, edits)).collect())
            }
            Record::LastTag { tag } => {
                self.saw(tag);
                Garbage::Nothing
            }
        }
    }

    fn edit(&mut self, at: &BlobPath, edits: Vec<Edit>) -> Garbage {
        for edit in &edits {
            if let Some(tag) = edit.tag() {
                self.saw(tag);
            }
            if let Edit::Put(blob) = edit {
                self.watch_copy(at, blob);
            }
        }
        if *at.container.container == *LOGS {
            let account = self.accounts.entry(at.container.account.clone()).or_default();
            let logs = account.containers.entry(at.container.container.clone());
            logs.or_insert_with(|| untouched_logs().clone());
        }
        // A record of a container that is gone can only come from a damaged journal: there is nothing to change.
        let account = self.accounts.get_mut(&at.container.account);
        let Some(container) = account.and_then(|account| account.containers.get_mut(&at.container.container))
        else {
            return Garbage::Nothing;
        };
        // The name is kept, not made again, when it is there.
        let slot = match container.blobs.get_mut(&at.blob) {
            Some(slot) => slot,
            None if edits.iter().any(Edit::makes) => container.blobs.entry(at.blob.clone()).or_default(),
            None => return Garbage::Nothing,
        };
        let mut garbage: Vec<Garbage> = edits.into_iter().map(|edit| slot.make(edit)).collect();
        if slot.is_empty() {
            container.blobs.remove(&at.blob);
        }
        match garbage.len() {
            1 => garbage.pop().unwrap_or_default(),
            _ => Garbage::Many(garbage),
        }
    }

    /// The records that make this state from nothing, one by one.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record> {
        let accounts = self.accounts.iter().flat_map(|(name, account)| {
            let service = account.service.iter().map(move |service| Record::PutService {
                account: name.clone(),
                document: service.to_xml().into(),
            });
            let path = move |container: &Arc<str>| ContainerPath {
                account: name.clone(),
                container: container.clone(),
            };
            // A container that was deleted is made, and deleted again. Those of the same name that are there come after it.
            let deleted = account.deleted.iter().flat_map(move |((name, version), gone)| {
                let retire = Record::RetireContainer {
                    at: path(name),
                    version: version.clone(),
                    deletion: gone.deletion,
                };
                container_records(path(name), &gone.container).chain(std::iter::once(retire))
            });
            let containers = account
                .containers
                .iter()
                .flat_map(move |(name, container)| container_records(path(name), container));
            service.chain(deleted).chain(containers)
        });
        std::iter::once(Record::LastTag { tag: self.last_tag }).chain(accounts)
    }

    /// What has run out: the records that drop it.
    pub(crate) fn expired(&self, now: Timestamp) -> Vec<Record> {
        let mut expired = Vec::new();
        for (account, kept) in &self.accounts {
            for ((name, version), gone) in &kept.deleted {
                if gone.deletion.until <= now {
                    expired.push(Record::ForgetContainer {
                        at: ContainerPath {
                            account: account.clone(),
                            container: name.clone(),
                        },
                        version: version.clone(),
                    });
                }
            }
            for (name, container) in &kept.containers {
                for (blob, slot) in &container.blobs {
                    let edits = slot.expired(now);
                    if !edits.is_empty() {
                        let container = ContainerPath {
                            account: account.clone(),
                            container: name.clone(),
                        };
                        let at = BlobPath {
                            container,
                            blob: blob.clone(),
                        };
                        expired.push(Record::Edit { at, edits });
                    }
                }
            }
        }
        expired
    }

    fn saw(&mut self, tag: Tag) {
        self.last_tag = self.last_tag.max(tag);
    }

    fn take_container(&mut self, at: &ContainerPath) -> Option<Container> {
        self.accounts
            .get_mut(&at.account)?
            .containers
            .remove(&at.container)
    }
}

impl Slot {
    /// The changes that drop what has run out here.
    fn expired(&self, now: Timestamp) -> Vec<Edit> {
        let mut edits = Vec::new();
        let staged_alive = self.staged.as_ref().is_some_and(|staged| staged.is_alive(now));
        if self.staged.is_some() && !staged_alive {
            edits.push(Edit::DropStaged);
        }
        if self.committed.as_ref().is_some_and(|blob| blob.has_expired(now)) {
            edits.push(Edit::Remove);
            // Blocks that wait there are for the next blob of that name.
            if staged_alive {
                edits.extend(self.stage_edits());
            }
        }
        for (id, kept) in self.kept.iter().flat_map(|kept| kept.iter()) {
            if !kept.is_alive(now) {
                edits.push(Edit::Forget { id: *id });
            }
        }
        edits
    }
}

fn container(gone: Container) -> Garbage {
    Garbage::Container(Box::new(gone))
}

fn container_records(at: ContainerPath, container: &Container) -> impl Iterator<Item = Record> {
    let first = Record::PutContainer {
        at: at.clone(),
        properties: container.properties.clone(),
    };
    let blobs = container.blobs.iter().flat_map(move |(name, slot)| {
        let at = BlobPath {
            container: at.clone(),
            blob: name.clone(),
        };
        // A record each: none is longer for what else stands there.
        slot.edits()
            .into_iter()
            .map(move |edit| Record::edit(at.clone(), edit))
    });
    std::iter::once(first).chain(blobs)
}
