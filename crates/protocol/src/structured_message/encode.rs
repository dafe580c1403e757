//! Content put into segments.

use bytes::Bytes;

use super::{CHECKSUM, CHECKSUMS, MESSAGE_HEADER, SEGMENT_HEADER, VERSION};
use crate::{Crc64, Error, ErrorKind};

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
    let length = content.len() as u64;
    let (segments, total) = segments(length, segment_bytes)
        .zip(structured_length(length, segment_bytes))
        .ok_or_else(|| {
            let message = format!("{length} bytes do not fit into 65,535 segments of {segment_bytes} bytes");
            Error::new(ErrorKind::InvalidInput, message)
        })?;
    let mut header = Vec::with_capacity(MESSAGE_HEADER);
    header.push(VERSION);
    header.extend(total.to_le_bytes());
    header.extend(CHECKSUMS.to_le_bytes());
    header.extend(segments.to_le_bytes());
    let mut pieces = vec![header.into()];
    let mut rest = content.clone();
    for number in 1..=segments {
        let segment = rest.split_to(rest.len().min(segment_bytes));
        let mut header = Vec::with_capacity(SEGMENT_HEADER);
        header.extend(number.to_le_bytes());
        header.extend((segment.len() as u64).to_le_bytes());
        let crc = Crc64::of(&segment);
        pieces.extend([header.into(), segment, checksum(crc)]);
    }
    pieces.push(checksum(Crc64::of(content)));
    Ok(pieces)
}

fn checksum(crc: Crc64) -> Bytes {
    Bytes::copy_from_slice(&crc.get().to_le_bytes())
}

fn segments(content: u64, segment_bytes: usize) -> Option<u16> {
    let size = u64::try_from(segment_bytes).ok().filter(|size| *size > 0)?;
    u16::try_from(content.div_ceil(size)).ok()
}
