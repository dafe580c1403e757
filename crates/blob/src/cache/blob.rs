//! A blob, read through a cache.

use std::sync::Arc;

use bytes::Bytes;
use lazuli_protocol::ByteRange;

use super::CachedReader;
use super::ask::is_change;
use super::engine::{Engine, Target};
use super::key::{BlobKey, Moment};
use crate::{BlobClient, BlobProperties, Error};

// How often a read begins anew because the blob has changed under it.
const ROUNDS: usize = 4;

/// A blob that is read through a [`BlobCache`](super::BlobCache): [`BlobCache::blob`](super::BlobCache::blob) makes one.
///
/// ```no_run
/// # async fn example(cache: lazuli_blob::cache::BlobCache, blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
/// let blob = cache.blob(&blob);
/// let header = blob.read(0..512).await?;
/// let snapshot = blob.snapshot("2026-06-27T20:00:00.0000000Z").read(0..).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CachedBlob {
    engine: Arc<Engine>,
    target: Arc<Target>,
}

impl CachedBlob {
    pub(super) fn new(engine: Arc<Engine>, client: BlobClient, moment: Moment) -> Self {
        let key = BlobKey::of(&client, &moment);
        let target = Arc::new(Target { client, moment, key });
        Self { engine, target }
    }

    /// A version of the blob, by its id. What is in the cache of it is used for as long as it is there: a version does not change.
    #[must_use]
    pub fn version(&self, id: impl Into<String>) -> Self {
        self.at(Moment::Version(id.into()))
    }

    /// A snapshot of the blob, by its id. What is in the cache of it is used for as long as it is there: a snapshot does not change.
    #[must_use]
    pub fn snapshot(&self, id: impl Into<String>) -> Self {
        self.at(Moment::Snapshot(id.into()))
    }

    fn at(&self, moment: Moment) -> Self {
        Self::new(Arc::clone(&self.engine), self.target.client.clone(), moment)
    }

    /// The blob itself, past the cache.
    #[must_use]
    pub fn client(&self) -> &BlobClient {
        &self.target.client
    }

    /// Reads a range into memory; `0..` is all of it. What lies behind the end is left out, and an empty blob has no bytes at all.
    ///
    /// All bytes are of one state of the blob. When it changes meanwhile, the read begins anew, four times at the most.
    ///
    /// # Errors
    /// Those of [Get Blob](https://learn.microsoft.com/rest/api/storageservices/get-blob), one of which may be told to all who wait for the
    /// same block; [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for an empty range, and for one that starts behind the end; 412
    /// [`ConditionNotMet`](lazuli_protocol::ErrorCode::ConditionNotMet) for a blob that changes faster than it can be read.
    pub async fn read(&self, range: impl Into<ByteRange>) -> Result<Bytes, Error> {
        let range = range.into();
        let mut round = 1;
        loop {
            match self.reader(range).await?.bytes().await {
                Err(error) if is_change(&error) && round < ROUNDS => round += 1,
                other => return other,
            }
        }
    }

    /// Reads a range piece by piece; `0..` is all of it. The first piece is at hand when this returns.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn reader(&self, range: impl Into<ByteRange>) -> Result<CachedReader, Error> {
        let range = range.into();
        // What cannot be asked for is refused the same way with and without the cache.
        range.header_value()?;
        let mut round = 1;
        loop {
            let answered = self.engine.state(&self.target, range.first()).await?;
            let mut reader = CachedReader::new(
                Arc::clone(&self.engine),
                Arc::clone(&self.target),
                answered,
                range,
            )?;
            match reader.begin().await {
                Ok(()) => return Ok(reader),
                Err(error) if is_change(&error) && round < ROUNDS => round += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The blob's properties, as the service told them within the time to live. Also those of a version or snapshot are asked for again then:
    /// its tier can change. Where it was copied from is told without the signature of that URL.
    ///
    /// # Errors
    /// Those of [Get Blob Properties](https://learn.microsoft.com/rest/api/storageservices/get-blob-properties).
    pub async fn properties(&self) -> Result<BlobProperties, Error> {
        self.engine.properties(&self.target).await
    }
}
