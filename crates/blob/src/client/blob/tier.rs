//! The price class of a blob.

use lazuli_protocol::AccessTier;

use super::BlobClient;
use crate::call::names;
use crate::operations::{GetBlobProperties, SetBlobTier};
use crate::{Call, Rehydration};

impl BlobClient {
    /// Puts the blob in a price class ([Set Blob Tier](https://learn.microsoft.com/rest/api/storageservices/set-blob-tier)). Out of the archive that takes
    /// hours: the answer says so, and [`wait_until_rehydrated`](Self::wait_until_rehydrated) waits for it.
    ///
    /// ```no_run
    /// use lazuli_blob::operations::TierSet;
    /// use lazuli_protocol::{AccessTier, RehydratePriority};
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let set = blob.set_tier(AccessTier::Hot).rehydrate_priority(RehydratePriority::High).await?;
    /// if set == TierSet::Pending {
    ///     blob.wait_until_rehydrated().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_tier(&self, tier: AccessTier) -> Call<SetBlobTier> {
        self.call(|container, blob| SetBlobTier::new(container, blob, tier))
    }

    /// Waits until the blob is out of the archive, and gives its properties then. One that is not archived is there at once; one that nothing brings back
    /// is an error.
    pub fn wait_until_rehydrated(&self) -> Rehydration {
        let names = names(self.container().name(), self.name());
        let operation = names.map(|(container, blob)| GetBlobProperties::new(container, blob));
        Rehydration::new(self.container().service().clone(), operation)
    }
}
