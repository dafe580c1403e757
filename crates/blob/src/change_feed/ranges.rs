//! A file of the log as it is read: a range after the other, each whole in memory, so that no connection waits while events are worked on.

use bytes::Bytes;
use lazuli_protocol::limits;

use crate::avro::Source;
use crate::operations::RangeChecksum;
use crate::{BlobClient, Error};

/// The most that is read at a time: what the service computes a checksum of.
const RANGE: u64 = limits::RANGE_CHECKSUM_BYTES;

#[derive(Clone, Debug)]
pub(super) struct Ranges {
    blob: BlobClient,
    offset: u64,
    end: u64,
}

impl Ranges {
    /// A blob of this size, in bytes.
    pub(super) fn new(blob: BlobClient, size: u64) -> Self {
        Self {
            blob,
            offset: 0,
            end: size,
        }
    }

    /// The same blob from an offset on.
    pub(super) fn at(&self, offset: u64) -> Self {
        Self {
            offset,
            ..self.clone()
        }
    }
}

impl Source for Ranges {
    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        if self.offset >= self.end {
            return None;
        }
        let end = self.offset.saturating_add(RANGE).min(self.end);
        let range = self
            .blob
            .download()
            .range(self.offset..end)
            .range_checksum(RangeChecksum::Crc64);
        let piece = async { range.await?.bytes().await }.await;
        if let Ok(piece) = &piece {
            // What the file has less than the listing said comes out as a file that ends too early.
            let end = if piece.is_empty() { self.end } else { self.offset };
            self.offset = end.saturating_add(piece.len() as u64);
        }
        Some(piece)
    }
}
