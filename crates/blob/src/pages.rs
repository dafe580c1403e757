//! Lists as streams: of pages, and of what is on them.

use std::future::Future;

use futures_core::Stream;
use futures_util::stream::{self, TryStreamExt as _};

use crate::Error;

/// The pages that `fetch` brings, each with the marker of the next, until one has none. After an error there is nothing more.
pub(crate) fn pages<O, P, F>(
    operation: Result<O, Error>,
    fetch: impl Fn(&mut O, Option<String>) -> F + Send + 'static,
) -> impl Stream<Item = Result<P, Error>> + Send + Unpin
where
    O: Send + 'static,
    P: Send + 'static,
    F: Future<Output = Result<(P, Option<String>), Error>> + Send + 'static,
{
    enum Next<O> {
        Page(Result<O, Error>, Option<String>),
        End,
    }
    let pages = stream::unfold((Next::Page(operation, None), fetch), |(next, fetch)| async move {
        let Next::Page(operation, marker) = next else {
            return None;
        };
        let mut operation = match operation {
            Ok(operation) => operation,
            Err(error) => return Some((Err(error), (Next::End, fetch))),
        };
        let fetched = fetch(&mut operation, marker).await;
        Some(match fetched {
            Ok((page, Some(marker))) => (Ok(page), (Next::Page(Ok(operation), Some(marker)), fetch)),
            Ok((page, None)) => (Ok(page), (Next::End, fetch)),
            Err(error) => (Err(error), (Next::End, fetch)),
        })
    });
    Box::pin(pages)
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
            .try_flatten(),
    )
}
