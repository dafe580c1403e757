//! Taking in a body: its bytes go where contents are kept, and its checksums come out.
//!
//! A body of up to 64 KiB is collected and written at once, where it is. A longer one is written, and summed, by another thread in
//! batches of 1 MiB while the next batch arrives: two batches and a frame are all that one upload holds in memory.

use bytes::{Bytes, BytesMut};
use http::HeaderName;
use http_body_util::BodyExt;
use lazuli_protocol::{Checksum, Crc64, Crc64Hasher, ErrorCode, Md5, Md5Hasher, header};
use tokio::task::JoinHandle;

use super::body::Incoming;
use super::call::Call;
use super::refusal::Refusal;
use super::structured_body;
use crate::content::{ContentHandle, ContentWriter};
use crate::engine::blocking;

const AT_ONCE: u64 = 64 * 1024;
const BATCH: usize = 1024 * 1024;

/// A body that was taken in whole, and is what its sender says.
#[derive(Debug)]
pub(super) struct Received {
    /// `None` when there was not a byte.
    pub(super) content: Option<ContentHandle>,
    pub(super) md5: Option<Md5>,
    pub(super) crc64: Crc64,
}

impl Call {
    /// The checksum that the sender gave.
    pub(super) fn checksum(&self) -> Result<Option<Checksum>, Box<Refusal>> {
        self.checksum_in(&header::CONTENT_MD5, &header::CONTENT_CRC64)
    }

    /// The checksum that the source of a copy is to have.
    pub(super) fn source_checksum(&self) -> Result<Option<Checksum>, Box<Refusal>> {
        self.checksum_in(&header::SOURCE_CONTENT_MD5, &header::SOURCE_CONTENT_CRC64)
    }

    fn checksum_in(&self, md5: &HeaderName, crc64: &HeaderName) -> Result<Option<Checksum>, Box<Refusal>> {
        let name = crc64.as_str();
        let (md5, crc64) = (self.header(md5)?, self.header(crc64)?);
        match (md5, crc64) {
            (Some(_), Some(_)) => Err(ErrorCode::BothCrc64AndMd5HeaderPresent.into()),
            (Some(md5), None) => Ok(Some(Checksum::Md5(
                md5.parse().map_err(|_| ErrorCode::InvalidMd5)?,
            ))),
            (None, Some(crc)) => {
                let bad = |_| Refusal::bad_header(name, crc);
                Ok(Some(Checksum::Crc64(crc.parse().map_err(bad)?)))
            }
            (None, None) => Ok(None),
        }
    }

    /// Takes in a body that holds this many bytes, and compares them with the checksum. `with_md5` asks for an MD5 that nobody gave.
    pub(super) async fn receive(
        &self,
        body: Incoming,
        len: u64,
        checksum: Option<Checksum>,
        with_md5: bool,
    ) -> Result<Received, Box<Refusal>> {
        let body = self.unpacked(body)?;
        let with_md5 = with_md5 || matches!(checksum, Some(Checksum::Md5(_)));
        let received = self.take_in(body, len, with_md5).await?;
        compare(checksum, &received)?;
        Ok(received)
    }

    /// Takes in a body of this many bytes as it is.
    pub(super) async fn take_in(
        &self,
        body: Incoming,
        len: u64,
        with_md5: bool,
    ) -> Result<Received, Box<Refusal>> {
        if len <= AT_ONCE {
            let bytes = collect(body, len).await?;
            self.keep(bytes, with_md5).await
        } else {
            self.stream(body, len, with_md5).await
        }
    }

    /// Takes in a body that is no content, such as a list in XML, of at most `limit` bytes.
    pub(super) async fn receive_document(
        &self,
        body: Incoming,
        limit: u64,
        checksum: Option<Checksum>,
    ) -> Result<(Bytes, Crc64), Box<Refusal>> {
        let len = self.content_length()?;
        if len > limit {
            return Err(ErrorCode::RequestBodyTooLarge.into());
        }
        let bytes = collect(body, len).await?;
        let (md5, crc64) = (Some(Md5::of(&bytes)), Crc64::of(&bytes));
        compare(
            checksum,
            &Received {
                content: None,
                md5,
                crc64,
            },
        )?;
        Ok((bytes, crc64))
    }

    async fn keep(&self, bytes: Bytes, with_md5: bool) -> Result<Received, Box<Refusal>> {
        let (md5, crc64) = (with_md5.then(|| Md5::of(&bytes)), Crc64::of(&bytes));
        if bytes.is_empty() {
            return Ok(Received {
                content: None,
                md5,
                crc64,
            });
        }
        let engine = self.engine.clone();
        let write = move || {
            let mut writer = engine.contents().create()?;
            writer.write(&bytes)?;
            writer.finish()
        };
        // A write to the page cache is done sooner than another thread is woken; a wait for the disk is not.
        let written = if self.engine.waits_for_disk() {
            blocking(write).await
        } else {
            write()
        };
        let content = written.map_err(|error| Refusal::internal(&error))?;
        Ok(Received {
            content: Some(content),
            md5,
            crc64,
        })
    }

    async fn stream(&self, mut body: Incoming, len: u64, with_md5: bool) -> Result<Received, Box<Refusal>> {
        let writer = self
            .engine
            .contents()
            .create()
            .map_err(|error| Refusal::internal(&error))?;
        let mut sink = Sink {
            writer,
            md5: with_md5.then(Md5Hasher::new),
            crc64: Crc64Hasher::new(),
        };
        let mut left = len;
        let mut at_work: Option<JoinHandle<std::io::Result<Sink>>> = None;
        let mut spare = Some(sink);
        loop {
            let batch = next_batch(&mut body, &mut left).await?;
            if batch.is_empty() {
                break;
            }
            sink = idle(spare.take(), at_work.take()).await?;
            at_work = Some(tokio::task::spawn_blocking(move || sink.take(&batch)));
        }
        if left > 0 {
            return Err(ErrorCode::InvalidInput.into());
        }
        sink = idle(spare.take(), at_work.take()).await?;
        let Sink { writer, md5, crc64 } = sink;
        let finish = tokio::task::spawn_blocking(move || writer.finish()).await;
        let content = flatten(finish).map_err(|error| Refusal::internal(&error))?;
        Ok(Received {
            content: Some(content),
            md5: md5.map(Md5Hasher::finish),
            crc64: crc64.finish(),
        })
    }
}

/// Where a long body goes.
struct Sink {
    writer: Box<dyn ContentWriter>,
    md5: Option<Md5Hasher>,
    crc64: Crc64Hasher,
}

impl Sink {
    fn take(mut self, batch: &[Bytes]) -> std::io::Result<Self> {
        for bytes in batch {
            self.writer.write(bytes)?;
            self.crc64.update(bytes);
            if let Some(md5) = &mut self.md5 {
                md5.update(bytes);
            }
        }
        Ok(self)
    }
}

async fn idle(
    spare: Option<Sink>,
    at_work: Option<JoinHandle<std::io::Result<Sink>>>,
) -> Result<Sink, Box<Refusal>> {
    match (spare, at_work) {
        (Some(sink), _) => Ok(sink),
        (None, Some(work)) => flatten(work.await).map_err(|error| Refusal::internal(&error)),
        (None, None) => Err(ErrorCode::InternalError.into()),
    }
}

fn flatten<T>(joined: Result<std::io::Result<T>, tokio::task::JoinError>) -> std::io::Result<T> {
    joined.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

/// The next frames, up to a batch of them; none at the end.
async fn next_batch(body: &mut Incoming, left: &mut u64) -> Result<Vec<Bytes>, Box<Refusal>> {
    let mut batch = Vec::new();
    let mut size = 0_usize;
    while size < BATCH {
        let Some(bytes) = next_frame(body, left).await? else {
            break;
        };
        size = size.saturating_add(bytes.len());
        batch.push(bytes);
    }
    Ok(batch)
}

async fn collect(mut body: Incoming, len: u64) -> Result<Bytes, Box<Refusal>> {
    let mut left = len;
    let first = next_frame(&mut body, &mut left).await?.unwrap_or_default();
    if left == 0 {
        end(&mut body, &mut left).await?;
        return Ok(first);
    }
    let mut all = BytesMut::with_capacity(usize::try_from(len).unwrap_or_default());
    all.extend_from_slice(&first);
    while let Some(bytes) = next_frame(&mut body, &mut left).await? {
        all.extend_from_slice(&bytes);
    }
    if left > 0 {
        return Err(ErrorCode::InvalidInput.into());
    }
    Ok(all.freeze())
}

async fn end(body: &mut Incoming, left: &mut u64) -> Result<(), Box<Refusal>> {
    while next_frame(body, left).await?.is_some() {}
    Ok(())
}

/// The next bytes. A body that is longer than it said, or breaks off, is refused: nobody may be there to hear it.
async fn next_frame(body: &mut Incoming, left: &mut u64) -> Result<Option<Bytes>, Box<Refusal>> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            tracing::debug!(%error, "a request's body broke off");
            structured_body::refuse(&error)
        })?;
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        *left = left.checked_sub(len).ok_or(ErrorCode::InvalidInput)?;
        if !bytes.is_empty() {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

pub(super) fn compare(checksum: Option<Checksum>, received: &Received) -> Result<(), Box<Refusal>> {
    match checksum {
        Some(Checksum::Md5(given)) if received.md5 != Some(given) => Err(md5_mismatch(given, received.md5)),
        Some(Checksum::Crc64(given)) if received.crc64 != given => {
            Err(Refusal::new(ErrorCode::Crc64Mismatch)
                .detail("UserSpecifiedCrc", given.to_string())
                .detail("ServerCalculatedCrc", received.crc64.to_string()))
        }
        _ => Ok(()),
    }
}

pub(super) fn md5_mismatch(given: Md5, found: Option<Md5>) -> Box<Refusal> {
    Refusal::new(ErrorCode::Md5Mismatch)
        .detail("UserSpecifiedMd5", given.to_string())
        .detail(
            "ServerCalculatedMd5",
            found.map(|md5| md5.to_string()).unwrap_or_default(),
        )
}
