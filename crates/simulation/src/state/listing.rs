//! Pages of lists. A page is found by seeking: it costs what it holds, however large the container is.

use std::ops::Bound;
use std::sync::Arc;

use super::seek::after_prefix;
use super::system::{LOGS, is_system, untouched_logs};
use super::tree::version_of;
use super::{
    Account, Blob, ContainerPath, ContainerProperties, Deletion, Denied, Lease, Slot, State, StateId,
    Timestamp,
};

/// Which containers are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContainerQuery {
    pub(crate) prefix: String,
    /// The first name that may be listed.
    pub(crate) from: String,
    pub(crate) limit: usize,
    /// Whether those are listed that were deleted and can be restored.
    pub(crate) deleted: bool,
    /// Whether those of the system are listed.
    pub(crate) system: bool,
}

/// A container in a list.
#[derive(Clone, Debug)]
pub(crate) struct ListedContainer {
    pub(crate) name: Arc<str>,
    pub(crate) properties: Arc<ContainerProperties>,
    /// The name of the version, and when it was deleted, of one that can be restored.
    pub(crate) deleted: Option<(Arc<str>, Deletion)>,
}

/// Some containers, and the name that the next page starts with.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContainerPage {
    pub(crate) containers: Vec<ListedContainer>,
    pub(crate) next: Option<Arc<str>>,
}

/// What a list of blobs holds besides the blobs themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Names that only uncommitted blocks stand under.
    pub(crate) uncommitted: bool,
    pub(crate) snapshots: bool,
    pub(crate) versions: bool,
    /// What was deleted and is still kept.
    pub(crate) deleted: bool,
    /// Names of which nothing but versions is left.
    pub(crate) versions_only: bool,
}

/// Where a page of a list of blobs starts: a name, and which of its states comes first. States come in the order of their times, and the
/// current one last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) name: String,
    /// The first time that may be listed; `None` for the blob itself.
    pub(crate) time: Option<Timestamp>,
}

/// Which blobs are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlobQuery {
    pub(crate) prefix: String,
    pub(crate) delimiter: Option<String>,
    /// The first name that may be listed.
    pub(crate) from: String,
    /// Where to go on in the states of that name; from the first on when `None`.
    pub(crate) from_time: Option<Option<Timestamp>>,
    /// The first name that may no more be listed.
    pub(crate) before: Option<String>,
    pub(crate) limit: usize,
    pub(crate) shown: Shown,
}

/// A blob in a list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) name: Arc<str>,
    pub(crate) blob: Arc<Blob>,
    /// What names the state, unless it is the current one.
    pub(crate) id: Option<StateId>,
    pub(crate) deletion: Option<Deletion>,
    pub(crate) lease: Option<Lease>,
    /// Whether it stands for a name of which nothing but versions is left.
    pub(crate) versions_only: bool,
}

impl Listed {
    /// What names it as a version, if it is one.
    pub(crate) fn version(&self) -> Option<Timestamp> {
        version_of(self.id, &self.blob)
    }
}

/// An entry of a list of blobs.
#[derive(Clone, Debug)]
pub(crate) enum BlobEntry {
    Blob(Box<Listed>),
    /// A name that only uncommitted blocks stand under.
    Uncommitted(Arc<str>),
    Prefix(String),
}

/// Some blobs, and where the next page starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlobPage {
    pub(crate) entries: Vec<BlobEntry>,
    pub(crate) next: Option<Position>,
}

impl State {
    /// List Containers.
    pub(crate) fn list_containers(
        &self,
        now: Timestamp,
        account: &str,
        query: &ContainerQuery,
    ) -> ContainerPage {
        let mut page = ContainerPage::default();
        let nothing = Account::default();
        let account = self.accounts.get(account).unwrap_or(&nothing);
        let from = query.from.as_str().max(query.prefix.as_str());
        let untouched = (!account.containers.contains_key(LOGS)).then(|| ListedContainer {
            name: LOGS.into(),
            properties: untouched_logs().properties.clone(),
            deleted: None,
        });
        let untouched = untouched
            .into_iter()
            .filter(|logs| *logs.name >= *from && logs.name.starts_with(&query.prefix));
        let there = account
            .containers
            .range::<str, _>((Bound::Included(from), Bound::Unbounded))
            .map(|(name, container)| ListedContainer {
                name: name.clone(),
                properties: container.properties.clone(),
                deleted: None,
            })
            .take_while(|listed| listed.name.starts_with(&query.prefix));
        let deleted = account.deleted.iter().filter(|((name, _), gone)| {
            query.deleted && name.starts_with(&query.prefix) && **name >= *from && gone.deletion.until > now
        });
        let deleted = deleted.map(|((name, version), gone)| ListedContainer {
            name: name.clone(),
            properties: gone.container.properties.clone(),
            deleted: Some((version.clone(), gone.deletion)),
        });
        // Those of one name stay together: a page may have a few more than were asked for.
        let all = in_order(in_order(there, untouched), deleted);
        for listed in all.filter(|listed| query.system || !is_system(&listed.name)) {
            let new_name = page.containers.last().is_none_or(|last| last.name != listed.name);
            if new_name && page.containers.len() >= query.limit {
                page.next = Some(listed.name);
                break;
            }
            page.containers.push(listed);
        }
        page
    }

    /// List Blobs.
    pub(crate) fn list_blobs(
        &self,
        now: Timestamp,
        at: &ContainerPath,
        query: &BlobQuery,
    ) -> Result<BlobPage, Denied> {
        let blobs = &self.container(at)?.blobs;
        let mut page = BlobPage::default();
        let mut from = query.from.as_str().max(query.prefix.as_str()).to_owned();
        'seek: loop {
            let names = blobs.range::<str, _>((Bound::Included(from.as_str()), Bound::Unbounded));
            let named = names.take_while(|(name, _)| query.may_list(name));
            for (name, slot) in named {
                let states = query.show(now, name, slot);
                let Some((first, _)) = states.first() else {
                    continue;
                };
                let prefix = query.shared_prefix(name);
                let entries = match &prefix {
                    None => states,
                    Some(prefix) => vec![(*first, BlobEntry::Prefix(prefix.clone()))],
                };
                for (time, entry) in entries {
                    if page.entries.len() == query.limit {
                        page.next = Some(Position {
                            name: name.as_ref().to_owned(),
                            time,
                        });
                        return Ok(page);
                    }
                    page.entries.push(entry);
                }
                if let Some(prefix) = prefix {
                    let Some(next) = after_prefix(&prefix) else {
                        return Ok(page);
                    };
                    from = next;
                    continue 'seek;
                }
            }
            return Ok(page);
        }
    }
}

/// Two lists that are in the order of names, as one. What was deleted comes before what is there now.
fn in_order(
    there: impl Iterator<Item = ListedContainer>,
    deleted: impl Iterator<Item = ListedContainer>,
) -> impl Iterator<Item = ListedContainer> {
    let (mut there, mut deleted) = (there.peekable(), deleted.peekable());
    std::iter::from_fn(move || match (there.peek(), deleted.peek()) {
        (Some(one), Some(other)) if other.name <= one.name => deleted.next(),
        (Some(_), _) => there.next(),
        (None, _) => deleted.next(),
    })
}

impl Slot {
    /// What is listed of a name, with the time that each state goes by, in their order.
    pub(super) fn listed(
        &self,
        now: Timestamp,
        name: &Arc<str>,
        shown: Shown,
    ) -> Vec<(Option<Timestamp>, Listed)> {
        let list = |blob: &Arc<Blob>, id, deletion| Listed {
            name: name.clone(),
            blob: blob.seen(now),
            id,
            deletion,
            lease: None,
            versions_only: false,
        };
        let current = self.current(now).map(|blob| {
            let lease = self.lease.as_deref().cloned();
            let listed = list(blob, None, None);
            (None, Listed { lease, ..listed })
        });
        // Of most names there is nothing else.
        if self.kept.is_none() {
            return current.into_iter().collect();
        }
        let mut states: Vec<(Option<Timestamp>, Listed)> = Vec::new();
        let mut last_version = None;
        for (id, kept) in self.kept(now) {
            let (asked, time) = match id {
                StateId::Snapshot(at) => (shown.snapshots, Some(at)),
                StateId::Version(at) => (shown.versions, Some(at)),
                StateId::Deleted => (true, None),
            };
            if matches!(id, StateId::Version(_)) && kept.is_readable() {
                last_version = Some((id, kept));
            }
            if asked && (shown.deleted || kept.is_readable()) {
                states.push((time, list(&kept.blob, Some(id), kept.deletion)));
            }
        }
        // What has no time, the blob that was deleted, comes last.
        states.sort_by_key(|(time, _)| (time.is_none(), *time));
        // One that has no time at most: a page that broke off there could not tell which comes next.
        let nothing_else = current.is_none() && states.iter().all(|(time, _)| time.is_some());
        let asked = shown.versions_only && !shown.versions;
        if let Some((id, kept)) = last_version.filter(|_| asked && nothing_else) {
            let listed = list(&kept.blob, Some(id), kept.deletion);
            let versions_only = true;
            states.push((
                None,
                Listed {
                    versions_only,
                    ..listed
                },
            ));
        }
        states.extend(current);
        states
    }
}

impl BlobQuery {
    fn may_list(&self, name: &str) -> bool {
        let before = self.before.as_deref();
        name.starts_with(&self.prefix) && before.is_none_or(|before| name < before)
    }

    fn show(&self, now: Timestamp, name: &Arc<str>, slot: &Slot) -> Vec<(Option<Timestamp>, BlobEntry)> {
        let listed = slot.listed(now, name, self.shown);
        if listed.is_empty() {
            let waits =
                self.shown.uncommitted && slot.staged.as_ref().is_some_and(|staged| staged.is_alive(now));
            let entry = waits.then(|| (None, BlobEntry::Uncommitted(name.clone())));
            return entry.into_iter().collect();
        }
        // Of the name that the page before broke off in, what comes after that.
        let begun = self.from_time.filter(|_| **name == *self.from);
        let comes = |time: Option<Timestamp>| match (begun, time) {
            (None, _) | (Some(_), None) => true,
            (Some(None), Some(_)) => false,
            (Some(Some(first)), Some(time)) => time >= first,
        };
        listed
            .into_iter()
            .filter(|(time, _)| comes(*time))
            .map(|(time, listed)| (time, BlobEntry::Blob(Box::new(listed))))
            .collect()
    }

    /// The part of a name up to and with the first delimiter after the prefix.
    fn shared_prefix(&self, name: &str) -> Option<String> {
        let delimiter = self.delimiter.as_ref()?;
        let rest = name.get(self.prefix.len()..)?;
        let end = rest.find(delimiter.as_str())?.saturating_add(delimiter.len());
        let end = self.prefix.len().saturating_add(end);
        name.get(..end).map(str::to_owned)
    }
}
