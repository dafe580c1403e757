//! Page blobs: read and written anywhere, in pages of 512 bytes.

use std::ops::Range;

use lazuli_protocol::Body;

use super::BlobClient;
use crate::Call;
use crate::operations::{
    ClearPages, GetPageRanges, GetPageRangesDiff, PreviousSnapshot, PutPageBlob, PutPages, ResizePageBlob,
    SequenceNumberChange, SetSequenceNumber,
};

impl BlobClient {
    /// Makes a page blob of `size` zeros, a multiple of 512, in place of what is there
    /// ([Put Blob](https://learn.microsoft.com/rest/api/storageservices/put-blob)).
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt as _;
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// blob.create_page_blob(1 << 30).await?;
    /// blob.put_pages(4096, vec![7; 512]).if_sequence_number_eq(0).await?;
    /// let mut filled = blob.page_ranges().items();
    /// while let Some(pages) = filled.try_next().await? {
    ///     println!("{:?}", pages.range); // 4096..4608
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_page_blob(&self, size: u64) -> Call<PutPageBlob> {
        self.call(|container, blob| PutPageBlob::new(container, blob, size))
    }

    /// Writes pages from `offset` on: a multiple of 512 bytes, at most 4 MiB
    /// ([Put Page](https://learn.microsoft.com/rest/api/storageservices/put-page)).
    pub fn put_pages(&self, offset: u64, body: impl Into<Body>) -> Call<PutPages> {
        let body = body.into();
        self.call(|container, blob| PutPages::new(container, blob, offset, body))
    }

    /// Clears pages, any number of them; both ends are multiples of 512 bytes
    /// ([Put Page](https://learn.microsoft.com/rest/api/storageservices/put-page)).
    pub fn clear_pages(&self, range: Range<u64>) -> Call<ClearPages> {
        self.call(|container, blob| ClearPages::new(container, blob, range))
    }

    /// Asks which parts of the page blob hold something
    /// ([Get Page Ranges](https://learn.microsoft.com/rest/api/storageservices/get-page-ranges)): a page of them when awaited, or
    /// [all](Call::items).
    pub fn page_ranges(&self) -> Call<GetPageRanges> {
        self.call(GetPageRanges::new)
    }

    /// Asks which parts of the page blob were written or cleared since a snapshot, by its id
    /// ([Get Page Ranges](https://learn.microsoft.com/rest/api/storageservices/get-page-ranges)).
    pub fn page_ranges_diff(&self, previous: impl Into<String>) -> Call<GetPageRangesDiff> {
        let previous = PreviousSnapshot::Id(previous.into());
        self.call(|container, blob| GetPageRangesDiff::new(container, blob, previous))
    }

    /// Asks which parts of a managed disk were written or cleared since a snapshot of it, by the snapshot's URL
    /// ([Get Page Ranges](https://learn.microsoft.com/rest/api/storageservices/get-page-ranges)).
    pub fn page_ranges_diff_url(&self, previous: impl Into<String>) -> Call<GetPageRangesDiff> {
        let previous = PreviousSnapshot::Url(previous.into());
        self.call(|container, blob| GetPageRangesDiff::new(container, blob, previous))
    }

    /// Makes the page blob longer or shorter: a multiple of 512 bytes
    /// ([Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties)).
    pub fn resize(&self, size: u64) -> Call<ResizePageBlob> {
        self.call(|container, blob| ResizePageBlob::new(container, blob, size))
    }

    /// Changes the sequence number of the page blob
    /// ([Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties)).
    pub fn set_sequence_number(&self, change: SequenceNumberChange) -> Call<SetSequenceNumber> {
        self.call(|container, blob| SetSequenceNumber::new(container, blob, change))
    }
}
