//! What calls on tags take that no other operation shares.

use lazuli_protocol::Checksum;

use super::Call;
use crate::operations::{FindBlobsByTags, SetBlobTags};

impl Call<SetBlobTags> {
    /// Takes a version of the blob, by its id.
    pub fn version(self, id: impl Into<String>) -> Self {
        self.with(|operation| operation.version_id = Some(id.into()))
    }

    /// Has the service refuse the tags if their XML does not arrive with this checksum. Without it, their CRC64 is sent.
    pub fn checksum(self, checksum: Checksum) -> Self {
        self.with(|operation| operation.checksum = Some(checksum))
    }
}

impl Call<FindBlobsByTags> {
    /// Finds old versions too.
    pub fn versions(self) -> Self {
        self.with(|operation| operation.versions = true)
    }
}
