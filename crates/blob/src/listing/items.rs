//! The entries of a list of blobs, as a stream that knows where it is.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use lazuli_protocol::xml::{ListBlobsEntry, ListBlobsPage};

use super::ListCursor;
use crate::Error;

type Pages = Pin<Box<dyn Stream<Item = Result<ListBlobsPage, Error>> + Send>>;

/// The entries of a list of blobs, page after page: made by [`ListBlobsCall::items`](crate::ListBlobsCall::items).
///
/// It holds the entries of one page at most, and asks for the next page when it has given the last of them: dropped early, it has asked for
/// nothing in vain.
pub struct ListBlobsItems {
    pages: Pages,
    entries: vec::IntoIter<ListBlobsEntry>,
    cursor: ListCursor,
    // The marker of the page that comes next.
    next: Option<String>,
}

impl ListBlobsItems {
    pub(super) fn new(pages: Pages, cursor: ListCursor) -> Self {
        Self {
            pages,
            entries: Vec::new().into_iter(),
            next: cursor.marker().map(str::to_owned),
            cursor,
        }
    }

    /// Where the stream is: a list with the same options that [goes on](crate::ListBlobsCall::resume) from here gives what this one has not given yet.
    #[must_use]
    pub fn cursor(&self) -> ListCursor {
        self.cursor.clone()
    }
}

impl Stream for ListBlobsItems {
    type Item = Result<ListBlobsEntry, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(entry) = self.entries.next() {
                self.cursor.pass(&entry);
                return Poll::Ready(Some(Ok(entry)));
            }
            match ready!(self.pages.as_mut().poll_next(cx)) {
                Some(Ok(page)) => {
                    let here = std::mem::replace(&mut self.next, page.next_marker);
                    // The page that was resumed is known by its marker and by what was seen of it.
                    if here.as_deref() != self.cursor.marker() {
                        self.cursor = ListCursor::at(here);
                    }
                    self.entries = page.entries.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.entries.len(), None)
    }
}

impl fmt::Debug for ListBlobsItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListBlobsItems")
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}
