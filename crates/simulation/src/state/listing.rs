//! Pages of lists. A page is found by seeking: it costs what it holds, however large the container is.

use std::ops::Bound;
use std::sync::Arc;

use super::seek::after_prefix;
use super::{Blob, ContainerPath, ContainerProperties, Denied, Slot, State, Timestamp};

/// Which containers are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContainerQuery {
    pub(crate) prefix: String,
    /// The first name that may be listed.
    pub(crate) from: String,
    pub(crate) limit: usize,
}

/// Some containers, and the name that the next page starts with.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContainerPage {
    pub(crate) containers: Vec<(Arc<str>, Arc<ContainerProperties>)>,
    pub(crate) next: Option<Arc<str>>,
}

/// Which blobs are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlobQuery {
    pub(crate) prefix: String,
    pub(crate) delimiter: Option<String>,
    /// The first name that may be listed.
    pub(crate) from: String,
    pub(crate) limit: usize,
    /// Whether names are listed that only uncommitted blocks stand under.
    pub(crate) uncommitted: bool,
}

/// An entry of a list of blobs.
#[derive(Clone, Debug)]
pub(crate) enum BlobEntry {
    Blob(Arc<str>, Arc<Blob>),
    /// A name that only uncommitted blocks stand under.
    Uncommitted(Arc<str>),
    Prefix(String),
}

/// Some blobs, and the name that the next page starts with.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlobPage {
    pub(crate) entries: Vec<BlobEntry>,
    pub(crate) next: Option<Arc<str>>,
}

impl State {
    /// List Containers.
    pub(crate) fn list_containers(&self, account: &str, query: &ContainerQuery) -> ContainerPage {
        let mut page = ContainerPage::default();
        let Some(account) = self.accounts.get(account) else {
            return page;
        };
        let from = query.from.as_str().max(query.prefix.as_str());
        for (name, container) in account
            .containers
            .range::<str, _>((Bound::Included(from), Bound::Unbounded))
        {
            if !name.starts_with(&query.prefix) {
                break;
            }
            if page.containers.len() == query.limit {
                page.next = Some(name.clone());
                break;
            }
            page.containers.push((name.clone(), container.properties.clone()));
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
            let named = names.take_while(|(name, _)| name.starts_with(&query.prefix));
            let shown = named.filter_map(|(name, slot)| Some((name, query.show(now, name, slot)?)));
            for (name, entry) in shown {
                if page.entries.len() == query.limit {
                    page.next = Some(name.clone());
                    return Ok(page);
                }
                match query.shared_prefix(name) {
                    None => page.entries.push(entry),
                    Some(prefix) => {
                        let next = after_prefix(&prefix);
                        page.entries.push(BlobEntry::Prefix(prefix));
                        let Some(next) = next else {
                            return Ok(page);
                        };
                        from = next;
                        continue 'seek;
                    }
                }
            }
            return Ok(page);
        }
    }
}

impl BlobQuery {
    fn show(&self, now: Timestamp, name: &Arc<str>, slot: &Slot) -> Option<BlobEntry> {
        match slot.current(now) {
            Some(blob) => Some(BlobEntry::Blob(name.clone(), blob.clone())),
            None => {
                let waits =
                    self.uncommitted && slot.staged.as_ref().is_some_and(|staged| staged.is_alive(now));
                waits.then(|| BlobEntry::Uncommitted(name.clone()))
            }
        }
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
