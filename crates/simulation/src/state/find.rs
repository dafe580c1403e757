//! Finding blobs by their tags. The service keeps an index, which lags behind; here every search looks for itself, and lags never.

use std::ops::Bound;
use std::sync::Arc;

use super::conditions::pairs;
use super::{Listed, Shown, State, Timestamp};
use crate::tag_query::TagQuery;

/// What is searched, and for what.
#[derive(Clone, Debug)]
pub(crate) struct Search<'a> {
    pub(crate) account: &'a str,
    /// The one container that is searched; all of the account when `None`.
    pub(crate) container: Option<&'a str>,
    pub(crate) query: &'a TagQuery,
    /// The container and the name to go on from.
    pub(crate) from: Option<(&'a str, &'a str)>,
    pub(crate) limit: usize,
    /// How many names are looked at for one page, whatever is found among them. At least one.
    pub(crate) looks: usize,
    /// Whether versions are searched that are not current.
    pub(crate) versions: bool,
}

/// Some blobs that were found, each with its container, and where the next page starts: the container and the name.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundPage {
    pub(crate) blobs: Vec<(Arc<str>, Listed)>,
    pub(crate) next: Option<(Arc<str>, Arc<str>)>,
}

impl State {
    /// Find Blobs by Tags.
    pub(crate) fn find_blobs(&self, now: Timestamp, search: &Search<'_>) -> FoundPage {
        let mut page = FoundPage::default();
        let Some(account) = self.account(search.account) else {
            return page;
        };
        let shown = Shown {
            versions: search.versions,
            ..Shown::default()
        };
        let bound = search.container.or(search.query.container());
        let first = search.from.map(|(container, _)| container).or(bound);
        let containers = account
            .containers
            .range::<str, _>((Bound::Included(first.unwrap_or_default()), Bound::Unbounded))
            .filter(|(name, _)| bound.is_none_or(|bound| ***name == *bound));
        let mut looked = 0_usize;
        for (container, kept) in containers {
            let start = match search.from {
                Some((at, name)) if *at == **container => name,
                _ => "",
            };
            for (name, slot) in kept
                .blobs
                .range::<str, _>((Bound::Included(start), Bound::Unbounded))
            {
                if looked >= search.looks {
                    page.next = Some((container.clone(), name.clone()));
                    return page;
                }
                looked = looked.saturating_add(1);
                let states = slot
                    .listed(now, name, shown)
                    .into_iter()
                    .map(|(_, listed)| listed);
                let mut meant = states
                    .filter(|listed| {
                        let tags = &listed.blob.tags;
                        !tags.is_empty() && search.query.matches(container, &pairs(tags))
                    })
                    .peekable();
                // The states of a name stay together: a page may have a few more than were asked for.
                if page.blobs.len() >= search.limit && meant.peek().is_some() {
                    page.next = Some((container.clone(), name.clone()));
                    return page;
                }
                page.blobs.extend(meant.map(|listed| (container.clone(), listed)));
            }
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use lazuli_protocol::BlobTags;

    use super::*;
    use crate::state::{Access, BlobPath, ContainerPath, Content, NewBlob, NewContainer, Pieces};
    use crate::tag_query::Dialect;

    #[test]
    fn a_page_ends_when_enough_was_looked_at() {
        let (mut state, now) = (State::default(), Timestamp::from_ticks(0));
        let container = ContainerPath {
            account: "acct".into(),
            container: "box".into(),
        };
        let (record, _) = state
            .create_container(now, container.clone(), NewContainer::default())
            .unwrap();
        state.apply(record);
        for name in ["a", "b", "c", "d", "e"] {
            let mut tags = BlobTags::new();
            let value = if name == "e" { "yes" } else { "no" };
            tags.insert("wanted", value).unwrap();
            let at = BlobPath {
                container: container.clone(),
                blob: name.into(),
            };
            let new = NewBlob {
                tags,
                ..NewBlob::default()
            };
            let none = Content::Block(Pieces::default());
            let (record, _) = state.put_blob(now, at, new, none, 0, &Access::default()).unwrap();
            state.apply(record);
        }
        let query = TagQuery::parse("\"wanted\"='yes'", Dialect::Find).unwrap();
        let find = |from: Option<(&str, &str)>| {
            let search = Search {
                account: "acct",
                container: None,
                query: &query,
                from,
                limit: 10,
                looks: 2,
                versions: false,
            };
            let page = state.find_blobs(now, &search);
            let next = page.next.map(|(_, name)| name.to_string());
            (page.blobs.len(), next)
        };
        assert_eq!(find(None), (0, Some("c".to_owned())));
        assert_eq!(find(Some(("box", "c"))), (0, Some("e".to_owned())));
        assert_eq!(find(Some(("box", "e"))), (1, None));
    }
}
