//! Deleting many blobs.

use futures_util::TryStreamExt as _;
use lazuli_blob::{BlobClient, ContainerClient};
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::ListBlobsEntry;

use crate::batch::Batch;
use crate::summary::{Outcome, Summary};
use crate::{Error, Transfer};

impl Transfer {
    /// Deletes the blob `PREFIX` and all blobs below `PREFIX/`; with a prefix that ends in a slash, only those below it; with an empty
    /// one, all blobs of the container.
    ///
    /// A blob that somebody else deletes meanwhile counts as deleted. One that has snapshots is deleted with them.
    ///
    /// # Errors
    /// When the container cannot be listed. A blob that cannot be deleted does not stop the others; it is in
    /// [`Summary::failures`].
    pub async fn delete_tree(&self, container: &ContainerClient, prefix: &str) -> Result<Summary, Error> {
        let mut batch = Batch::new(self, self.options().requests);
        let mut entries = container.list().prefix(prefix).items();
        while let Some(entry) = entries.try_next().await? {
            let ListBlobsEntry::Blob(item) = entry else {
                continue;
            };
            if is_at_or_below(prefix, &item.name) {
                let (engine, blob) = (self.clone(), container.blob(item.name.as_str()));
                batch
                    .start(item.name, item.content_length, async move {
                        engine.delete(&blob).await
                    })
                    .await?;
            }
        }
        batch.finish().await
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
        || (prefix.ends_with('/') && name.starts_with(prefix))
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
            ("a/", "a", false),
            ("a/", "a/b", true),
        ] {
            assert_eq!(is_at_or_below(prefix, name), below, "{prefix:?} {name:?}");
        }
    }
}
