//! The tags of a blob.

use lazuli_protocol::BlobTags;

use super::BlobClient;
use crate::Call;
use crate::operations::{GetBlobTags, SetBlobTags};

impl BlobClient {
    /// Reads the blob's tags ([Get Blob Tags](https://learn.microsoft.com/rest/api/storageservices/get-blob-tags)).
    pub fn tags(&self) -> Call<GetBlobTags> {
        self.call(GetBlobTags::new)
    }

    /// Gives the blob the tags that the call is given, in place of those that it has
    /// ([Set Blob Tags](https://learn.microsoft.com/rest/api/storageservices/set-blob-tags)).
    ///
    /// ```no_run
    /// use lazuli_blob::tag;
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// blob.set_tags().tag("project", "apollo").tag("stage", "2").if_tags(tag("stage").lt("2")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_tags(&self) -> Call<SetBlobTags> {
        self.call(|container, blob| SetBlobTags::new(container, blob, BlobTags::new()))
    }
}
