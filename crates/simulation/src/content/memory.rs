//! Contents in memory.

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use super::{Content, ContentHandle, ContentId, ContentStore, ContentWriter};

/// Bytes are kept in chunks of this size, so that a long content needs no long stretch of memory, nor is moved as it grows.
const CHUNK: usize = 1024 * 1024;

/// Keeps contents in memory, for as long as the process lives.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore;

impl ContentStore for MemoryStore {
    fn create(&self) -> io::Result<Box<dyn ContentWriter>> {
        Ok(Box::new(MemoryWriter::default()))
    }
}

#[derive(Debug, Default)]
struct MemoryWriter {
    chunks: Vec<Bytes>,
    open: Vec<u8>,
    len: u64,
}

impl ContentWriter for MemoryWriter {
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.len = self
            .len
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        while !bytes.is_empty() {
            let room = CHUNK.saturating_sub(self.open.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.open.extend_from_slice(now);
            if self.open.len() == CHUNK {
                self.chunks.push(std::mem::take(&mut self.open).into());
            }
            bytes = later;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<ContentHandle> {
        if !self.open.is_empty() {
            self.open.shrink_to_fit();
            self.chunks.push(self.open.into());
        }
        Ok(Arc::new(MemoryContent {
            chunks: self.chunks,
            len: self.len,
        }))
    }
}

struct MemoryContent {
    // All of them `CHUNK` long, save the last.
    chunks: Vec<Bytes>,
    len: u64,
}

impl std::fmt::Debug for MemoryContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryContent")
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

impl Content for MemoryContent {
    fn id(&self) -> ContentId {
        // No journal ever names it.
        ContentId(0)
    }

    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, offset: u64, limit: usize) -> io::Result<Bytes> {
        let Ok(offset) = usize::try_from(offset) else {
            return Ok(Bytes::new());
        };
        let Some(chunk) = self.chunks.get(offset / CHUNK) else {
            return Ok(Bytes::new());
        };
        let start = (offset % CHUNK).min(chunk.len());
        let end = start.saturating_add(limit).min(chunk.len());
        Ok(chunk.slice(start..end))
    }

    fn waits(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_pieces_is_read_in_others() {
        let mut writer = MemoryStore.create().unwrap();
        let all: Vec<u8> = (0..CHUNK * 2 + 10)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect();
        for piece in all.chunks(300_007) {
            writer.write(piece).unwrap();
        }
        let content = writer.finish().unwrap();
        assert_eq!(content.len(), u64::try_from(all.len()).unwrap());
        let mut read = Vec::new();
        loop {
            let offset = u64::try_from(read.len()).unwrap();
            let piece = content.read(offset, 700_001).unwrap();
            if piece.is_empty() {
                break;
            }
            read.extend_from_slice(&piece);
        }
        assert!(read == all);
        assert!(content.read(u64::MAX, 1).unwrap().is_empty());
    }
}
