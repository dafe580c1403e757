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
        for (container, kept) in containers {
            let start = match search.from {
                Some((at, name)) if *at == **container => name,
                _ => "",
            };
            for (name, slot) in kept
                .blobs
                .range::<str, _>((Bound::Included(start), Bound::Unbounded))
            {
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
