//! A tree of files becomes blobs below a prefix.

use std::path::Path;

use lazuli_blob::ContainerClient;

use super::walk::{Found, Walk};
use crate::batch::Batch;
use crate::names::blob_name;
use crate::summary::Summary;
use crate::{Error, Transfer};

impl Transfer {
    /// Writes the files of a tree to blobs: the file `a/b` of `source` becomes the blob `PREFIX/a/b`, or `a/b` where the prefix is empty.
    ///
    /// Links are not followed, and count as skipped with all else that is no plain file. Empty folders leave no trace: a blob service
    /// has none.
    ///
    /// # Errors
    /// When `source` cannot be read as a folder. A file that fails does not stop the others; it is in
    /// [`Summary::failures`].
    pub async fn upload_tree(
        &self,
        source: &Path,
        container: &ContainerClient,
        prefix: &str,
    ) -> Result<Summary, Error> {
        let mut batch = Batch::new(self, self.options().files);
        let mut walk = Walk::new(source);
        while let Some(found) = walk.next().await? {
            match found {
                Found::File {
                    path,
                    relative,
                    bytes,
                } => match blob_name(prefix, &relative) {
                    Ok(name) => {
                        let (engine, blob) = (self.clone(), container.blob(name.as_str()));
                        batch
                            .start(name, bytes, async move { engine.upload(&path, &blob).await })
                            .await?;
                    }
                    Err(error) => batch.fail(relative.to_string_lossy().into_owned(), error),
                },
                Found::Other { relative, what } => batch.skip(&relative.to_string_lossy(), what),
                Found::Unreadable { relative, error } => {
                    batch.fail(relative.to_string_lossy().into_owned(), error)
                }
            }
        }
        batch.finish().await
    }
}
