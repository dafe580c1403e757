//! The blobs below a prefix become a tree of files.

use std::path::Path;

use futures_util::TryStreamExt as _;
use lazuli_blob::ContainerClient;
use lazuli_protocol::xml::{BlobItem, ListBlobsEntry};
use tokio::time::Instant;

use super::folders::Folders;
use crate::jobs::Jobs;
use crate::names::local_path;
use crate::summary::{Outcome, Summary};
use crate::{Error, Event, Transfer};

impl Transfer {
    /// Writes the blobs below `PREFIX/` to files: the blob `PREFIX/a/b` becomes the file `a/b` in `destination`, which is made when
    /// it is not there. With an empty prefix, all blobs of the container.
    ///
    /// A blob whose name ends in a slash and which has no content stands for a folder, and becomes one.
    ///
    /// # Errors
    /// When the container cannot be listed or the destination not be made. A blob that fails, for a name that would lead out of the
    /// destination say, does not stop the others; it is in [`Summary::failures`].
    pub async fn download_tree(
        &self,
        container: &ContainerClient,
        prefix: &str,
        destination: &Path,
    ) -> Result<Summary, Error> {
        let started = Instant::now();
        let mut summary = Summary::default();
        let mut jobs: Jobs<(String, Result<Outcome, Error>)> = Jobs::new(self.options().files);
        let folders = Folders::below(destination).await?;
        let below = if prefix.is_empty() {
            String::new()
        } else {
            format!("{prefix}/")
        };
        let mut entries = container.list().prefix(below).items();
        while let Some(entry) = entries.try_next().await? {
            let ListBlobsEntry::Blob(item) = entry else {
                continue;
            };
            self.event(&Event::Found {
                name: &item.name,
                bytes: item.content_length,
            });
            let (engine, folders) = (self.clone(), folders.clone());
            let (container, prefix) = (container.clone(), prefix.to_owned());
            let job = async move {
                let name = item.name.clone();
                engine
                    .one(name, engine.download_item(&container, &prefix, &item, &folders))
                    .await
            };
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

    async fn download_item(
        &self,
        container: &ContainerClient,
        prefix: &str,
        item: &BlobItem,
        folders: &Folders,
    ) -> Result<Outcome, Error> {
        if item.content_length == 0
            && let Some(folder) = item.name.strip_suffix('/')
        {
            if folder != prefix {
                folders.make(local_path(prefix, folder)?).await?;
            }
            return Ok(Outcome::Folder);
        }
        let path = folders.for_file(local_path(prefix, &item.name)?).await?;
        self.download(&container.blob(item.name.as_str()), &path, |_| ())
            .await
    }
}
