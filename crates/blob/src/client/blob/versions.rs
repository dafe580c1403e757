//! Older states of a blob: snapshots, versions, and what was deleted.

use super::BlobClient;
use crate::operations::{CopyBlob, SnapshotBlob, UndeleteBlob};
use crate::{Call, CopySource};

impl BlobClient {
    /// Takes a snapshot of the blob ([Snapshot Blob](https://learn.microsoft.com/rest/api/storageservices/snapshot-blob)).
    ///
    /// ```no_run
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let taken = blob.create_snapshot().await?;
    /// let old = blob.download().snapshot(taken.snapshot).await?.bytes().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_snapshot(&self) -> Call<SnapshotBlob> {
        self.call(SnapshotBlob::new)
    }

    /// Makes a version of the blob the current one again: copies it over the blob, as a new version
    /// ([Copy Blob](https://learn.microsoft.com/rest/api/storageservices/copy-blob)). A blob that was deleted comes back that way.
    ///
    /// The service reads the version by the credential of the request, so a SAS must be [on the source](CopySource::sas) too: write
    /// `blob.copy_from(CopySource::from(&blob).version(id).sas(token))` then.
    pub fn promote(&self, version_id: &str) -> Call<CopyBlob> {
        self.copy_from(CopySource::from(self).version(version_id))
    }

    /// Brings back the blob that soft delete still keeps, with its deleted snapshots
    /// ([Undelete Blob](https://learn.microsoft.com/rest/api/storageservices/undelete-blob)).
    pub fn undelete(&self) -> Call<UndeleteBlob> {
        self.call(UndeleteBlob::new)
    }
}
