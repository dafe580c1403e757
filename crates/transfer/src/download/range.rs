//! One range of a blob on its way to the disk, tried again when it breaks.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use lazuli_blob::operations::RangeChecksum;
use lazuli_blob::{BlobClient, BlobProperties, Download};
use lazuli_protocol::{ByteRange, ErrorCode, Etag};

use super::partial::Writer;
use crate::summary::Check;
use crate::{Error, ErrorKind, Event, Transfer};

/// The size of a range: the largest that the service computes a checksum of.
pub(super) const RANGE: u64 = lazuli_protocol::limits::RANGE_CHECKSUM_BYTES;

// The transport tries again until an answer begins; from there on, these count.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(250);
const PIECE: usize = 256 * 1024;

/// What came first of a blob: all that is said of it, and its first range.
#[derive(Debug)]
pub(super) enum First {
    /// A blob without content.
    Empty(Box<BlobProperties>),
    /// The blob's first range, under way.
    Range(Box<Download>),
}

impl Transfer {
    /// Asks for the first range of a blob, and thereby what it is.
    pub(super) async fn first_range(&self, blob: &BlobClient) -> Result<First, Error> {
        match blob
            .download()
            .range(0..RANGE)
            .range_checksum(RangeChecksum::Crc64)
            .await
        {
            Ok(download) => Ok(First::Range(Box::new(download))),
            // No range of an empty blob can be satisfied.
            Err(error)
                if error.code() == Some(&ErrorCode::InvalidRange)
                    || error.status().is_some_and(|status| status == 416) =>
            {
                let properties = blob.properties().await?;
                if properties.content_length == 0 {
                    return Ok(First::Empty(Box::new(properties)));
                }
                Err(changed(blob))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Brings a range to the disk, from a download that is under way or a new one.
    pub(super) async fn fetch(
        &self,
        blob: &BlobClient,
        etag: &Etag,
        range: ByteRange,
        mut under_way: Option<Box<Download>>,
        writer: &Writer,
    ) -> Result<Check, Error> {
        let mut tries = 1;
        let mut wait = FIRST_WAIT;
        loop {
            let download = match under_way.take() {
                Some(download) => Ok(download),
                None => self.ask(blob, etag, range).await,
            };
            let outcome = match download {
                Ok(download) => self.drain(*download, range.first(), writer).await,
                Err(error) => Err(error),
            };
            match outcome {
                Err(error) if tries < TRIES && breaks_off(&error) => {
                    tracing::warn!(blob = blob.name(), %range, tries, %error, "a range broke off and is fetched again");
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    async fn ask(&self, blob: &BlobClient, etag: &Etag, range: ByteRange) -> Result<Box<Download>, Error> {
        let asked = blob
            .download()
            .range(range)
            .range_checksum(RangeChecksum::Crc64)
            .if_match(etag)
            .await;
        match asked {
            Ok(download) => Ok(Box::new(download)),
            Err(error) if error.code() == Some(&ErrorCode::ConditionNotMet) => Err(changed(blob)),
            Err(error) => Err(error.into()),
        }
    }

    async fn drain(&self, mut download: Download, mut offset: u64, writer: &Writer) -> Result<Check, Error> {
        let check = if download.has_checksum() {
            Check::Crc64
        } else {
            Check::Length
        };
        let mut gathered = BytesMut::new();
        while let Some(piece) = download.next().await {
            let piece = piece?;
            // Pieces of the wire are small; the disk is handed larger ones.
            let ready: Option<Bytes> = if gathered.is_empty() && piece.len() >= PIECE {
                Some(piece)
            } else {
                gathered.extend_from_slice(&piece);
                (gathered.len() >= PIECE).then(|| gathered.split().freeze())
            };
            if let Some(ready) = ready {
                offset = self.put_down(ready, offset, writer).await?;
            }
        }
        if !gathered.is_empty() {
            self.put_down(gathered.freeze(), offset, writer).await?;
        }
        Ok(check)
    }

    async fn put_down(&self, bytes: Bytes, offset: u64, writer: &Writer) -> Result<u64, Error> {
        let len = bytes.len() as u64;
        writer.write(bytes, offset).await?;
        self.event(&Event::Moved { bytes: len });
        Ok(offset + len)
    }
}

fn breaks_off(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::ChecksumMismatch => true,
        ErrorKind::Blob => error.blob().is_some_and(lazuli_blob::Error::is_retryable),
        _ => false,
    }
}

fn changed(blob: &BlobClient) -> Error {
    let message = format!(
        "the blob {} changed while it was read; nothing was written, try again",
        blob.name()
    );
    Error::new(ErrorKind::Changed, message)
}
