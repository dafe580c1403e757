//! A tree of files becomes blobs below a prefix.

use std::path::Path;

use lazuli_blob::ContainerClient;
use tokio::time::Instant;

use super::walk::{Found, Walk};
use crate::jobs::Jobs;
use crate::names::blob_name;
use crate::summary::{Outcome, Summary};
use crate::{Error, Event, Transfer};

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
        let started = Instant::now();
        let mut summary = Summary::default();
        let mut jobs: Jobs<(String, Result<Outcome, Error>)> = Jobs::new(self.options().files);
        let mut walk = Walk::new(source);
        while let Some(found) = walk.next().await? {
            let (path, name, bytes) = match found {
                Found::File {
                    path,
                    relative,
                    bytes,
                } => match blob_name(prefix, &relative) {
                    Ok(name) => (path, name, bytes),
                    Err(error) => {
                        self.failed(&mut summary, &relative, error);
                        continue;
                    }
                },
                Found::Other { relative, what } => {
                    summary.skipped += 1;
                    self.event(&Event::Skipped {
                        name: &relative.to_string_lossy(),
                        reason: what,
                    });
                    continue;
                }
                Found::Unreadable { relative, error } => {
                    self.failed(&mut summary, &relative, error);
                    continue;
                }
            };
            self.event(&Event::Found { name: &name, bytes });
            let (engine, blob) = (self.clone(), container.blob(name.as_str()));
            let job = async move { engine.one(name, engine.upload(&path, &blob)).await };
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

    fn failed(&self, summary: &mut Summary, relative: &Path, error: Error) {
        let name = relative.to_string_lossy().into_owned();
        self.event(&Event::Failed {
            name: &name,
            error: &error,
        });
        summary.record(name, Err(error));
    }
}
