//! Lists as streams: of pages, and of what is on them.

use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lazuli_protocol::{self as protocol, Operation};

use crate::options::CallOptions;
use crate::{BlobServiceClient, Error};

/// An operation that gives a page at a time.
pub(crate) trait Paged: Operation<Output: 'static> + 'static {
    /// Asks for the page that a marker names.
    fn go_to(&mut self, marker: String);

    /// The marker of the page that it asks for; `None` for the first.
    fn marker(&self) -> Option<&str>;

    /// Holds the pages after this one to what it was of, where it was of one state of something.
    fn follow(&mut self, _page: &Self::Output) {}

    /// The marker of the page after this one; `None` on the last.
    fn next(page: &Self::Output) -> Option<String>;
}

/// The pages, from the one that `operation` asks for to the last. After an error there is nothing more; a page that names itself as the next is one, for the
/// list would never end.
pub(crate) fn pages<O: Paged>(
    service: BlobServiceClient,
    operation: Result<O, Error>,
    options: CallOptions,
) -> impl Stream<Item = Result<O::Output, Error>> + Send + Unpin {
    let pages = stream::unfold(Some(operation), move |operation| {
        let (service, options) = (service.clone(), options.clone());
        async move {
            let mut operation = match operation? {
                Ok(operation) => operation,
                Err(error) => return Some((Err(error), None)),
            };
            let page = match service.send_with(&operation, &options).await {
                Ok(page) => page,
                Err(error) => return Some((Err(error), None)),
            };
            let next = O::next(&page);
            if next.is_some() && next.as_deref() == operation.marker() {
                return Some((Err(around()), None));
            }
            let next = next.map(|marker| {
                operation.follow(&page);
                operation.go_to(marker);
                Ok(operation)
            });
            Some((Ok(page), next))
        }
    });
    Box::pin(pages.fuse())
}

fn around() -> Error {
    let message = "the service answered a page of a list that names itself as the next; start again from where the list is";
    protocol::Error::new(protocol::ErrorKind::InvalidResponse, message).into()
}

/// What is on the pages, one by one.
pub(crate) fn items<P, T>(
    pages: impl Stream<Item = Result<P, Error>> + Send + Unpin,
    entries: impl Fn(P) -> Vec<T> + Send,
) -> impl Stream<Item = Result<T, Error>> + Send + Unpin
where
    T: Send,
{
    Box::pin(
        pages
            .map_ok(move |page| stream::iter(entries(page).into_iter().map(Ok)))
            .try_flatten()
            .fuse(),
    )
}
