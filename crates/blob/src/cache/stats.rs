//! How well the cache does its work: counted for [`CacheStats`], and told to the recorder of metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a cache has done since it was made, in this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Blocks that were in memory.
    pub memory_hits: u64,
    /// Blocks that were on the disk.
    pub disk_hits: u64,
    /// Blocks that another reader was just fetching.
    pub shared_fetches: u64,
    /// Blocks that were fetched from the service.
    pub misses: u64,
    /// Bytes of the blocks that were in memory.
    pub memory_bytes_read: u64,
    /// Bytes of the blocks that were on the disk.
    pub disk_bytes_read: u64,
    /// Bytes of the blocks that were fetched.
    pub bytes_fetched: u64,
    /// Times that the service was asked whether a blob is still in the state that is known, and it was.
    pub revalidations: u64,
    /// Times that a blob was found in another state than the one that was known.
    pub changes: u64,
    /// Files that were not as they must be, and were dropped.
    pub damaged_files: u64,
    /// Reads and writes of files that failed. What they were about was fetched, or is not on the disk.
    pub disk_failures: u64,
    /// Blocks that have left the memory for want of room.
    pub memory_evictions: u64,
    /// Files that this process has deleted for want of room.
    pub disk_evictions: u64,
    /// Bytes that are in memory now, or promised to blocks on their way.
    pub memory_bytes: u64,
}

/// Something that is counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    MemoryHit(u64),
    DiskHit(u64),
    Shared,
    Miss(u64),
    Revalidated,
    Changed,
    Damaged,
    DiskFailed,
    DiskEvicted(u64),
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    memory_hits: AtomicU64,
    disk_hits: AtomicU64,
    shared_fetches: AtomicU64,
    misses: AtomicU64,
    memory_bytes_read: AtomicU64,
    disk_bytes_read: AtomicU64,
    bytes_fetched: AtomicU64,
    revalidations: AtomicU64,
    changes: AtomicU64,
    damaged_files: AtomicU64,
    disk_failures: AtomicU64,
    disk_evictions: AtomicU64,
}

impl Counters {
    pub(super) fn count(&self, event: Event) {
        let add = |counter: &AtomicU64, much: u64| counter.fetch_add(much, Ordering::Relaxed);
        match event {
            Event::MemoryHit(bytes) => {
                add(&self.memory_hits, 1);
                add(&self.memory_bytes_read, bytes);
            }
            Event::DiskHit(bytes) => {
                add(&self.disk_hits, 1);
                add(&self.disk_bytes_read, bytes);
            }
            Event::Miss(bytes) => {
                add(&self.misses, 1);
                add(&self.bytes_fetched, bytes);
            }
            Event::Shared => {
                add(&self.shared_fetches, 1);
            }
            Event::Revalidated => {
                add(&self.revalidations, 1);
            }
            Event::Changed => {
                add(&self.changes, 1);
            }
            Event::Damaged => {
                add(&self.damaged_files, 1);
            }
            Event::DiskFailed => {
                add(&self.disk_failures, 1);
            }
            Event::DiskEvicted(files) => {
                add(&self.disk_evictions, files);
            }
        }
        #[cfg(feature = "metrics")]
        told::tell(event);
    }

    pub(super) fn read(&self) -> CacheStats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CacheStats {
            memory_hits: of(&self.memory_hits),
            disk_hits: of(&self.disk_hits),
            shared_fetches: of(&self.shared_fetches),
            misses: of(&self.misses),
            memory_bytes_read: of(&self.memory_bytes_read),
            disk_bytes_read: of(&self.disk_bytes_read),
            bytes_fetched: of(&self.bytes_fetched),
            revalidations: of(&self.revalidations),
            changes: of(&self.changes),
            damaged_files: of(&self.damaged_files),
            disk_failures: of(&self.disk_failures),
            disk_evictions: of(&self.disk_evictions),
            memory_evictions: 0,
            memory_bytes: 0,
        }
    }
}

#[cfg(feature = "metrics")]
mod told {
    //! The same, for the recorder that a program installs.

    use metrics::counter;

    use super::Event;

    const LOOKUPS: &str = "azure_blob_cache_lookups_total";
    const BYTES: &str = "azure_blob_cache_bytes_total";
    const QUESTIONS: &str = "azure_blob_cache_revalidations_total";
    const FAULTS: &str = "azure_blob_cache_disk_faults_total";
    const EVICTIONS: &str = "azure_blob_cache_evictions_total";

    pub(super) fn tell(event: Event) {
        let block = |from: &'static str, bytes: u64| {
            counter!(LOOKUPS, "from" => from).increment(1);
            counter!(BYTES, "from" => from).increment(bytes);
        };
        match event {
            Event::MemoryHit(bytes) => block("memory", bytes),
            Event::DiskHit(bytes) => block("disk", bytes),
            Event::Miss(bytes) => block("service", bytes),
            Event::Shared => counter!(LOOKUPS, "from" => "shared").increment(1),
            Event::Revalidated => counter!(QUESTIONS, "outcome" => "same").increment(1),
            Event::Changed => counter!(QUESTIONS, "outcome" => "changed").increment(1),
            Event::Damaged => counter!(FAULTS, "kind" => "damaged").increment(1),
            Event::DiskFailed => counter!(FAULTS, "kind" => "failed").increment(1),
            Event::DiskEvicted(files) => counter!(EVICTIONS, "from" => "disk").increment(files),
        }
    }
}
