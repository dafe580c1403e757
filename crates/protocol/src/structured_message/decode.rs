//! Content taken out of its segments, as it arrives.

use bytes::Bytes;

use super::{CHECKSUM, CHECKSUMS, MESSAGE_HEADER, SEGMENT_HEADER, VERSION};
use crate::{Crc64, Crc64Hasher, Error, ErrorKind};

/// Takes the content out of a structured message, piece by piece, and checks it. It keeps no more than a header of the message.
///
/// Content is handed out before the checksum of its segment has arrived: it is known to be good when [`finish`](Self::finish) says so, and up to
/// [`verified`](Self::verified) before that. A message without checksums is refused: nobody asks for one.
#[derive(Debug)]
pub struct StructuredDecoder {
    expected: u64,
    state: State,
    // A header or a checksum, as far as it has arrived.
    field: Vec<u8>,
    message: Message,
    segment: u16,
    segment_content: u64,
    hasher: Crc64Hasher,
    whole: Crc64,
    read: u64,
    content: u64,
    verified: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Message {
    length: u64,
    segments: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    MessageHeader,
    SegmentHeader,
    Content { left: u64 },
    SegmentChecksum,
    Footer,
    Done,
}

impl StructuredDecoder {
    /// Starts to read a message that holds this many bytes of content.
    #[must_use]
    pub fn new(content_length: u64) -> Self {
        Self {
            expected: content_length,
            state: State::MessageHeader,
            field: Vec::with_capacity(MESSAGE_HEADER),
            message: Message::default(),
            segment: 0,
            segment_content: 0,
            hasher: Crc64Hasher::new(),
            whole: Crc64::of(&[]),
            read: 0,
            content: 0,
            verified: 0,
        }
    }

    /// How many bytes of content stand in segments that were good, from the start. The last segment is among them once the checksum of the whole
    /// was good too.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.verified
    }

    /// Takes the next content out of `piece`, which is left with the rest of it; `None` when there is no more in it.
    ///
    /// # Errors
    /// [`ErrorKind::ChecksumMismatch`] when the content of a segment, or all of it, is not what its checksum says, and
    /// [`ErrorKind::InvalidResponse`] when this is no such message. Nothing can be read after that.
    pub fn decode(&mut self, piece: &mut Bytes) -> Result<Option<Bytes>, Error> {
        while !piece.is_empty() {
            match self.state {
                State::Content { left } => return Ok(Some(self.take(piece, left))),
                State::Done => return Err(unreadable("it goes on behind its end")),
                State::MessageHeader => self.fill(piece, MESSAGE_HEADER, Self::message_header)?,
                State::SegmentHeader => self.fill(piece, SEGMENT_HEADER, Self::segment_header)?,
                State::SegmentChecksum => self.fill(piece, CHECKSUM, Self::segment_checksum)?,
                State::Footer => self.fill(piece, CHECKSUM, Self::footer)?,
            }
        }
        Ok(None)
    }

    /// Says that nothing more comes.
    ///
    /// # Errors
    /// [`ErrorKind::Body`] when the message is not over.
    pub fn finish(&self) -> Result<(), Error> {
        if self.state == State::Done {
            return Ok(());
        }
        let message = format!("{} of {} bytes arrived", self.content, self.expected);
        Err(Error::new(ErrorKind::Body, message))
    }

    fn take(&mut self, piece: &mut Bytes, left: u64) -> Bytes {
        let length = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        let content = piece.split_to(length);
        let length = content.len() as u64;
        self.hasher.update(&content);
        self.content = self.content.saturating_add(length);
        self.read = self.read.saturating_add(length);
        let left = left.saturating_sub(length);
        self.state = State::Content { left };
        if left == 0 {
            self.state = State::SegmentChecksum;
        }
        content
    }

    fn fill(
        &mut self,
        piece: &mut Bytes,
        size: usize,
        read: fn(&mut Self, &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let missing = size.saturating_sub(self.field.len());
        let taken = piece.split_to(missing.min(piece.len()));
        self.field.extend_from_slice(&taken);
        self.read = self.read.saturating_add(taken.len() as u64);
        if self.field.len() < size {
            return Ok(());
        }
        let field = std::mem::take(&mut self.field);
        let outcome = read(self, &field);
        self.field = field;
        self.field.clear();
        outcome
    }

    fn message_header(&mut self, field: &[u8]) -> Result<(), Error> {
        let flags = u16::from_le_bytes(array(field, 9)?);
        self.message = Message {
            length: u64::from_le_bytes(array(field, 1)?),
            segments: u16::from_le_bytes(array(field, 11)?),
        };
        if field.first() != Some(&VERSION) || flags != CHECKSUMS {
            return Err(unreadable("it has another form than was asked for"));
        }
        let segments = u64::from(self.message.segments) * (SEGMENT_HEADER + CHECKSUM) as u64;
        let overhead = segments + (MESSAGE_HEADER + CHECKSUM) as u64;
        if self.expected.checked_add(overhead) != Some(self.message.length) {
            return Err(unreadable(
                "its length is not that of the content in its segments",
            ));
        }
        self.next_segment();
        Ok(())
    }

    fn next_segment(&mut self) {
        self.state = if self.segment < self.message.segments {
            State::SegmentHeader
        } else {
            State::Footer
        };
    }

    fn segment_header(&mut self, field: &[u8]) -> Result<(), Error> {
        let number = u16::from_le_bytes(array(field, 0)?);
        let length = u64::from_le_bytes(array(field, 2)?);
        if self.segment.checked_add(1) != Some(number) {
            return Err(unreadable("its segments are not in their order"));
        }
        let end = self.content.checked_add(length);
        let last = number == self.message.segments;
        if end.is_none_or(|end| end > self.expected || (last && end != self.expected)) {
            return Err(unreadable("its segments do not hold what was announced"));
        }
        self.segment = number;
        self.segment_content = length;
        self.state = match length {
            0 => State::SegmentChecksum,
            left => State::Content { left },
        };
        Ok(())
    }

    fn segment_checksum(&mut self, field: &[u8]) -> Result<(), Error> {
        let sent = u64::from_le_bytes(array(field, 0)?);
        let actual = std::mem::take(&mut self.hasher).finish();
        if actual.get() != sent {
            return Err(damaged());
        }
        self.whole = self.whole.then(actual, self.segment_content);
        if self.content < self.expected {
            self.verified = self.content;
        }
        self.next_segment();
        Ok(())
    }

    fn footer(&mut self, field: &[u8]) -> Result<(), Error> {
        let sent = u64::from_le_bytes(array(field, 0)?);
        if self.whole.get() != sent {
            return Err(damaged());
        }
        if self.read != self.message.length || self.content != self.expected {
            return Err(unreadable("its segments do not hold what was announced"));
        }
        self.verified = self.content;
        self.state = State::Done;
        Ok(())
    }
}

fn array<const N: usize>(field: &[u8], at: usize) -> Result<[u8; N], Error> {
    let array = field.get(at..).and_then(|rest| rest.first_chunk().copied());
    array.ok_or_else(|| unreadable("a header of it is too short"))
}

fn damaged() -> Error {
    let message = "the content does not have the checksum that the service sent with it; download it again";
    Error::new(ErrorKind::ChecksumMismatch, message)
}

fn unreadable(why: &str) -> Error {
    let message = format!("the structured message cannot be read: {why}");
    Error::new(ErrorKind::InvalidResponse, message)
}
