//! How records are strung together in a file: each has its length and a checksum before it, so that a write that was cut short is
//! recognized.
//!
//! ```text
//! file:  magic (8 bytes) | version u32 | kind u32 | frames…
//! frame: length u32 | length, all bits turned u32 | CRC64 of the record u64 | record
//! ```
//! Numbers are little-endian. The length stands there twice so that a damaged one is not taken for a long record that was cut.

use std::io::{self, Read};

use lazuli_protocol::Crc64;

/// What a file of ours begins with.
const MAGIC: [u8; 8] = *b"lazuli\r\n";
/// The versions of the format that this code reads. It writes the last. Version 2 has records in several parts.
const VERSIONS: [u32; 2] = [1, VERSION];
/// The version of the format that this code writes.
pub(super) const VERSION: u32 = 2;
/// The header's length, in bytes.
pub(super) const HEADER: usize = 16;
/// What stands before a record, in bytes.
const FRAME: usize = 16;
/// No record is longer, nor a part of one: a list of 50,000 blocks takes less than a tenth of it.
const LONGEST: usize = 64 * 1024 * 1024;

/// What a file of this format holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum FileKind {
    /// Records that make the state as it was at one time. It is complete, or it is damaged.
    Snapshot = 1,
    /// Records as they came. Its end may be cut.
    Journal = 2,
}

/// Why a header was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderFault {
    /// It is not there in full.
    Short,
    /// The file is something else.
    Foreign,
    /// Other code wrote it.
    Version(u32),
}

/// What stands at a place in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// A record.
    Record(&'a [u8]),
    /// The end, just after a record.
    End,
    /// The beginning of a frame whose rest was never written.
    Torn,
    /// Something that was not written so.
    Damaged,
}

/// The header of a new file.
pub(super) fn header(kind: FileKind) -> [u8; HEADER] {
    header_of(kind, VERSION)
}

fn header_of(kind: FileKind, version: u32) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let fields = MAGIC
        .into_iter()
        .chain(version.to_le_bytes())
        .chain((kind as u32).to_le_bytes());
    for (to, from) in header.iter_mut().zip(fields) {
        *to = from;
    }
    header
}

/// Checks a file's header, and tells its version.
pub(super) fn check_header(file: &[u8], kind: FileKind) -> Result<u32, HeaderFault> {
    let mut expected = VERSIONS
        .into_iter()
        .map(|version| (version, header_of(kind, version)));
    let Some(found) = file.get(..HEADER) else {
        return Err(if expected.any(|(_, header)| header.starts_with(file)) {
            HeaderFault::Short
        } else {
            HeaderFault::Foreign
        });
    };
    if let Some((version, _)) = expected.find(|(_, header)| found == header) {
        return Ok(version);
    }
    match (found.strip_prefix(&MAGIC), number(found, 8)) {
        (Some(_), Some(version)) if !VERSIONS.contains(&version) => Err(HeaderFault::Version(version)),
        _ => Err(HeaderFault::Foreign),
    }
}

/// Adds a frame to `out` around the record that `write` adds. False when the record is too long, and `out` is as it was.
pub(super) fn push(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> bool {
    let start = out.len();
    out.extend_from_slice(&[0; FRAME]);
    write(out);
    let body = out.get(start.saturating_add(FRAME)..).unwrap_or_default();
    let Some(len) = u32::try_from(body.len()).ok().filter(|_| body.len() <= LONGEST) else {
        out.truncate(start);
        return false;
    };
    let crc = Crc64::of(body).get();
    let head = len
        .to_le_bytes()
        .into_iter()
        .chain((!len).to_le_bytes())
        .chain(crc.to_le_bytes());
    for (to, from) in out.iter_mut().skip(start).zip(head) {
        *to = from;
    }
    true
}

/// Reads the frames of a file one after the other.
#[derive(Debug)]
pub(super) struct Frames<R> {
    source: R,
    // In bytes: what has been read as whole frames, and what follows that.
    whole: u64,
    left: u64,
    body: Vec<u8>,
}

impl<R: Read> Frames<R> {
    /// Begins with the first frame, of a source that has `len` bytes left.
    pub(super) fn new(source: R, len: u64) -> Self {
        Self {
            source,
            whole: 0,
            left: len,
            body: Vec::new(),
        }
    }

    /// How many bytes the frames take that were read so far.
    pub(super) fn whole(&self) -> u64 {
        self.whole
    }

    pub(super) fn next(&mut self) -> io::Result<Frame<'_>> {
        if self.left == 0 {
            return Ok(Frame::End);
        }
        let Some(rest) = self.left.checked_sub(wide(FRAME)) else {
            return Ok(Frame::Torn);
        };
        let mut head = [0; FRAME];
        self.source.read_exact(&mut head)?;
        let (Some(len), Some(check), Some(crc)) = (number(&head, 0), number(&head, 4), long(&head, 8)) else {
            return Ok(Frame::Damaged);
        };
        let Some(len) = usize::try_from(len)
            .ok()
            .filter(|bytes| check == !len && *bytes <= LONGEST)
        else {
            return self.blank(&head);
        };
        let Some(after) = rest.checked_sub(wide(len)) else {
            return Ok(Frame::Torn);
        };
        self.body.clear();
        (&mut self.source).take(wide(len)).read_to_end(&mut self.body)?;
        if Crc64::of(&self.body).get() != crc {
            // If it is the last of all, its end did not reach the disk.
            return Ok(if after == 0 { Frame::Torn } else { Frame::Damaged });
        }
        self.whole = self.whole.saturating_add(wide(FRAME)).saturating_add(wide(len));
        self.left = after;
        Ok(Frame::Record(&self.body))
    }

    /// After a loss of power a file may be longer than what reached the disk of it; the rest is zeros then.
    fn blank(&mut self, head: &[u8]) -> io::Result<Frame<'_>> {
        if head.iter().any(|byte| *byte != 0) {
            return Ok(Frame::Damaged);
        }
        let mut rest = [0; 4096];
        loop {
            match self.source.read(&mut rest)? {
                0 => return Ok(Frame::Torn),
                read if rest.iter().take(read).all(|byte| *byte == 0) => {}
                _ => return Ok(Frame::Damaged),
            }
        }
    }
}

fn wide(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(records: &[&[u8]]) -> Vec<u8> {
        let mut file = Vec::new();
        for record in records {
            assert!(push(&mut file, |out| out.extend_from_slice(record)));
        }
        file
    }

    fn frames(file: &[u8]) -> Frames<&[u8]> {
        Frames::new(file, wide(file.len()))
    }

    #[test]
    fn frames_are_read_back() {
        let file = framed(&[b"one", b"", b"three"]);
        let mut frames = frames(&file);
        assert_eq!(frames.next().unwrap(), Frame::Record(b"one"));
        assert_eq!(frames.next().unwrap(), Frame::Record(b""));
        assert_eq!(frames.next().unwrap(), Frame::Record(b"three"));
        assert_eq!(frames.next().unwrap(), Frame::End);
        assert_eq!(frames.whole(), wide(file.len()));
    }

    #[test]
    fn a_cut_end_is_told_from_damage() {
        let first = framed(&[b"one"]).len();
        let file = framed(&[b"one", b"two"]);
        for end in first + 1..file.len() {
            let mut cut = frames(&file[..end]);
            assert_eq!(cut.next().unwrap(), Frame::Record(b"one"));
            assert_eq!(cut.next().unwrap(), Frame::Torn, "cut at {end}");
            assert_eq!(cut.whole(), wide(first));
        }
        for at in 0..first {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            assert_eq!(frames(&damaged).next().unwrap(), Frame::Damaged, "byte {at}");
        }
        let mut longer = framed(&[]);
        longer.resize(10_000, 0);
        assert_eq!(frames(&longer).next().unwrap(), Frame::Torn);
        longer[9_999] = 1;
        assert_eq!(frames(&longer).next().unwrap(), Frame::Damaged);
    }

    #[test]
    fn headers_say_who_wrote_the_file() {
        let good = header(FileKind::Journal);
        assert_eq!(check_header(&good, FileKind::Journal), Ok(VERSION));
        let mut earlier = good;
        earlier[8] = 1;
        assert_eq!(check_header(&earlier, FileKind::Journal), Ok(1));
        assert_eq!(
            check_header(&earlier[..9], FileKind::Journal),
            Err(HeaderFault::Short)
        );
        assert_eq!(check_header(&good, FileKind::Snapshot), Err(HeaderFault::Foreign));
        assert_eq!(
            check_header(&good[..5], FileKind::Journal),
            Err(HeaderFault::Short)
        );
        assert_eq!(check_header(b"", FileKind::Journal), Err(HeaderFault::Short));
        assert_eq!(
            check_header(b"something else altogether", FileKind::Journal),
            Err(HeaderFault::Foreign)
        );
        let mut newer = good;
        newer[8] = 3;
        assert_eq!(
            check_header(&newer, FileKind::Journal),
            Err(HeaderFault::Version(3))
        );
    }
}
