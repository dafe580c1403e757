//! Calls that answer a page at a time: one page when awaited, or all of them as a stream.

use std::mem;

use futures_core::Stream;
use lazuli_protocol::xml::{FoundBlob, FoundBlobsPage, PageRange};

use super::Call;
use crate::Error;
use crate::operations::{FindBlobsByTags, GetPageRanges, GetPageRangesDiff, PageRanges};
use crate::pages::{self, Paged};

macro_rules! paged {
    ($($operation:ty, $page:ty => $item:ty, $entries:ident;)*) => {$(
        impl Call<$operation> {
            /// Starts at the page that this marker of an earlier page names.
            pub fn marker(self, marker: impl Into<String>) -> Self {
                self.with(|operation| operation.go_to(marker.into()))
            }

            /// The pages. A page may be empty and still have others after it. Ranges of a page blob are all of one state: where it is written between two
            /// pages, the next one is an error, 412.
            pub fn pages(self) -> impl Stream<Item = Result<$page, Error>> + Send + Unpin {
                pages::pages(self.service, self.operation, self.options)
            }

            /// What is on the pages, page after page.
            pub fn items(self) -> impl Stream<Item = Result<$item, Error>> + Send + Unpin {
                pages::items(self.pages(), |page| page.$entries)
            }
        }
    )*};
}

paged! {
    FindBlobsByTags, FoundBlobsPage => FoundBlob, blobs;
    GetPageRanges, PageRanges => PageRange, ranges;
    GetPageRangesDiff, PageRanges => PageRange, ranges;
}

impl Call<FindBlobsByTags> {
    /// At most this many blobs a page, 1 to 5,000.
    pub fn page_size(self, blobs: u32) -> Self {
        self.with(|operation| operation.max_results = Some(blobs))
    }
}

impl Call<GetPageRanges> {
    /// At most this many ranges a page, 1 to 10,000.
    pub fn page_size(self, ranges: u32) -> Self {
        self.with(|operation| operation.max_results = Some(ranges))
    }
}

impl Call<GetPageRangesDiff> {
    /// At most this many ranges a page, 1 to 10,000.
    pub fn page_size(self, ranges: u32) -> Self {
        self.with(|operation| operation.ranges.max_results = Some(ranges))
    }
}

impl Paged for FindBlobsByTags {
    fn go_to(&mut self, marker: String) {
        self.marker = Some(marker);
    }

    fn marker(&self) -> Option<&str> {
        self.marker.as_deref()
    }

    fn next(page: &FoundBlobsPage) -> Option<String> {
        page.next_marker.clone()
    }
}

impl Paged for GetPageRanges {
    fn go_to(&mut self, marker: String) {
        self.marker = Some(marker);
    }

    fn marker(&self) -> Option<&str> {
        self.marker.as_deref()
    }

    fn follow(&mut self, page: &PageRanges) {
        self.conditions = mem::take(&mut self.conditions).if_match(&page.etag);
    }

    fn next(page: &PageRanges) -> Option<String> {
        page.next_marker.clone()
    }
}

impl Paged for GetPageRangesDiff {
    fn go_to(&mut self, marker: String) {
        self.ranges.marker = Some(marker);
    }

    fn marker(&self) -> Option<&str> {
        self.ranges.marker.as_deref()
    }

    fn follow(&mut self, page: &PageRanges) {
        self.ranges.follow(page);
    }

    fn next(page: &PageRanges) -> Option<String> {
        page.next_marker.clone()
    }
}
