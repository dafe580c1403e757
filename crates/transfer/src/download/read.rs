//! A blob as an ordered stream of bytes, read ahead in parallel.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use lazuli_blob::BlobClient;
use tokio::task::JoinHandle;

use super::range::{self, First, Target, Wanted};
use crate::jobs::given_up;
use crate::{Error, Transfer};

// How many ranges of 4 MiB are read ahead of whoever takes them.
const AHEAD: usize = 4;

impl Transfer {
    /// Reads a blob from its start to its end, in pieces of up to 4 MiB, each checked before it is handed on. The next pieces are fetched
    /// meanwhile, all of one state of the blob; at most 16 MiB are held.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt as _;
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_transfer::Error> {
    /// let transfer = lazuli_transfer::Transfer::new(lazuli_transfer::Options::default());
    /// let mut pieces = transfer.read(&blob);
    /// while let Some(piece) = pieces.try_next().await? {
    ///     println!("{} bytes", piece.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The stream ends with the first error: [`ErrorKind::Changed`](crate::ErrorKind::Changed) when the blob changes meanwhile,
    /// [`ErrorKind::ChecksumMismatch`](crate::ErrorKind::ChecksumMismatch) when what arrives stays damaged, and what the service refuses.
    pub fn read(&self, blob: &BlobClient) -> impl Stream<Item = Result<Bytes, Error>> + Send + Unpin + use<> {
        let (engine, blob) = (self.clone(), blob.clone());
        let opened = async move {
            let Some((head, rest)) = Driven::start(engine.clone().open(blob)).await? else {
                return Ok(stream::empty().left_stream());
            };
            let rest = rest.map(move |wanted| Driven::start(engine.clone().piece(wanted)));
            let rest = stream::iter(rest).buffered(AHEAD);
            Ok::<_, Error>(stream::once(async { Ok(head) }).chain(rest).right_stream())
        };
        Box::pin(stream::once(opened).try_flatten())
    }

    async fn open(
        self,
        blob: BlobClient,
    ) -> Result<Option<(Bytes, impl Iterator<Item = Wanted> + Send)>, Error> {
        let _leave = self.request().await;
        let First::Range(download) = self.first_range(&blob).await? else {
            return Ok(None);
        };
        let properties = download.properties().clone();
        let first = range::first(&blob, &properties);
        let head = self.fetch(&first, Some(download), &Target::Memory).await?.bytes;
        Ok(Some((head, range::rest(&blob, &properties))))
    }

    async fn piece(self, wanted: Wanted) -> Result<Bytes, Error> {
        let _leave = self.request().await;
        Ok(self.fetch(&wanted, None, &Target::Memory).await?.bytes)
    }
}

/// Work that goes on whether or not anybody waits for it, so that it gives back the leave it holds. Dropping it ends it.
struct Driven<T>(JoinHandle<Result<T, Error>>);

impl<T: Send + 'static> Driven<T> {
    fn start(work: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl<T> Future for Driven<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let ended = ready!(Pin::new(&mut self.0).poll(cx));
        Poll::Ready(ended.unwrap_or_else(|error| Err(given_up(error))))
    }
}

impl<T> Drop for Driven<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
