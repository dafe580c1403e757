//! What is kept of an account.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::xml::BlobServiceProperties;

use super::{Container, DeletedContainer, Deletion, Timestamp};
use crate::AccountOptions;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An account with its containers, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) containers: BTreeMap<Arc<str>, Container>,
    /// Containers that were deleted and can be restored, by name and version.
    pub(crate) deleted: BTreeMap<(Arc<str>, Arc<str>), DeletedContainer>,
    /// What Set Blob Service Properties has set; `None` when nothing ever was.
    pub(crate) service: Option<Arc<BlobServiceProperties>>,
    pub(crate) options: Arc<AccountOptions>,
}

impl Account {
    /// What becomes of a blob that is deleted now: it is kept for a while, or not.
    pub(crate) fn blob_deletion(&self, now: Timestamp) -> Option<Deletion> {
        let policy = self
            .service
            .as_ref()
            .and_then(|service| service.delete_retention_policy.as_ref());
        let kept_for = match policy {
            None => self.options.blob_retention,
            Some(policy) if policy.enabled => DAY.saturating_mul(policy.days.unwrap_or(0)),
            Some(_) => Duration::ZERO,
        };
        deletion(now, kept_for)
    }

    /// Whether what was deleted and is still kept can be deleted for good.
    pub(crate) fn allows_permanent_delete(&self) -> bool {
        self.service
            .as_ref()
            .and_then(|service| service.delete_retention_policy.as_ref()?.allow_permanent_delete)
            .unwrap_or(false)
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
