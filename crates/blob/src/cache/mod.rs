//! A read-through cache: blocks of blobs in memory and on the disk, bounded, with a time to live.
//!
//! ```no_run
//! use lazuli_blob::BlobServiceClient;
//! use lazuli_blob::cache::BlobCache;
//!
//! # async fn example() -> Result<(), lazuli_blob::Error> {
//! let blobs = BlobServiceClient::from_connection_string("UseDevelopmentStorage=true")?;
//! let cache = BlobCache::builder().memory(512 << 20).disk("blocks", 20 << 30).build()?;
//! let weights = cache.blob(&blobs.container("models").blob("llama/weights.bin"));
//!
//! let header = weights.read(0..4096).await?; // one request
//! let again = weights.read(512..1024).await?; // none
//! # Ok(())
//! # }
//! ```
//!
//! # What a read can rely on
//! - All its bytes are of one state of the blob, which has one ETag. That state was the current one when the read began, or less than the
//!   [time to live](BlobCacheBuilder::ttl) before. Where the client reads from the secondary place of an account, current is what is known there,
//!   which may be older than what was read before.
//! - Within the time to live, what is at hand costs no request. After it, one request asks whether the blob has changed: with
//!   `If-None-Match` when the block is at hand, and otherwise for the block itself. When it has, what is left of the old state is dropped.
//! - Every block comes with the CRC64 that the service computed of it (MD5 where it computes none), and every file is held against its own when it is
//!   read: a file that was torn or damaged is dropped, and the block fetched again.
//! - However many want the same block at a time, one request fetches it. An error is told to all of them, and kept by nobody: whoever
//!   tries again asks again. That a blob is not there is never kept.
//! - Versions and snapshots do not change, and are not asked for again while they are in the cache. One that was deleted can be
//!   read until it leaves the cache.
//!
//! # What is not kept
//! Blobs whose `Cache-Control` says `no-store`, and content that is encrypted with a key of the customer's, are handed on and kept neither in
//! memory nor on the disk. The cache brings no such key itself: a layer may, and [`CachedBlob::client`] reads past the cache. `no-cache` has the
//! service asked before each read. Other directives are for other caches: how long something lives here, the time to live says.
//!
//! # Who may read
//! What is in the cache is handed out to all who use it, whatever their clients are signed with. Give those who may not see the same
//! blobs caches of their own, and folders of their own. Names of files are hashes and hold no signature; contents and metadata are there in the
//! clear, for this user only.
//!
//! # Several processes
//! Any number may share a folder. A file appears under its name when it is whole, readers take no lock, and a short lock keeps all of
//! them to the bound. A process may die at any moment; what it left unfinished is deleted by the next that fills the folder. A disk that fails
//! makes no read fail: what it does not give is fetched.
//!
//! # Metrics
//! With the feature `metrics`: `azure_blob_cache_lookups_total` and `azure_blob_cache_bytes_total` of blocks, by where they came `from`
//! (`memory`, `disk`, `shared`, `service`), `azure_blob_cache_revalidations_total` by `outcome` (`same`, `changed`),
//! `azure_blob_cache_evictions_total` and `azure_blob_cache_disk_faults_total`. [`BlobCache::stats`] has the same numbers without a recorder.

mod ask;
mod blob;
mod builder;
mod disk;
mod engine;
mod fetch;
mod flights;
mod floors;
mod handle;
mod key;
mod memory;
mod reader;
mod state;
mod stats;
mod store;

pub use blob::CachedBlob;
pub use builder::BlobCacheBuilder;
pub use handle::BlobCache;
pub use reader::CachedReader;
pub use stats::CacheStats;
