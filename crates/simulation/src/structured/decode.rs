//! Reads a structured message as its bytes come in. Content is handed on without being copied; nothing but the header that is being
//! read is held.

use bytes::{Buf as _, Bytes};
use lazuli_protocol::Crc64Hasher;

use super::{CRC64_BYTES, CRC64_FLAG, MESSAGE_HEADER_BYTES, Malformed, SEGMENT_HEADER_BYTES, VERSION};

/// Reads one message.
///
/// The content of a segment is handed on before its checksum was seen: keep it only once [`Decoder::finish`] agrees.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// How long the message must be, where the request says so.
    sent: Option<u64>,
    /// The bytes of the message that are still to come, by its own header.
    left: u64,
    state: State,
    /// A header or a checksum of which only a part came yet.
    partial: Vec<u8>,
    segments: u16,
    done: u16,
    segment_crc: Crc64Hasher,
    message_crc: Crc64Hasher,
    content: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    MessageHeader,
    SegmentHeader,
    Content { left: u64 },
    SegmentChecksum,
    MessageChecksum,
    End,
}

impl Decoder {
    /// For a body of this many bytes, if that is known.
    pub(crate) fn new(sent: Option<u64>) -> Self {
        Self {
            sent,
            left: 0,
            state: State::MessageHeader,
            partial: Vec::with_capacity(MESSAGE_HEADER_BYTES),
            segments: 0,
            done: 0,
            segment_crc: Crc64Hasher::new(),
            message_crc: Crc64Hasher::new(),
            content: 0,
        }
    }

    /// Takes the next piece of the body in, and puts the content that it has into `out`.
    ///
    /// # Errors
    /// What is wrong with the message, as soon as it can be known.
    pub(crate) fn push(&mut self, mut bytes: Bytes, out: &mut Vec<Bytes>) -> Result<(), Malformed> {
        while bytes.has_remaining() {
            match self.state {
                State::MessageHeader => {
                    if let Some(header) = self.field::<MESSAGE_HEADER_BYTES>(&mut bytes)? {
                        self.message_header(&header)?;
                    }
                }
                State::SegmentHeader => {
                    if let Some(header) = self.field::<SEGMENT_HEADER_BYTES>(&mut bytes)? {
                        self.segment_header(&header)?;
                    }
                }
                State::Content { left } => self.take_content(left, &mut bytes, out)?,
                State::SegmentChecksum => {
                    if let Some(crc) = self.field::<CRC64_BYTES>(&mut bytes)? {
                        self.segment_checksum(crc)?;
                    }
                }
                State::MessageChecksum => {
                    if let Some(crc) = self.field::<CRC64_BYTES>(&mut bytes)? {
                        self.message_checksum(crc)?;
                    }
                }
                State::End => return Err(Malformed::Trailing),
            }
        }
        Ok(())
    }

    /// Says that the body has ended. Gives back how many bytes of content there were.
    ///
    /// # Errors
    /// The message has not ended.
    pub(crate) fn finish(&self) -> Result<u64, Malformed> {
        match self.state {
            State::End => Ok(self.content),
            _ => Err(Malformed::Truncated),
        }
    }

    /// The next `N` bytes, once they are all here.
    fn field<const N: usize>(&mut self, bytes: &mut Bytes) -> Result<Option<[u8; N]>, Malformed> {
        let take = N.saturating_sub(self.partial.len()).min(bytes.remaining());
        self.partial.extend_from_slice(&bytes.split_to(take));
        let Ok(field) = <[u8; N]>::try_from(self.partial.as_slice()) else {
            return Ok(None);
        };
        self.partial.clear();
        if self.state != State::MessageHeader {
            self.spend(u64::try_from(N).unwrap_or(u64::MAX))?;
        }
        Ok(Some(field))
    }

    /// Counts bytes off what the message's header said.
    fn spend(&mut self, bytes: u64) -> Result<(), Malformed> {
        self.left = self.left.checked_sub(bytes).ok_or(Malformed::SegmentLength {
            number: self.done.saturating_add(1),
        })?;
        Ok(())
    }

    fn message_header(&mut self, mut header: &[u8]) -> Result<(), Malformed> {
        let (version, length) = (header.get_u8(), header.get_u64_le());
        let (flags, segments) = (header.get_u16_le(), header.get_u16_le());
        if version != VERSION {
            return Err(Malformed::Version(version));
        }
        if flags != CRC64_FLAG {
            return Err(Malformed::Flags(flags));
        }
        if let Some(sent) = self.sent.filter(|sent| *sent != length) {
            return Err(Malformed::MessageLength { said: length, sent });
        }
        let header = u64::try_from(MESSAGE_HEADER_BYTES).unwrap_or(u64::MAX);
        self.left = length.checked_sub(header).ok_or(Malformed::MessageLength {
            said: length,
            sent: header,
        })?;
        self.segments = segments;
        self.after_segment();
        Ok(())
    }

    fn segment_header(&mut self, mut header: &[u8]) -> Result<(), Malformed> {
        let (found, left) = (header.get_u16_le(), header.get_u64_le());
        let expected = self.done.saturating_add(1);
        if found != expected {
            return Err(Malformed::SegmentNumber { expected, found });
        }
        if left > self.left {
            return Err(Malformed::SegmentLength { number: found });
        }
        self.segment_crc = Crc64Hasher::new();
        self.state = match left {
            0 => State::SegmentChecksum,
            left => State::Content { left },
        };
        Ok(())
    }

    fn take_content(&mut self, left: u64, bytes: &mut Bytes, out: &mut Vec<Bytes>) -> Result<(), Malformed> {
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.remaining());
        let piece = bytes.split_to(take);
        let taken = u64::try_from(take).unwrap_or(u64::MAX);
        self.spend(taken)?;
        self.segment_crc.update(&piece);
        self.message_crc.update(&piece);
        self.content = self.content.saturating_add(taken);
        self.state = match left.saturating_sub(taken) {
            0 => State::SegmentChecksum,
            left => State::Content { left },
        };
        out.push(piece);
        Ok(())
    }

    fn segment_checksum(&mut self, crc: [u8; CRC64_BYTES]) -> Result<(), Malformed> {
        self.done = self.done.saturating_add(1);
        if self.segment_crc.finish().get() != u64::from_le_bytes(crc) {
            return Err(Malformed::SegmentChecksum { number: self.done });
        }
        self.after_segment();
        Ok(())
    }

    fn message_checksum(&mut self, crc: [u8; CRC64_BYTES]) -> Result<(), Malformed> {
        if self.message_crc.finish().get() != u64::from_le_bytes(crc) {
            return Err(Malformed::MessageChecksum);
        }
        if self.left != 0 {
            return Err(Malformed::SegmentLength { number: self.done });
        }
        self.state = State::End;
        Ok(())
    }

    fn after_segment(&mut self) {
        self.state = if self.done < self.segments {
            State::SegmentHeader
        } else {
            State::MessageChecksum
        };
    }
}
