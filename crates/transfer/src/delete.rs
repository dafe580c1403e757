//! Deleting many blobs.

use futures_util::TryStreamExt as _;
use lazuli_blob::{BlobClient, ContainerClient};
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::ListBlobsEntry;
use tokio::time::Instant;

use crate::jobs::Jobs;
use crate::summary::{Outcome, Summary};
use crate::{Error, Event, Transfer};

impl Transfer {
    /// Deletes the blob `PREFIX` and all blobs below `PREFIX/`; with an empty prefix, all blobs of the container.
    ///
    /// A blob that somebody else deletes meanwhile counts as deleted. One that has snapshots is deleted with them.
    ///
    /// # Errors
    /// When the container cannot be listed. A blob that cannot be deleted does not stop the others; it is in
    /// [`Summary::failures`].
    pub async fn delete_tree(&self, container: &ContainerClient, prefix: &str) -> Result<Summary, Error> {
        let started = Instant::now();
        let mut summary = Summary::default();
        let mut jobs: Jobs<(String, Result<Outcome, Error>)> = Jobs::new(self.options().requests);
        let mut entries = container.list().prefix(prefix).items();
        while let Some(entry) = entries.try_next().await? {
            let ListBlobsEntry::Blob(item) = entry else {
                continue;
            };
            if !is_at_or_below(prefix, &item.name) {
                continue;
            }
            self.event(&Event::Found {
                name: &item.name,
                bytes: item.content_length,
            });
            let (engine, blob) = (self.clone(), container.blob(item.name.as_str()));
            let job = async move { engine.one(item.name, engine.delete(&blob)).await };
            if let Some(ended) = jobs.start(job).await {
                let (name, outcome) = ended?;
                summary.record(name, outcome);
            }
        }
        self.event(&Event::AllFound);
        while let Some(ended) = jobs.next().await {
            let (name, outcome) = ended?;
            summary.record(name, outcome);
        }
        summary.elapsed = started.elapsed();
        Ok(summary)
    }

    async fn delete(&self, blob: &BlobClient) -> Result<Outcome, Error> {
        let _leave = self.request().await;
        match blob
            .delete()
            .snapshots(lazuli_blob::operations::DeleteSnapshots::Include)
            .await
        {
            Ok(_) => Ok(Outcome::Deleted),
            Err(error) if error.code() == Some(&ErrorCode::BlobNotFound) => Ok(Outcome::Deleted),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether a name is the prefix itself or below it, as a path: `a/bc` is not below `a/b`.
pub(crate) fn is_at_or_below(prefix: &str, name: &str) -> bool {
    prefix.is_empty()
        || name
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_at_a_slash() {
        for (prefix, name, below) in [
            ("", "a", true),
            ("a", "a", true),
            ("a", "a/b", true),
            ("a", "ab", false),
            ("a/b", "a/bc", false),
            ("a/b", "a", false),
        ] {
            assert_eq!(is_at_or_below(prefix, name), below, "{prefix:?} {name:?}");
        }
    }
}
