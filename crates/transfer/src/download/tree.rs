//! The blobs below a prefix become a tree of files.

use std::path::Path;

use futures_util::TryStreamExt as _;
use lazuli_blob::ContainerClient;
use lazuli_protocol::xml::{BlobItem, ListBlobsEntry};

use super::destination::Links;
use super::folders::Folders;
use crate::batch::Batch;
use crate::names::local_path;
use crate::summary::{Outcome, Summary};
use crate::{Error, Transfer};

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
        let mut batch = Batch::new(self, self.options().files);
        let folders = Folders::below(destination, self.options()).await?;
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
            let (engine, container, folders) = (self.clone(), container.clone(), folders.clone());
            let (name, bytes, prefix) = (item.name.clone(), item.content_length, prefix.to_owned());
            let work = async move { engine.download_item(&container, &prefix, &item, &folders).await };
            batch.start(name, bytes, work).await?;
        }
        batch.finish().await
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
        self.download(&container.blob(item.name.as_str()), &path, Links::Refuse, |_| ())
            .await
    }
}
