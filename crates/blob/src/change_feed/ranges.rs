//! A file of the log as it is read: a range after the other, each whole in memory, so that no connection waits while events are worked on.

use std::sync::Arc;

use bytes::Bytes;
use lazuli_protocol::limits;

use super::log::Log;
use super::unreadable;
use crate::Error;
use crate::avro::Source;
use crate::operations::RangeChecksum;

/// The most that is read at a time: what the service computes a checksum of.
const RANGE: u64 = limits::RANGE_CHECKSUM_BYTES;

/// What is read at first where only a header is wanted.
const HEADER: u64 = 64 * 1024;

#[derive(Clone, Debug)]
pub(super) struct Ranges {
    log: Log,
    name: Arc<str>,
    offset: u64,
    end: u64,
    /// How much the next range has at most.
    step: u64,
}

impl Ranges {
    /// A file of this size, in bytes.
    pub(super) fn new(log: Log, name: Arc<str>, size: u64) -> Self {
        Self {
            log,
            name,
            offset: 0,
            end: size,
            step: RANGE,
        }
    }

    /// The same file, with a small range first.
    pub(super) fn slowly(self) -> Self {
        Self { step: HEADER, ..self }
    }

    /// The same file from an offset on.
    pub(super) fn at(&self, offset: u64) -> Self {
        Self {
            offset,
            step: RANGE,
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
        let end = self.offset.saturating_add(self.step).min(self.end);
        let range = self.log.read(&self.name).range(self.offset..end);
        let download = range.range_checksum(RangeChecksum::Crc64).await?;
        let first = download.content_range().map_or(0, |range| range.first);
        if first != self.offset {
            let why = format!("byte {first} came where byte {} was asked for", self.offset);
            return Err(unreadable(&self.name, why).into());
        }
        let piece = download.bytes().await?;
        if piece.is_empty() {
            return Err(unreadable(&self.name, "it is empty now").into());
        }
        self.offset = self.offset.saturating_add(piece.len() as u64);
        self.step = RANGE;
        Ok(piece)
    }
}
