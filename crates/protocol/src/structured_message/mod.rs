//! Structured messages: content in segments, each followed by its CRC64, and all of them by that of the whole. All numbers are little-endian.
//!
//! ```text
//! message header (13 bytes)  version u8 = 1, length of the message u64, flags u16 (bit 0: checksums), segments u16
//! each segment               number u16 from 1, length u64, content, its CRC64
//! message footer             the CRC64 of all content
//! ```

mod decode;
mod encode;
mod marks;

pub use decode::StructuredDecoder;
pub use encode::{StructuredEncoder, structured_length, structured_message};
pub use marks::{ContentMustBeVerified, ContentVerified};

/// The value of `x-ms-structured-body` that asks for this form, and announces it.
pub const STRUCTURED_BODY: &str = "XSM/1.0; properties=crc64";

/// How much content a segment of an upload has, in bytes: as much as the service puts into one of a download.
pub(crate) const SEGMENT_BYTES: usize = 4 * 1024 * 1024;

/// The version of the form.
const VERSION: u8 = 1;
/// The flag that says that there are checksums.
const CHECKSUMS: u16 = 1;
/// The header of the message, in bytes.
const MESSAGE_HEADER: usize = 13;
/// The header of a segment, in bytes.
const SEGMENT_HEADER: usize = 10;
/// A checksum, in bytes.
const CHECKSUM: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, ErrorKind};
    use bytes::Bytes;

    /// "hello world" in segments of four bytes.
    const EXAMPLE: &str = "0156000000000000000100030001000400000000000000\
                           68656c6c53063d2980bcddf2\
                           020004000000000000006f20776fae8e5b98434aa0b9\
                           03000300000000000000726c64abb6c3b13b832934be8eeaf6c3d5298d";

    fn example() -> Vec<u8> {
        let digits: Vec<u32> = EXAMPLE.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
        digits
            .chunks(2)
            .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
            .collect()
    }

    fn decode(message: &[u8], piece: usize, length: u64) -> Result<Vec<u8>, Error> {
        let mut decoder = StructuredDecoder::new(length);
        let mut content = Vec::new();
        for chunk in message.chunks(piece) {
            let mut chunk = Bytes::copy_from_slice(chunk);
            while let Some(part) = decoder.decode(&mut chunk)? {
                content.extend_from_slice(&part);
            }
        }
        decoder.finish()?;
        Ok(content)
    }

    #[test]
    fn the_example_is_written_and_read() {
        let content = Bytes::from_static(b"hello world");
        let message = structured_message(&content, 4).unwrap().concat();
        assert_eq!(message, example());
        assert_eq!(structured_length(11, 4), Some(86));
        for piece in [1, 2, 3, 7, 13, 86] {
            assert_eq!(decode(&message, piece, 11).unwrap(), b"hello world", "{piece}");
        }
    }

    #[test]
    fn content_of_any_length_survives() {
        for length in [0, 1, 3, 4, 5, 8, 9, 1000] {
            let content: Bytes = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let message = structured_message(&content, 4).unwrap().concat();
            assert_eq!(
                structured_length(content.len() as u64, 4),
                Some(message.len() as u64)
            );
            assert_eq!(decode(&message, 5, content.len() as u64).unwrap(), content);
        }
        // One of no bytes may have an empty segment or none.
        let none = [&[1, 21, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0][..], &[0; 8]].concat();
        assert_eq!(decode(&none, 4, 0).unwrap(), b"");
        assert!(structured_message(&Bytes::from(vec![0; 70_000]), 1).is_err());
        assert!(structured_message(&Bytes::new(), 0).is_err());
    }

    #[test]
    fn what_is_written_does_not_depend_on_the_pieces_that_come() {
        let content: Vec<u8> = (0..100).collect();
        let whole = structured_message(&Bytes::from(content.clone()), 7)
            .unwrap()
            .concat();
        for size in [1, 2, 6, 7, 8, 13, 99, 100] {
            let mut encoder = StructuredEncoder::new(100, 7).unwrap();
            let mut message = Vec::new();
            for piece in content.chunks(size) {
                let mut piece = Bytes::copy_from_slice(piece);
                assert!(encoder.finish().is_err(), "{size}");
                while let Some(part) = encoder.encode(&mut piece) {
                    message.extend_from_slice(&part);
                }
                assert!(piece.is_empty(), "{size}");
            }
            // More than was announced stays outside.
            let mut more = Bytes::from_static(b"more");
            assert_eq!((encoder.encode(&mut more), more.len()), (None, 4));
            message.extend_from_slice(&encoder.finish().unwrap());
            assert_eq!(message, whole, "{size}");
        }
    }

    #[test]
    fn content_is_not_copied() {
        let content = Bytes::from(vec![7; 10]);
        let shared = content.as_ptr_range();
        let pieces = structured_message(&content, 4).unwrap();
        let within = pieces.iter().filter(|piece| shared.contains(&piece.as_ptr()));
        assert_eq!(within.map(Bytes::len).collect::<Vec<_>>(), [4, 4, 2]);
    }

    #[test]
    fn every_changed_byte_is_found() {
        let message = example();
        for at in 0..message.len() {
            let mut damaged = message.clone();
            damaged[at] ^= 0x10;
            let error = decode(&damaged, 9, 11).unwrap_err();
            let kind = error.kind();
            assert!(
                matches!(
                    kind,
                    ErrorKind::ChecksumMismatch | ErrorKind::InvalidResponse | ErrorKind::Body
                ),
                "{at}: {error}"
            );
        }
        let mut content = message.clone();
        content[23] ^= 1;
        assert_eq!(
            decode(&content, 86, 11).unwrap_err().kind(),
            ErrorKind::ChecksumMismatch
        );
    }

    #[test]
    fn a_message_that_is_cut_off_or_goes_on_is_an_error() {
        let message = example();
        for length in 0..message.len() {
            assert!(decode(&message[..length], 8, 11).is_err(), "{length}");
        }
        assert!(decode(&[message.as_slice(), &[0]].concat(), 8, 11).is_err());
        assert!(decode(&message, 8, 10).is_err());
        assert!(decode(&message, 8, 12).is_err());
    }

    #[test]
    fn a_segment_counts_as_good_after_its_checksum_and_the_last_after_that_of_the_whole() {
        let message = example();
        for (bytes, good) in [
            (0, 0),
            (34, 0),
            (35, 4),
            (56, 4),
            (57, 8),
            (78, 8),
            (85, 8),
            (86, 11),
        ] {
            let mut decoder = StructuredDecoder::new(11);
            let mut piece = Bytes::copy_from_slice(&message[..bytes]);
            while decoder.decode(&mut piece).unwrap().is_some() {}
            assert_eq!(decoder.verified(), good, "{bytes}");
        }
    }

    #[test]
    fn a_message_without_checksums_is_refused() {
        let mut message = vec![1];
        message.extend(24_u64.to_le_bytes());
        message.extend([0, 0, 1, 0, 1, 0]);
        message.extend(1_u64.to_le_bytes());
        message.push(b'a');
        assert_eq!(
            decode(&message, 24, 1).unwrap_err().kind(),
            ErrorKind::InvalidResponse
        );
    }

    #[test]
    fn hostile_messages_take_no_memory_and_never_panic() {
        let header = |length: u64, segments: u16| {
            let mut header = vec![1];
            header.extend(length.to_le_bytes());
            header.extend(1_u16.to_le_bytes());
            header.extend(segments.to_le_bytes());
            header
        };
        let mut huge = header(u64::MAX, u16::MAX);
        huge.extend(1_u16.to_le_bytes());
        huge.extend(u64::MAX.to_le_bytes());
        huge.extend([7; 64]);
        for message in [huge, header(u64::MAX, 0), vec![0xFF; 100], header(0, 0)] {
            assert!(decode(&message, 16, 11).is_err());
        }
    }
}
