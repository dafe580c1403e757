//! A blob as an ordered stream of bytes, read ahead in parallel.

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use lazuli_blob::BlobClient;

use super::range::{self, First, Target, Wanted};
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
            let leave = engine.request().await;
            let First::Range(download) = engine.first_range(&blob).await? else {
                return Ok(stream::empty().left_stream());
            };
            let properties = download.properties().clone();
            let head = engine
                .fetch(&range::first(&blob, &properties), Some(download), &Target::Memory)
                .await?
                .bytes;
            drop(leave);
            let rest =
                stream::iter(range::rest(&blob, &properties).map(move |wanted| engine.clone().piece(wanted)));
            Ok::<_, Error>(
                stream::once(async { Ok(head) })
                    .chain(rest.buffered(AHEAD))
                    .right_stream(),
            )
        };
        Box::pin(stream::once(opened).try_flatten())
    }

    async fn piece(self, wanted: Wanted) -> Result<Bytes, Error> {
        let _leave = self.request().await;
        Ok(self.fetch(&wanted, None, &Target::Memory).await?.bytes)
    }
}
