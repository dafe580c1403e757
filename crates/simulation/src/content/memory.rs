//! Contents in memory.

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use super::{Content, ContentHandle, ContentId, ContentStore, ContentWriter, zeros};

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
    chunks: Vec<Chunk>,
    open: Vec<u8>,
    len: u64,
}

/// Bytes, and where they begin.
#[derive(Debug)]
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl MemoryWriter {
    fn close(&mut self) {
        let bytes = std::mem::take(&mut self.open);
        if !bytes.is_empty() {
            self.chunks.push(Chunk {
                start: self.len.saturating_sub(wide(bytes.len())),
                bytes: bytes.into(),
            });
        }
    }
}

impl ContentWriter for MemoryWriter {
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = CHUNK.saturating_sub(self.open.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.open.extend_from_slice(now);
            self.len = self.len.saturating_add(wide(now.len()));
            if self.open.len() == CHUNK {
                self.close();
            }
            bytes = later;
        }
        Ok(())
    }

    fn skip(&mut self, len: u64) {
        self.open.shrink_to_fit();
        self.close();
        self.len = self.len.saturating_add(len);
    }

    fn finish(mut self: Box<Self>) -> io::Result<ContentHandle> {
        self.open.shrink_to_fit();
        self.close();
        Ok(Arc::new(MemoryContent {
            chunks: self.chunks,
            len: self.len,
        }))
    }
}

struct MemoryContent {
    // In order, none longer than `CHUNK`. Between them there are zeros.
    chunks: Vec<Chunk>,
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
        let next = self.chunks.partition_point(|chunk| chunk.start <= offset);
        let before = next.checked_sub(1).and_then(|at| self.chunks.get(at));
        if let Some(Chunk { start, bytes }) = before {
            let from = usize::try_from(offset.saturating_sub(*start)).unwrap_or(usize::MAX);
            if from < bytes.len() {
                return Ok(bytes.slice(from..from.saturating_add(limit).min(bytes.len())));
            }
        }
        let end = self.chunks.get(next).map_or(self.len, |chunk| chunk.start);
        let gap = usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX);
        Ok(zeros(gap.min(limit)))
    }

    fn waits(&self) -> bool {
        false
    }
}

fn wide(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
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

    #[test]
    fn zeros_that_are_skipped_are_read() {
        const GAP: u64 = 1 << 40;
        let mut writer = MemoryStore.create().unwrap();
        writer.write(b"a").unwrap();
        writer.skip(GAP);
        writer.write(b"bc").unwrap();
        writer.skip(2);
        let content = writer.finish().unwrap();
        assert_eq!(content.len(), GAP + 5);
        let read = |offset, limit| content.read(offset, limit).unwrap();
        assert_eq!(&read(0, 9)[..], b"a");
        assert_eq!(&read(1, 3)[..], [0; 3]);
        assert_eq!(&read(GAP, 9)[..], [0]);
        assert_eq!(&read(GAP + 2, 9)[..], b"c");
        assert_eq!(&read(GAP + 3, 9)[..], [0; 2]);
        assert!(read(GAP + 5, 9).is_empty());
    }
}
