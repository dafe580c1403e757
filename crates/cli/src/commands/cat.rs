//! `lazuli cat`: blobs to standard output, each piece checked before it is written.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use lazuli_blob::operations::RangeChecksum;
use lazuli_blob::{BlobClient, BlobProperties, Error, ErrorKind};
use lazuli_protocol::{ErrorCode, Etag, limits};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::help;
use crate::location::Location;
use crate::output::Output;
use crate::session::{Intent, Session};

/// Print blobs, one after the other
#[derive(Args, Debug)]
#[command(after_help = help::CAT)]
pub(crate) struct Arguments {
    /// The blobs
    #[arg(required = true, value_name = "BLOB")]
    blobs: Vec<String>,
}

/// The largest range that the service computes a checksum of, in bytes.
const RANGE: u64 = limits::RANGE_CHECKSUM_BYTES;

/// How often a range is fetched in all when it breaks off, and the step of the waits between.
const TRIES: u32 = 4;
const WAIT: Duration = Duration::from_millis(250);

/// How many ranges are on their way or waiting to be written: 16 MiB in all.
const AHEAD: usize = 4;

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let mut remotes = Vec::new();
    // Nothing is written when any of them cannot be meant.
    for text in &arguments.blobs {
        let remote = Location::parse_remote(text)?;
        remote.required_container()?;
        if remote.is_folder() {
            return Err(
                Failure::usage(format!("{remote} is a folder, and cat prints blobs"))
                    .help(format!("see what is in it with `lazuli ls {remote}`")),
            );
        }
        remotes.push(remote);
    }
    for remote in &remotes {
        let connection = session.connect(&remote.place, Intent::Read).await?;
        let about = connection.about(format!("cannot read {remote}"), remote);
        let printed = print(&connection.blob(remote)?, session.output()).await;
        printed.map_err(|stop| match stop {
            Stop::Read(error) if error.code() == Some(&ErrorCode::ConditionNotMet) => about
                .blob(&error)
                .help("the blob changed while it was read; what was printed is the start of the old one"),
            Stop::Read(error) => about.blob(&error),
            Stop::Write(failure) => failure,
        })?;
    }
    Ok(Exit::Done)
}

/// Why printing stopped.
enum Stop {
    Read(Error),
    Write(Failure),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Read(error)
    }
}

async fn print(blob: &BlobClient, output: Output) -> Result<(), Stop> {
    let mut check = RangeChecksum::Crc64;
    let mut first = fetch(blob, None, 0..RANGE, check).await;
    // Azurite, for one, computes no CRC64 of a range.
    if first.as_ref().is_err_and(refuses_checksum) {
        check = RangeChecksum::Md5;
        first = fetch(blob, None, 0..RANGE, check).await;
    }
    let (first, properties) = match first {
        Ok(first) => first,
        // An empty blob has no range at all.
        Err(error) if error.code() == Some(&ErrorCode::InvalidRange) => {
            return match blob.properties().await?.content_length {
                0 => Ok(()),
                _ => Err(error.into()),
            };
        }
        Err(error) => return Err(error.into()),
    };
    write(output, &first)?;
    let (size, etag) = (properties.content_length, Some(&properties.etag));
    let starts = (RANGE..size).step_by(usize::try_from(RANGE).unwrap_or(usize::MAX));
    let mut ranges = stream::iter(starts)
        .map(|start| fetch(blob, etag, start..size.min(start.saturating_add(RANGE)), check))
        .buffered(AHEAD);
    while let Some((bytes, _)) = ranges.try_next().await? {
        write(output, &bytes)?;
    }
    Ok(())
}

/// One range, checked. It is fetched again when it breaks off on its way: the transport tries again only until an answer begins.
async fn fetch(
    blob: &BlobClient,
    etag: Option<&Etag>,
    range: Range<u64>,
    check: RangeChecksum,
) -> Result<(Bytes, BlobProperties), Error> {
    let mut tries = 1;
    loop {
        match fetch_once(blob, etag, range.clone(), check).await {
            Err(error)
                if tries < TRIES && (error.is_retryable() || error.kind() == ErrorKind::ChecksumMismatch) =>
            {
                tracing::warn!(blob = blob.name(), ?range, tries, %error, "a range broke off and is fetched again");
                tokio::time::sleep(WAIT * tries).await;
                tries += 1;
            }
            ended => return ended,
        }
    }
}

async fn fetch_once(
    blob: &BlobClient,
    etag: Option<&Etag>,
    range: Range<u64>,
    check: RangeChecksum,
) -> Result<(Bytes, BlobProperties), Error> {
    let mut call = blob.download().range(range).range_checksum(check);
    if let Some(etag) = etag {
        call = call.if_match(etag);
    }
    let download = call.await?;
    let properties = download.properties().clone();
    Ok((download.bytes().await?, properties))
}

/// Whether the service says that it does not know the checksum that it was asked for.
fn refuses_checksum(error: &Error) -> bool {
    matches!(
        error.code().map(ErrorCode::as_str),
        Some("FeatureNotSupported" | "UnsupportedHeader")
    )
}

fn write(output: Output, bytes: &[u8]) -> Result<(), Stop> {
    output.bytes(bytes).map_err(Stop::Write)
}
