//! One range of a blob on its way in, tried again when it breaks.

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
    Empty,
    /// The blob's first range, under way.
    Range(Box<Download>),
}

/// A range of one state of a blob.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) blob: BlobClient,
    pub(super) etag: Etag,
    pub(super) range: ByteRange,
}

/// The ranges of one state of a blob after the first.
pub(super) fn rest(
    blob: &BlobClient,
    properties: &BlobProperties,
) -> impl Iterator<Item = Wanted> + Send + use<> {
    let (blob, etag, size) = (blob.clone(), properties.etag.clone(), properties.content_length);
    let starts = std::iter::successors(Some(RANGE), |start| start.checked_add(RANGE))
        .take_while(move |start| *start < size);
    starts.map(move |start| Wanted {
        blob: blob.clone(),
        etag: etag.clone(),
        range: ByteRange::new(start, RANGE.min(size - start)),
    })
}

/// The first range of a blob of this size.
pub(super) fn first(blob: &BlobClient, properties: &BlobProperties) -> Wanted {
    let range = ByteRange::new(0, RANGE.min(properties.content_length));
    Wanted {
        blob: blob.clone(),
        etag: properties.etag.clone(),
        range,
    }
}

/// Where a range goes.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Disk(Writer),
    Memory,
}

/// A range that has arrived.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) check: Check,
    /// Its content, when it was to go to memory.
    pub(super) bytes: Bytes,
}

impl Transfer {
    /// Asks for the first range of a blob, and thereby what it is.
    pub(super) async fn first_range(&self, blob: &BlobClient) -> Result<First, Error> {
        match self.ask(blob, ByteRange::new(0, RANGE), None).await {
            Ok(download) => Ok(First::Range(Box::new(download))),
            // No range of an empty blob can be satisfied.
            Err(error) if error.status().is_some_and(|status| status == 416) => {
                if blob.properties().await?.content_length == 0 {
                    return Ok(First::Empty);
                }
                Err(changed(blob))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Brings a range in, from a download that is under way or a new one.
    pub(super) async fn fetch(
        &self,
        wanted: &Wanted,
        mut under_way: Option<Box<Download>>,
        target: &Target,
    ) -> Result<Fetched, Error> {
        let Wanted { blob, etag, range } = wanted;
        let mut tries = 1;
        let mut wait = FIRST_WAIT;
        loop {
            let download = match under_way.take() {
                Some(download) => Ok(*download),
                None => self
                    .ask(blob, *range, Some(etag))
                    .await
                    .map_err(|error| said_changed(blob, error)),
            };
            let download = download.and_then(|download| is_wanted(download, wanted));
            let outcome = match (download, target) {
                (Ok(download), Target::Disk(writer)) => self.drain(download, range.first(), writer).await,
                (Ok(download), Target::Memory) => self.gather(download).await,
                (Err(error), _) => Err(error),
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

    /// Asks for a range with the strongest checksum that the service is known to compute.
    async fn ask(
        &self,
        blob: &BlobClient,
        range: ByteRange,
        etag: Option<&Etag>,
    ) -> Result<Download, lazuli_blob::Error> {
        let call = |checksum| {
            let call = blob.download().range(range).range_checksum(checksum);
            if let Some(etag) = etag {
                call.if_match(etag)
            } else {
                call
            }
        };
        let checksum = self.range_checksum();
        match call(checksum).await {
            Err(error) if checksum == RangeChecksum::Crc64 && refuses_checksum(&error) => {
                tracing::debug!("the service computes no CRC64 of a range; MD5 takes its place");
                self.without_range_crc64();
                call(RangeChecksum::Md5).await
            }
            other => other,
        }
    }

    async fn drain(
        &self,
        mut download: Download,
        mut offset: u64,
        writer: &Writer,
    ) -> Result<Fetched, Error> {
        let check = strength(&download);
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
        Ok(Fetched {
            check,
            bytes: Bytes::new(),
        })
    }

    async fn put_down(&self, bytes: Bytes, offset: u64, writer: &Writer) -> Result<u64, Error> {
        let len = bytes.len() as u64;
        writer.write(bytes, offset).await?;
        self.event(&Event::Moved { bytes: len });
        Ok(offset + len)
    }

    async fn gather(&self, download: Download) -> Result<Fetched, Error> {
        let check = strength(&download);
        let bytes = download.bytes().await?;
        self.event(&Event::Moved {
            bytes: bytes.len() as u64,
        });
        Ok(Fetched { check, bytes })
    }
}

/// Holds an answer against what was asked for: a checksum says nothing about which bytes it is of.
fn is_wanted(download: Download, wanted: &Wanted) -> Result<Download, Error> {
    let Wanted { blob, etag, range } = wanted;
    if download.properties().etag != *etag {
        return Err(changed(blob));
    }
    let first = download.content_range().map_or(0, |range| range.first);
    if first == range.first() && Some(download.content_length()) == range.len() {
        return Ok(download);
    }
    let message = format!(
        "the service was asked for {range} of {} and sent {} bytes from byte {first} on",
        blob.name(),
        download.content_length()
    );
    let kind = lazuli_protocol::ErrorKind::InvalidResponse;
    Err(lazuli_blob::Error::from(lazuli_protocol::Error::new(kind, message)).into())
}

fn strength(download: &Download) -> Check {
    match download.checksum() {
        Some(lazuli_protocol::Checksum::Crc64(_)) => Check::Crc64,
        Some(_) => Check::Md5,
        None => Check::Length,
    }
}

fn breaks_off(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::ChecksumMismatch => true,
        ErrorKind::Blob => error.blob().is_some_and(lazuli_blob::Error::is_retryable),
        _ => false,
    }
}

/// Whether a service says that it does not know the checksum that it was asked for.
fn refuses_checksum(error: &lazuli_blob::Error) -> bool {
    matches!(
        error.code().map(ErrorCode::as_str),
        Some("FeatureNotSupported" | "UnsupportedHeader")
    )
}

fn said_changed(blob: &BlobClient, error: lazuli_blob::Error) -> Error {
    if error.code() == Some(&ErrorCode::ConditionNotMet) {
        changed(blob)
    } else {
        error.into()
    }
}

fn changed(blob: &BlobClient) -> Error {
    let message = format!("the blob {} changed while it was read; try again", blob.name());
    Error::new(ErrorKind::Changed, message)
}
