//! The bytes of blobs and blocks, apart from the state that refers to them.
//!
//! A content is written once, whole, and never changed. It is shared: the blobs, blocks and downloads that need it each hold a
//! [`ContentHandle`], and when the last one is dropped the bytes are gone.

mod disk;
mod id;
mod memory;
mod zeros;

pub(crate) use disk::{DiskStore, sync_folder};
pub(crate) use id::ContentId;
pub(crate) use memory::MemoryStore;
pub(crate) use zeros::{is_zeros, zeros};

use std::fmt::Debug;
use std::io;
use std::sync::Arc;

use bytes::Bytes;

/// A share in some bytes.
pub(crate) type ContentHandle = Arc<dyn Content>;

/// Bytes that are kept somewhere.
pub(crate) trait Content: Debug + Send + Sync {
    /// What the journal calls them.
    fn id(&self) -> ContentId;

    /// How many there are.
    fn len(&self) -> u64;

    /// Reads up to `limit` bytes from `offset` on; none at the end only.
    fn read(&self, offset: u64, limit: usize) -> io::Result<Bytes>;

    /// Whether reading may wait for a disk, so that it should not be done on a thread that others need.
    fn waits(&self) -> bool;
}

/// Where contents are kept.
pub(crate) trait ContentStore: Debug + Send + Sync {
    /// Starts a content. Nothing stays behind unless it is finished.
    fn create(&self) -> io::Result<Box<dyn ContentWriter>>;
}

/// A content on its way in. Dropping it takes back what was written.
pub(crate) trait ContentWriter: Send {
    /// Adds bytes.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Adds zeros, which take no room.
    fn skip(&mut self, len: u64);

    /// Says that all bytes are there.
    fn finish(self: Box<Self>) -> io::Result<ContentHandle>;
}
