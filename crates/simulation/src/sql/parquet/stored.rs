//! Where a table is read from.

use std::io;

use bytes::Bytes;

/// Bytes that can be read from any place.
pub(crate) trait Stored: Send + Sync {
    fn len(&self) -> u64;

    /// Exactly so many bytes.
    ///
    /// # Errors
    /// There are fewer, or they cannot be read.
    fn read(&self, at: u64, len: usize) -> io::Result<Bytes>;
}
