//! Reading through a cache: what the service answers to its questions.

use std::time::Duration;

use lazuli_blob::cache::BlobCache;
use lazuli_protocol::ErrorCode;

use crate::expect::refused;
use crate::{Backend, content};

const KIB: u64 = 1024;

fn cache(ttl: Duration) -> BlobCache {
    BlobCache::builder()
        .block_size(64 * KIB)
        .ttl(ttl)
        .build()
        .unwrap()
}

pub(super) async fn a_blob_is_read_through_a_cache(backend: &Backend) {
    let folder = tempfile::tempdir().unwrap();
    let blob = backend.container("cached").await.blob("a b/\u{e9}");
    let whole = content::bytes(9, 300_000);
    blob.upload(whole.clone())
        .content_type("text/plain")
        .metadata("part", "1")
        .await
        .unwrap();
    let builder = BlobCache::builder()
        .block_size(64 * KIB)
        .ttl(Duration::from_secs(3600));
    let on_disk = || {
        builder
            .clone()
            .memory(0)
            .disk(folder.path(), 10 << 20)
            .build()
            .unwrap()
    };
    let caches = [builder.clone().build().unwrap(), on_disk(), on_disk()];
    for (cache, fetched) in caches.iter().zip([5, 5, 0]) {
        let cached = cache.blob(&blob);
        for (start, end) in [
            (70_000, 70_001),
            (0, 300_000),
            (65_535, 65_537),
            (299_999, 300_000),
        ] {
            let read = cached.read(start as u64..end as u64).await.unwrap();
            assert!(read == whole[start..end], "{start}..{end}");
        }
        assert_eq!(cache.stats().misses, fetched);
        assert_eq!(cached.properties().await.unwrap(), properties(&blob).await);
    }
}

// Told with a range, which does not say what a whole blob would.
async fn properties(blob: &lazuli_blob::BlobClient) -> lazuli_blob::BlobProperties {
    blob.download().range(0..1).await.unwrap().properties().clone()
}

pub(super) async fn changes_are_seen_through_a_cache(backend: &Backend) {
    let blob = backend.container("changing").await.blob("a");
    let cache = cache(Duration::ZERO);
    let cached = cache.blob(&blob);
    for (round, len) in [200_000, 100_000, 0, 65_536, 1].into_iter().enumerate() {
        let whole = content::bytes(round as u64, len);
        blob.upload(whole.clone()).await.unwrap();
        for _ in 0..2 {
            assert!(cached.read(0..).await.unwrap() == whole, "{len} bytes");
        }
        if let Some(last) = (len as u64).checked_sub(1) {
            assert_eq!(cached.read(last..).await.unwrap().len(), 1);
        }
        assert!(cached.read(len as u64 + 1..).await.is_err());
    }
    let stats = cache.stats();
    assert!(stats.revalidations > 8 && stats.changes == 4, "{stats:?}");
    blob.delete().await.unwrap();
    refused(cached.read(0..).await, 404, ErrorCode::BlobNotFound);
}
