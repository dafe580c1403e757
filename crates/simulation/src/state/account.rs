//! What is kept of an account.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Container, DeletedContainer, Deletion, Timestamp};
use crate::AccountOptions;

/// An account with its containers, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) containers: BTreeMap<Arc<str>, Container>,
    /// Containers that were deleted and can be restored, by name and version.
    pub(crate) deleted: BTreeMap<(Arc<str>, Arc<str>), DeletedContainer>,
    /// The document of Set Blob Service Properties; `None` when nothing was ever set.
    pub(crate) service: Option<Arc<str>>,
    pub(crate) options: Arc<AccountOptions>,
}

impl Account {
    /// What becomes of a blob that is deleted now: it is kept for a while, or not.
    pub(crate) fn blob_deletion(&self, now: Timestamp) -> Option<Deletion> {
        deletion(now, self.options.blob_retention)
    }

    /// What becomes of a container that is deleted now.
    pub(crate) fn container_deletion(&self, now: Timestamp) -> Option<Deletion> {
        deletion(now, self.options.container_retention)
    }
}

fn deletion(now: Timestamp, kept_for: Duration) -> Option<Deletion> {
    (!kept_for.is_zero()).then(|| Deletion {
        at: now,
        until: now.after(kept_for),
    })
}
