//! Copies to a blob, and content that the service reads from a URL by itself.

use std::ops::Range;

use lazuli_protocol::xml::BlockId;

use super::BlobClient;
use crate::call::names;
use crate::operations::{
    AbortCopyBlob, AppendBlockFromUrl, CopyBlob, CopyBlobFromUrl, IncrementalCopyBlob, PutBlobFromUrl,
    PutBlockFromUrl, PutPagesFromUrl,
};
use crate::{Call, CopyPoller, CopySource, Error};

impl BlobClient {
    /// Copies another blob, or a file of a share, to this one, in the service's own time
    /// ([Copy Blob](https://learn.microsoft.com/rest/api/storageservices/copy-blob)): the answer says whether it is done.
    ///
    /// ```no_run
    /// # async fn example(from: lazuli_blob::BlobClient, to: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let copied = to.copy_from(&from).metadata("project", "apollo").start().await?.wait().await?;
    /// println!("{} bytes", copied.content_length);
    /// # Ok(())
    /// # }
    /// ```
    pub fn copy_from(&self, source: impl Into<CopySource>) -> Call<CopyBlob> {
        let source = source.into();
        self.call(|container, blob| CopyBlob::new(container, blob, source))
    }

    /// Copies another blob of at most 256 MiB to this one, and answers when that is done
    /// ([Copy Blob From URL](https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url)).
    pub fn copy_from_url(&self, source: impl Into<CopySource>) -> Call<CopyBlobFromUrl> {
        let source = source.into();
        self.call(|container, blob| CopyBlobFromUrl::new(container, blob, source))
    }

    /// Copies what changed up to a snapshot of a page blob
    /// ([Incremental Copy Blob](https://learn.microsoft.com/rest/api/storageservices/incremental-copy-blob)).
    pub fn copy_incremental(&self, snapshot: impl Into<CopySource>) -> Call<IncrementalCopyBlob> {
        let source = snapshot.into();
        self.call(|container, blob| IncrementalCopyBlob::new(container, blob, source))
    }

    /// A copy to this blob that was started earlier, here or elsewhere, by its id.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for names that no blob can have.
    pub fn pending_copy(&self, copy_id: impl Into<String>) -> Result<CopyPoller, Error> {
        let (container, blob) = names(self.container().name(), self.name())?;
        let service = self.container().service().clone();
        Ok(CopyPoller::new(service, container, blob, copy_id.into()))
    }

    /// Gives up a copy to this blob, and leaves an empty one
    /// ([Abort Copy Blob](https://learn.microsoft.com/rest/api/storageservices/abort-copy-blob)).
    pub fn abort_copy(&self, copy_id: impl Into<String>) -> Call<AbortCopyBlob> {
        self.call(|container, blob| AbortCopyBlob::new(container, blob, copy_id))
    }

    /// Writes the whole blob, whose content of at most 5,000 MiB the service reads from a URL
    /// ([Put Blob From URL](https://learn.microsoft.com/rest/api/storageservices/put-blob-from-url)).
    pub fn put_from_url(&self, source: impl Into<CopySource>) -> Call<PutBlobFromUrl> {
        let source = source.into();
        self.call(|container, blob| PutBlobFromUrl::new(container, blob, source))
    }

    /// Puts a block, whose content of at most 4,000 MiB the service reads from a URL, to be committed later
    /// ([Put Block From URL](https://learn.microsoft.com/rest/api/storageservices/put-block-from-url)).
    pub fn put_block_from_url(&self, id: BlockId, source: impl Into<CopySource>) -> Call<PutBlockFromUrl> {
        let source = source.into();
        self.call(|container, blob| PutBlockFromUrl::new(container, blob, id, source))
    }

    /// Adds to the end of the append blob what the service reads from a URL, at most 100 MiB
    /// ([Append Block From URL](https://learn.microsoft.com/rest/api/storageservices/append-block-from-url)).
    ///
    /// Unless it says [where it begins](Call::at_position), it is not tried again after trouble that may have come too late.
    pub fn append_block_from_url(&self, source: impl Into<CopySource>) -> Call<AppendBlockFromUrl> {
        let source = source.into();
        self.call(|container, blob| AppendBlockFromUrl::new(container, blob, source))
    }

    /// Writes to these bytes of the page blob, at most 4 MiB of whole pages, what the service reads at the same place of a URL, or at
    /// [another](Call::source_range)
    /// ([Put Page From URL](https://learn.microsoft.com/rest/api/storageservices/put-page-from-url)).
    pub fn put_pages_from_url(
        &self,
        range: Range<u64>,
        source: impl Into<CopySource>,
    ) -> Call<PutPagesFromUrl> {
        let source = source.into();
        self.call(|container, blob| PutPagesFromUrl::new(container, blob, range, source))
    }
}
