//! The cache as its users hold it.

use std::sync::Arc;

use super::engine::Engine;
use super::key::{BlobKey, Moment};
use super::{BlobCacheBuilder, CacheStats, CachedBlob};
use crate::BlobClient;

/// Keeps blocks of blobs in memory and on the disk, and fetches what it does not have. Clones share it.
///
/// See the [module](super) for what a reader can rely on.
///
/// ```no_run
/// use std::time::Duration;
///
/// use lazuli_blob::cache::BlobCache;
///
/// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
/// let cache = BlobCache::builder()
///     .memory(512 << 20)
///     .disk("model-cache", 20 << 30)
///     .ttl(Duration::from_secs(300))
///     .build()?;
/// let weights = cache.blob(&blob);
/// let header = weights.read(0..4096).await?;
/// println!("{} bytes, and then: {:?}", header.len(), cache.stats());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BlobCache(Arc<Engine>);

impl BlobCache {
    /// Sets a cache up: 64 MiB in memory unless told otherwise.
    #[must_use]
    pub fn builder() -> BlobCacheBuilder {
        BlobCacheBuilder::new()
    }

    pub(super) fn new(engine: Engine) -> Self {
        Self(Arc::new(engine))
    }

    /// The blob, read through this cache. What is fetched goes by the client that is given here; what the cache has already is handed out
    /// without asking whether this client may read it.
    #[must_use]
    pub fn blob(&self, blob: &BlobClient) -> CachedBlob {
        CachedBlob::new(Arc::clone(&self.0), blob.clone(), Moment::Current)
    }

    /// Forgets a blob, in memory and on the disk: reads that begin after this ask the service. Call it after a write that this
    /// process should see at once; another process that shares the folder may have the old state in its memory until the time to live is over. What it
    /// writes down of it in the folder does not count here, as far as the clocks agree, and what cannot be deleted there does not either.
    pub async fn invalidate(&self, blob: &BlobClient) {
        self.0.invalidate(BlobKey::of(blob, &Moment::Current)).await;
    }

    /// What the cache has done since it was made.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.0.stats()
    }
}
