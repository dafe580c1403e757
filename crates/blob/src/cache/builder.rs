//! Setting a cache up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::{self as protocol, Clock, SystemClock, limits};

use super::BlobCache;
use super::disk::{self, Disk};
use super::engine::{Engine, Settings};
use super::memory::Memory;
use crate::Error;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const SMALLEST_BLOCK: u64 = 512;
const MOST_AHEAD: usize = 256;

/// Sets up a [`BlobCache`]: [`BlobCache::builder`] begins.
#[derive(Clone, Debug)]
pub struct BlobCacheBuilder {
    memory: u64,
    disk: Option<(PathBuf, u64)>,
    block_size: u64,
    fetches: usize,
    read_ahead: usize,
    ttl: Duration,
    clock: Arc<dyn Clock>,
}

impl BlobCacheBuilder {
    pub(super) fn new() -> Self {
        Self {
            memory: 64 * MIB,
            disk: None,
            block_size: MIB,
            fetches: 32,
            read_ahead: 4,
            ttl: Duration::from_secs(60),
            clock: Arc::new(SystemClock),
        }
    }

    /// How many bytes the cache holds in memory at most: 64 MiB unless said otherwise. Blocks on their way to it count, and what readers
    /// hold does not. 0 for a cache that is on the disk only.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// Keeps blocks in a folder too, of at most this many bytes. It is made if need be, and only this user can look into it. Any number of
    /// caches and processes of this machine can share it; each keeps to the bound that it was given.
    ///
    /// The content is there as it is, not encrypted.
    #[must_use]
    pub fn disk(mut self, folder: impl Into<PathBuf>, bytes: u64) -> Self {
        self.disk = Some((folder.into(), bytes));
        self
    }

    /// How many bytes are fetched, kept and thrown away together: 512 B to 4 MiB, and 1 MiB unless said otherwise. Each block takes one
    /// request, and one file on the disk.
    #[must_use]
    pub fn block_size(mut self, bytes: u64) -> Self {
        self.block_size = bytes;
        self
    }

    /// How long the service is not asked again whether a blob has changed: 60 s unless said otherwise. Zero asks before each read.
    #[must_use]
    pub fn ttl(mut self, time: Duration) -> Self {
        self.ttl = time;
        self
    }

    /// How many blocks a [reader](super::CachedBlob::reader) asks for before they are wanted: 4 unless said otherwise, 256 at the most.
    #[must_use]
    pub fn read_ahead(mut self, blocks: usize) -> Self {
        self.read_ahead = blocks;
        self
    }

    /// How many blocks are fetched at a time at most: 32 unless said otherwise, and fewer where they would take more than half of the
    /// memory.
    #[must_use]
    pub fn fetches(mut self, most: usize) -> Self {
        self.fetches = most;
        self
    }

    /// By another clock than the machine's. Processes that share a folder must go by the same time.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the cache, and its folder.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a size that cannot be, with neither memory nor a folder, and when the folder cannot
    /// be used.
    pub fn build(self) -> Result<BlobCache, Error> {
        if !(SMALLEST_BLOCK..=limits::RANGE_CHECKSUM_BYTES).contains(&self.block_size) {
            return Err(refused(format!(
                "blocks of {} bytes cannot be; take 512 bytes to 4 MiB",
                self.block_size
            )));
        }
        if self.fetches == 0 {
            return Err(refused(
                "a cache that may not fetch anything cannot be; allow one fetch at a time at least",
            ));
        }
        if self.memory == 0 && self.disk.is_none() {
            return Err(refused("a cache needs memory or a folder"));
        }
        let least = self.block_size.saturating_mul(4).saturating_add(64 * KIB);
        let room = self.disk.as_ref().map(|(_, bytes)| *bytes);
        for bytes in room.into_iter().chain((self.memory > 0).then_some(self.memory)) {
            if bytes < least {
                let message = format!(
                    "{bytes} bytes are too few for blocks of {}; give {least} or more, or take smaller blocks",
                    self.block_size
                );
                return Err(refused(message));
            }
        }
        let disk = match &self.disk {
            Some((folder, bytes)) => Some(Disk::open(folder, *bytes).map_err(|source| {
                let message = format!("the folder {} cannot be used as a cache", folder.display());
                protocol::Error::new(protocol::ErrorKind::InvalidInput, message).with_source(source)
            })?),
            None => None,
        };
        let settings = Settings {
            fetches: self.fetches_at_a_time(),
            memory: self.memory,
            block_size: self.block_size,
            read_ahead: self.read_ahead.min(MOST_AHEAD),
            ttl: self.ttl,
            clock: self.clock,
        };
        Ok(BlobCache::new(Engine::new(settings, disk)))
    }

    fn fetches_at_a_time(&self) -> usize {
        // A permit more than there can be is as good as none.
        let most = self.fetches.min(1 << 16);
        if self.memory == 0 {
            return most;
        }
        let fit = Memory::fetches(self.memory, self.block_size.saturating_add(disk::OVERHEAD));
        most.min(usize::try_from(fit).unwrap_or(most))
    }
}

fn refused(message: impl Into<String>) -> Error {
    protocol::Error::new(protocol::ErrorKind::InvalidInput, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn what_cannot_be_is_refused() {
        let builder = BlobCacheBuilder::new;
        for bad in [
            builder().block_size(511),
            builder().block_size(4 * MIB + 1).memory(1 << 30),
            builder().memory(0),
            builder().memory(MIB),
            builder().fetches(0),
            builder()
                .block_size(512)
                .memory(0)
                .disk("/nowhere/at/all", 60 * KIB),
        ] {
            assert_eq!(
                bad.clone().build().unwrap_err().kind(),
                ErrorKind::InvalidInput,
                "{bad:?}"
            );
        }
        assert!(builder().build().is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = BlobCacheBuilder::new()
            .disk(file.path(), 64 * MIB)
            .build()
            .unwrap_err();
        assert!(error.to_string().contains("cannot be used as a cache"), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }

    #[test]
    fn fetches_take_half_of_the_memory_at_most() {
        let builder = BlobCacheBuilder::new().memory(8 * MIB);
        assert_eq!(builder.fetches_at_a_time(), 3);
        assert_eq!(builder.fetches(2).fetches_at_a_time(), 2);
        assert_eq!(
            BlobCacheBuilder::new()
                .memory(0)
                .fetches(usize::MAX)
                .fetches_at_a_time(),
            1 << 16
        );
    }
}
