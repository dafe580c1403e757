//! Content put into segments, as it comes.

use bytes::Bytes;

use super::{CHECKSUM, CHECKSUMS, MESSAGE_HEADER, SEGMENT_HEADER, VERSION};
use crate::{Crc64, Crc64Hasher, Error, ErrorKind};

/// Puts content into segments, piece by piece. It keeps none of it: the pieces of the message share the content's memory.
///
/// ```
/// use bytes::Bytes;
/// use lazuli_protocol::StructuredEncoder;
///
/// let mut encoder = StructuredEncoder::new(11, 4)?;
/// let mut message = Vec::new();
/// for piece in ["hello ", "world"] {
///     let mut piece = Bytes::from(piece);
///     while let Some(part) = encoder.encode(&mut piece) {
///         message.extend(part);
///     }
/// }
/// message.extend(encoder.finish()?);
/// assert_eq!(message.len(), 86);
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StructuredEncoder {
    length: u64,
    segment_bytes: u64,
    segments: u16,
    // The segment that is written, its content, and what is missing of that.
    number: u16,
    segment_content: u64,
    left: u64,
    // What is missing of all content.
    content_left: u64,
    // What stands between the content before and the content behind it.
    frame: Vec<u8>,
    hasher: Crc64Hasher,
    whole: Crc64,
}

impl StructuredEncoder {
    /// Starts a message of this much content in segments of this size, of which the last may be shorter.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there are more than 65,535 segments, or they have no byte.
    pub fn new(content: u64, segment_bytes: usize) -> Result<Self, Error> {
        let (segments, length) = segments(content, segment_bytes)
            .zip(structured_length(content, segment_bytes))
            .ok_or_else(|| {
                let message =
                    format!("{content} bytes do not fit into 65,535 segments of {segment_bytes} bytes");
                Error::new(ErrorKind::InvalidInput, message)
            })?;
        let mut frame = Vec::with_capacity(MESSAGE_HEADER + SEGMENT_HEADER);
        frame.push(VERSION);
        frame.extend(length.to_le_bytes());
        frame.extend(CHECKSUMS.to_le_bytes());
        frame.extend(segments.to_le_bytes());
        let mut encoder = Self {
            length,
            segment_bytes: segment_bytes as u64,
            segments,
            number: 0,
            segment_content: 0,
            left: 0,
            content_left: content,
            frame,
            hasher: Crc64Hasher::new(),
            whole: Crc64::EMPTY,
        };
        encoder.open_segment();
        Ok(encoder)
    }

    /// The length of the message, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The next piece of the message, of what stands before `content` or of `content` itself, which is left with the rest of it. `None` when there is no more
    /// to write before more content comes; content beyond what was announced is left where it is.
    pub fn encode(&mut self, content: &mut Bytes) -> Option<Bytes> {
        // What follows the last segment is for the end to write.
        if !self.frame.is_empty() && self.left > 0 {
            return Some(std::mem::take(&mut self.frame).into());
        }
        if self.left == 0 || content.is_empty() {
            return None;
        }
        let length = usize::try_from(self.left).map_or(content.len(), |left| left.min(content.len()));
        let piece = content.split_to(length);
        self.hasher.update(&piece);
        self.left = self.left.saturating_sub(length as u64);
        self.content_left = self.content_left.saturating_sub(length as u64);
        if self.left == 0 {
            self.close_segment();
            self.open_segment();
        }
        Some(piece)
    }

    /// The end of the message, once all of its content was put into segments.
    ///
    /// # Errors
    /// [`ErrorKind::Body`] when that is less than was announced.
    pub fn finish(&mut self) -> Result<Bytes, Error> {
        if self.content_left > 0 {
            let message = format!("{} bytes of the content are missing", self.content_left);
            return Err(Error::new(ErrorKind::Body, message));
        }
        let mut end = std::mem::take(&mut self.frame);
        end.extend(self.whole.get().to_le_bytes());
        Ok(end.into())
    }

    fn open_segment(&mut self) {
        if self.number == self.segments {
            return;
        }
        self.number = self.number.saturating_add(1);
        self.segment_content = self.segment_bytes.min(self.content_left);
        self.left = self.segment_content;
        self.frame.extend(self.number.to_le_bytes());
        self.frame.extend(self.left.to_le_bytes());
    }

    fn close_segment(&mut self) {
        let crc = std::mem::take(&mut self.hasher).finish();
        self.whole = self.whole.then(crc, self.segment_content);
        self.frame.extend(crc.get().to_le_bytes());
    }
}

/// The length of the message that content of this length makes, in bytes. `None` when it has more than 65,535 segments, or its segments no byte.
#[must_use]
pub fn structured_length(content: u64, segment_bytes: usize) -> Option<u64> {
    let segments = segments(content, segment_bytes)?;
    let overhead = u64::from(segments).checked_mul((SEGMENT_HEADER + CHECKSUM) as u64)?;
    content
        .checked_add(overhead)?
        .checked_add((MESSAGE_HEADER + CHECKSUM) as u64)
}

/// Puts content into segments of this size, of which the last may be shorter. The pieces of the message share the content's memory.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when there are more than 65,535 segments, or they have no byte.
pub fn structured_message(content: &Bytes, segment_bytes: usize) -> Result<Vec<Bytes>, Error> {
    let mut encoder = StructuredEncoder::new(content.len() as u64, segment_bytes)?;
    let mut rest = content.clone();
    let mut pieces: Vec<Bytes> = std::iter::from_fn(|| encoder.encode(&mut rest)).collect();
    pieces.push(encoder.finish()?);
    Ok(pieces)
}

fn segments(content: u64, segment_bytes: usize) -> Option<u16> {
    let size = u64::try_from(segment_bytes).ok().filter(|size| *size > 0)?;
    u16::try_from(content.div_ceil(size)).ok()
}
