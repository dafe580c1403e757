//! Writes a structured message around content that comes piece by piece.

use bytes::{BufMut as _, Bytes, BytesMut};
use lazuli_protocol::Crc64Hasher;

use super::{CRC64_BYTES, CRC64_FLAG, MESSAGE_HEADER_BYTES, SEGMENT_BYTES, SEGMENT_HEADER_BYTES, VERSION};

/// Writes one message of content whose length is known from the start. An empty content is one empty segment.
#[derive(Debug)]
pub(crate) struct Encoder {
    length: u64,
    segment_bytes: u64,
    segments: u16,
    started: bool,
    /// Segments of which the header was written.
    number: u16,
    /// What is missing of the segment that is being written.
    left: u64,
    /// What is missing of the content.
    content_left: u64,
    segment_crc: Crc64Hasher,
    message_crc: Crc64Hasher,
}

impl Encoder {
    /// For this many bytes of content, in segments of 4 MiB. They are longer where more than 65,535 would be needed.
    pub(crate) fn new(length: u64) -> Self {
        Self::with_segments(length, SEGMENT_BYTES)
    }

    pub(super) fn with_segments(length: u64, segment_bytes: u64) -> Self {
        let segment_bytes = segment_bytes.max(1).max(length.div_ceil(u64::from(u16::MAX)));
        Self {
            length,
            segment_bytes,
            segments: u16::try_from(length.div_ceil(segment_bytes).max(1)).unwrap_or(u16::MAX),
            started: false,
            number: 0,
            left: 0,
            content_left: length,
            segment_crc: Crc64Hasher::new(),
            message_crc: Crc64Hasher::new(),
        }
    }

    /// The length of the whole message, which is the `Content-Length` of the answer.
    pub(crate) fn message_bytes(&self) -> u64 {
        let fixed = u64::try_from(MESSAGE_HEADER_BYTES + CRC64_BYTES).unwrap_or(u64::MAX);
        let segment = u64::try_from(SEGMENT_HEADER_BYTES + CRC64_BYTES).unwrap_or(u64::MAX);
        u64::from(self.segments)
            .saturating_mul(segment)
            .saturating_add(fixed)
            .saturating_add(self.length)
    }

    /// Takes the next piece of content in, and puts the message's next bytes into `out`. Content beyond the length that was promised
    /// is left out.
    pub(crate) fn push(&mut self, mut content: Bytes, out: &mut Vec<Bytes>) {
        let limit = usize::try_from(self.content_left).unwrap_or(usize::MAX);
        content.truncate(limit);
        while !content.is_empty() {
            self.open_segment(out);
            let take = usize::try_from(self.left)
                .unwrap_or(usize::MAX)
                .min(content.len());
            let piece = content.split_to(take);
            self.segment_crc.update(&piece);
            self.message_crc.update(&piece);
            let taken = u64::try_from(take).unwrap_or(u64::MAX);
            self.left = self.left.saturating_sub(taken);
            self.content_left = self.content_left.saturating_sub(taken);
            out.push(piece);
            if self.left == 0 {
                self.close_segment(out);
            }
        }
    }

    /// Writes the end, if all of the content came. Says whether it did: a message without its end is refused by whoever reads it.
    pub(crate) fn finish(mut self, out: &mut Vec<Bytes>) -> bool {
        if self.content_left > 0 {
            return false;
        }
        if self.length == 0 {
            self.open_segment(out);
            self.close_segment(out);
        }
        out.push(Bytes::copy_from_slice(
            &self.message_crc.finish().get().to_le_bytes(),
        ));
        true
    }

    fn open_segment(&mut self, out: &mut Vec<Bytes>) {
        if self.left > 0 {
            return;
        }
        let mut header = BytesMut::with_capacity(MESSAGE_HEADER_BYTES + SEGMENT_HEADER_BYTES);
        if !self.started {
            self.started = true;
            header.put_u8(VERSION);
            header.put_u64_le(self.message_bytes());
            header.put_u16_le(CRC64_FLAG);
            header.put_u16_le(self.segments);
        }
        self.number = self.number.saturating_add(1);
        self.left = self.segment_bytes.min(self.content_left);
        header.put_u16_le(self.number);
        header.put_u64_le(self.left);
        self.segment_crc = Crc64Hasher::new();
        out.push(header.freeze());
    }

    fn close_segment(&mut self, out: &mut Vec<Bytes>) {
        out.push(Bytes::copy_from_slice(
            &self.segment_crc.finish().get().to_le_bytes(),
        ));
    }
}
