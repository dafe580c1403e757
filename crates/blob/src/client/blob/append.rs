//! Append blobs: they grow at their end.

use lazuli_protocol::Body;

use super::BlobClient;
use crate::Call;
use crate::operations::{AppendBlock, PutAppendBlob, SealAppendBlob};

impl BlobClient {
    /// Makes an append blob without content, in place of what is there
    /// ([Put Blob](https://learn.microsoft.com/rest/api/storageservices/put-blob)).
    ///
    /// ```no_run
    /// use lazuli_protocol::EtagMatch;
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// blob.create_append_blob().content_type("text/plain").if_none_match(EtagMatch::Any).await?;
    /// blob.append("first line\n").at_position(0).await?;
    /// blob.append("second line\n").at_position(11).await?;
    /// blob.seal().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_append_blob(&self) -> Call<PutAppendBlob> {
        self.call(PutAppendBlob::new)
    }

    /// Adds 1 byte to 100 MiB to the end of the append blob
    /// ([Append Block](https://learn.microsoft.com/rest/api/storageservices/append-block)).
    ///
    /// Unless it says [where it begins](Call::at_position), it is not tried again after trouble that may have come too late.
    pub fn append(&self, body: impl Into<Body>) -> Call<AppendBlock> {
        let body = body.into();
        self.call(|container, blob| AppendBlock::new(container, blob, body))
    }

    /// Closes the append blob for good
    /// ([Append Blob Seal](https://learn.microsoft.com/rest/api/storageservices/append-blob-seal)).
    pub fn seal(&self) -> Call<SealAppendBlob> {
        self.call(SealAppendBlob::new)
    }
}
