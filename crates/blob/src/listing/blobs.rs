//! The blobs of a container.

use futures_core::Stream;
use futures_util::TryStreamExt as _;
use lazuli_protocol::xml::ListBlobsPage;

use super::{ListBlobsItems, ListCursor};
use crate::operations::{ListBlobs, ListBlobsInclude};
use crate::options::CallOptions;
use crate::pages::{self, Paged};
use crate::{BlobServiceClient, Error};

/// A list of blobs in the making; nothing is sent before its stream is polled.
#[derive(Debug)]
#[must_use = "a list is fetched when its stream is polled"]
pub struct ListBlobsCall {
    service: BlobServiceClient,
    operation: Result<ListBlobs, Error>,
    from: ListCursor,
    pub(crate) options: CallOptions,
}

impl ListBlobsCall {
    pub(crate) fn new(service: BlobServiceClient, operation: Result<ListBlobs, Error>) -> Self {
        Self {
            service,
            operation,
            from: ListCursor::default(),
            options: CallOptions::default(),
        }
    }

    fn with(mut self, edit: impl FnOnce(&mut ListBlobs)) -> Self {
        if let Ok(operation) = &mut self.operation {
            edit(operation);
        }
        self
    }

    /// Only names that start with `prefix`.
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        self.with(|list| list.prefix = Some(prefix.into()))
    }

    /// Lists names up to the first `delimiter` after the prefix, as folders are listed: `"/"`.
    pub fn delimiter(self, delimiter: impl Into<String>) -> Self {
        self.with(|list| list.delimiter = Some(delimiter.into()))
    }

    /// Only names from this one on, in the order of names.
    pub fn start_from(self, name: impl Into<String>) -> Self {
        self.with(|list| list.start_from = Some(name.into()))
    }

    /// Starts at the page that this [marker](ListBlobsPage::next_marker) of an earlier page names.
    pub fn marker(self, marker: impl Into<String>) -> Self {
        self.resume(ListCursor::at(Some(marker.into())))
    }

    /// Goes on where an earlier list, with the same options, [was left](ListBlobsItems::cursor).
    pub fn resume(mut self, cursor: ListCursor) -> Self {
        self.from = cursor;
        self
    }

    /// At most this many entries a page, 1 to 5,000.
    pub fn page_size(self, entries: u32) -> Self {
        self.with(|list| list.max_results = Some(entries))
    }

    /// Lists, or tells, this too, beside what was named before.
    pub fn include(self, include: ListBlobsInclude) -> Self {
        self.with(|list| list.include.push(include))
    }

    /// Takes Apache Arrow tables, which are cheaper to read than XML. The request speaks version 2026-12-06 of the service, and what comes is the
    /// same, whichever way the service answers.
    #[cfg(feature = "arrow")]
    pub fn arrow(self) -> Self {
        self.with(|list| list.arrow = true)
    }

    /// Only names before this one, in the order of names. The service knows this together with [`arrow`](Self::arrow) only, which is chosen as well.
    #[cfg(feature = "arrow")]
    pub fn end_before(self, name: impl Into<String>) -> Self {
        self.arrow().with(|list| list.end_before = Some(name.into()))
    }

    /// The pages. A page may be empty and still have others after it. A page is asked for when the stream is polled for it, and not before.
    pub fn pages(mut self) -> impl Stream<Item = Result<ListBlobsPage, Error>> + Send + Unpin + 'static {
        if let Ok(list) = &mut self.operation {
            list.marker = self.from.marker().map(str::to_owned);
        }
        let mut from = Some(self.from);
        pages::pages(self.service, self.operation, self.options).map_ok(move |mut page| {
            if let Some(from) = from.take() {
                from.drop_seen(&mut page.entries);
            }
            page
        })
    }

    /// The entries, page after page. However long the list is, those of one page are in memory at a time.
    pub fn items(self) -> ListBlobsItems {
        let from = self.from.clone();
        ListBlobsItems::new(Box::pin(self.pages()), from)
    }
}

impl Paged for ListBlobs {
    fn go_to(&mut self, marker: String) {
        self.marker = Some(marker);
    }

    fn marker(&self) -> Option<&str> {
        self.marker.as_deref()
    }

    fn next(page: &ListBlobsPage) -> Option<String> {
        page.next_marker.clone()
    }
}
