//! Taking the bytes of a source: they are shared where they are a content of their own, and written anew where they are not.

use std::sync::Arc;

use lazuli_protocol::{Crc64Hasher, Md5Hasher};

use super::call::Call;
use super::download::Cursor;
use super::receive::Received;
use super::refusal::Refusal;
use crate::content::ContentHandle;
use crate::engine::{Engine, blocking};
use crate::state::{Blob, Segment};

/// How much is read and summed at once, in bytes.
const BATCH: usize = 1024 * 1024;
/// Up to so many bytes of what is in memory are taken where they are asked for.
const AT_ONCE: u64 = 64 * 1024;

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
        let at_once = len <= AT_ONCE && !blob.waits() && !self.engine.waits_for_disk();
        let engine = self.engine.clone();
        let work = move || take(&engine, blob, first, len, with_md5, keep);
        let taken = if at_once { work() } else { blocking(work).await };
        taken.map_err(|error| Refusal::internal(&error))
    }
}

fn take(
    engine: &Engine,
    blob: Arc<Blob>,
    first: u64,
    len: u64,
    with_md5: bool,
    keep: bool,
) -> std::io::Result<Received> {
    let shared = whole_content(&blob, first, len);
    let mut writer = if keep && shared.is_none() && len > 0 {
        Some(engine.contents().create()?)
    } else {
        None
    };
    let mut md5 = with_md5.then(Md5Hasher::new);
    let mut crc64 = Crc64Hasher::new();
    let mut cursor = Cursor::new(blob, first, len);
    while cursor.left() > 0 {
        let batch;
        (cursor, batch) = cursor.read(BATCH)?;
        for bytes in batch {
            crc64.update(&bytes);
            if let Some(md5) = &mut md5 {
                md5.update(&bytes);
            }
            if let Some(writer) = &mut writer {
                writer.write(&bytes)?;
            }
        }
    }
    let written = writer.map(|writer| writer.finish()).transpose()?;
    Ok(Received {
        content: written.or(shared.filter(|_| keep)),
        md5: md5.map(Md5Hasher::finish),
        crc64: crc64.finish(),
    })
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
