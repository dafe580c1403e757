//! A file of the log as it is read: a range after the other, each whole in memory, so that no connection waits while events are worked on.

use bytes::Bytes;
use lazuli_protocol::limits;

use super::unreadable;
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
        Some(self.read().await)
    }
}

impl Ranges {
    async fn read(&mut self) -> Result<Bytes, Error> {
        let end = self.offset.saturating_add(RANGE).min(self.end);
        let range = self.blob.download().range(self.offset..end);
        let download = range.range_checksum(RangeChecksum::Crc64).await?;
        let first = download.content_range().map_or(0, |range| range.first);
        if first != self.offset {
            let why = format!("byte {first} came where byte {} was asked for", self.offset);
            return Err(unreadable(self.blob.name(), why).into());
        }
        let piece = download.bytes().await?;
        if piece.is_empty() {
            return Err(unreadable(self.blob.name(), "it is empty now").into());
        }
        self.offset = self.offset.saturating_add(piece.len() as u64);
        Ok(piece)
    }
}
