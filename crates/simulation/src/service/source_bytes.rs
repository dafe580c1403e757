//! Taking the bytes of a source: they are shared where they are a content of their own, and written anew where they are not. Zeros are
//! not written: a page blob of terabytes that has a few pages is taken in the room of these.

use std::io;
use std::sync::Arc;

use lazuli_protocol::{Crc64Hasher, Md5Hasher};

use super::call::Call;
use super::download::Cursor;
use super::receive::Received;
use super::refusal::Refusal;
use crate::content::{ContentHandle, ContentWriter, is_zeros};
use crate::engine::{Engine, blocking};
use crate::state::{Blob, Segment};

/// How much is read and summed at once, in bytes.
const BATCH: usize = 1024 * 1024;
/// How many batches are taken before it shows whether anybody still waits for them.
const STEP: usize = 64;
/// Up to so many bytes of what is in memory are taken where they are asked for.
const AT_ONCE: u64 = 64 * 1024;
/// Zeros are told from other bytes in stretches of this size: that of a block of most disks.
const GRAIN: usize = 4096;

impl Call {
    /// Takes `len` bytes of a blob from `first` on, which must lie within it, and sums them up. Without `keep` they are summed only.
    pub(super) async fn take(
        &self,
        blob: Arc<Blob>,
        first: u64,
        len: u64,
        with_md5: bool,
        keep: bool,
    ) -> Result<Received, Box<Refusal>> {
        let failed = |error| Refusal::internal(&error);
        let at_once = len <= AT_ONCE && !blob.waits() && !self.engine.waits_for_disk();
        let engine = self.engine.clone();
        let begin = move || Taking::begin(&engine, blob, first, len, with_md5, keep)?.step();
        if at_once {
            return begin().and_then(Taking::finish).map_err(failed);
        }
        let mut taking = blocking(begin).await.map_err(failed)?;
        while taking.cursor.left() > 0 {
            taking = blocking(move || taking.step()).await.map_err(failed)?;
        }
        blocking(move || taking.finish()).await.map_err(failed)
    }
}

/// Bytes of a source on their way in.
struct Taking {
    cursor: Cursor,
    /// What they are shared with.
    shared: Option<ContentHandle>,
    /// Where they go otherwise.
    writer: Option<Box<dyn ContentWriter>>,
    md5: Option<Md5Hasher>,
    crc64: Crc64Hasher,
}

impl Taking {
    fn begin(
        engine: &Engine,
        blob: Arc<Blob>,
        first: u64,
        len: u64,
        with_md5: bool,
        keep: bool,
    ) -> io::Result<Self> {
        let shared = whole_content(&blob, first, len).filter(|_| keep);
        let writer = match shared {
            None if keep && len > 0 => Some(engine.contents().create()?),
            _ => None,
        };
        Ok(Self {
            cursor: Cursor::new(blob, first, len),
            shared,
            writer,
            md5: with_md5.then(Md5Hasher::new),
            crc64: Crc64Hasher::new(),
        })
    }

    fn step(mut self) -> io::Result<Self> {
        for _ in 0..STEP {
            if self.cursor.left() == 0 {
                break;
            }
            let batch;
            (self.cursor, batch) = self.cursor.read(BATCH)?;
            for bytes in batch {
                self.crc64.update(&bytes);
                if let Some(md5) = &mut self.md5 {
                    md5.update(&bytes);
                }
                if let Some(writer) = &mut self.writer {
                    write(&mut **writer, &bytes)?;
                }
            }
        }
        Ok(self)
    }

    fn finish(self) -> io::Result<Received> {
        let written = self.writer.map(|writer| writer.finish()).transpose()?;
        Ok(Received {
            content: written.or(self.shared),
            md5: self.md5.map(Md5Hasher::finish),
            crc64: self.crc64.finish(),
        })
    }
}

/// Writes bytes, and leaves out the zeros among them.
fn write(writer: &mut dyn ContentWriter, bytes: &[u8]) -> io::Result<()> {
    let (mut from, mut at) = (0_usize, 0_usize);
    for grain in bytes.chunks(GRAIN) {
        let end = at.saturating_add(grain.len());
        if is_zeros(grain) {
            writer.write(bytes.get(from..at).unwrap_or_default())?;
            writer.skip(u64::try_from(grain.len()).unwrap_or(u64::MAX));
            from = end;
        }
        at = end;
    }
    writer.write(bytes.get(from..).unwrap_or_default())
}

/// The content that holds these bytes and no others, if there is one.
fn whole_content(blob: &Blob, first: u64, len: u64) -> Option<ContentHandle> {
    match blob.segment(first)? {
        Segment::Bytes {
            content, offset: 0, ..
        } if content.len() == len => Some(content),
        _ => None,
    }
}
