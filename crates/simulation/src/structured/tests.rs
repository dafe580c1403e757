//! Structured messages, whole, in pieces and damaged.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;

/// "hello world" in segments of four bytes.
const EXAMPLE: &str = "015600000000000000010003000100040000000000000068656c6c53063d2980bcddf2020004000000000000006f20776f\
                       ae8e5b98434aa0b903000300000000000000726c64abb6c3b13b832934be8eeaf6c3d5298d";

fn example() -> Vec<u8> {
    let digits: Vec<_> = EXAMPLE.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

fn encode(content: &[u8], segment: u64, piece: usize) -> Vec<u8> {
    let mut encoder = Encoder::with_segments(content.len() as u64, segment);
    let said = encoder.message_bytes();
    let mut out = Vec::new();
    for piece in content.chunks(piece) {
        encoder.push(Bytes::copy_from_slice(piece), &mut out);
    }
    assert!(encoder.finish(&mut out));
    let message = out.concat();
    assert_eq!(message.len() as u64, said);
    message
}

fn decode(message: &[u8], piece: usize) -> Result<Vec<u8>, Malformed> {
    let mut decoder = Decoder::new(Some(message.len() as u64));
    let mut out = Vec::new();
    for piece in message.chunks(piece) {
        decoder.push(Bytes::copy_from_slice(piece), &mut out)?;
    }
    let length = decoder.finish()?;
    let content = out.concat();
    assert_eq!(length, content.len() as u64);
    Ok(content)
}

#[test]
fn the_worked_example_is_written_and_read() {
    assert_eq!(HEADER_VALUE, "XSM/1.0; properties=crc64");
    assert_eq!(encode(b"hello world", 4, 3), example());
    for piece in [1, 2, 5, 13, 100] {
        assert_eq!(decode(&example(), piece).unwrap(), b"hello world");
    }
}

#[test]
fn nothing_is_one_empty_segment_or_none() {
    let one = encode(b"", 4, 1);
    assert_eq!(one.len(), 39);
    assert_eq!(decode(&one, 7).unwrap(), b"");
    let mut none = vec![1, 21, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
    none.extend([0; 8]);
    assert_eq!(decode(&none, 4).unwrap(), b"");
}

#[test]
fn what_is_wrong_is_said() {
    let broken = |at: usize, byte: u8| {
        let mut message = example();
        message[at] = byte;
        decode(&message, 6).unwrap_err()
    };
    let cases = [
        (0, 2, Malformed::Version(2)),
        (9, 0, Malformed::Flags(0)),
        (9, 3, Malformed::Flags(3)),
        (
            1,
            0x57,
            Malformed::MessageLength {
                said: 0x57,
                sent: 0x56,
            },
        ),
        (
            13,
            2,
            Malformed::SegmentNumber {
                expected: 1,
                found: 2,
            },
        ),
        (22, 1, Malformed::SegmentLength { number: 1 }),
        (23, b'H', Malformed::SegmentChecksum { number: 1 }),
        (27, 0, Malformed::SegmentChecksum { number: 1 }),
        (85, 0, Malformed::MessageChecksum),
    ];
    for (at, byte, expected) in cases {
        assert_eq!(broken(at, byte), expected, "byte {at}");
    }
    assert!(Malformed::SegmentChecksum { number: 1 }.is_checksum());
    assert!(!Malformed::Truncated.is_checksum());
}

#[test]
fn a_message_ends_where_it_says() {
    let mut decoder = Decoder::new(None);
    let mut out = Vec::new();
    decoder
        .push(Bytes::from(example()).slice(..50), &mut out)
        .unwrap();
    assert_eq!(decoder.finish(), Err(Malformed::Truncated));
    decoder
        .push(Bytes::from(example()).slice(50..), &mut out)
        .unwrap();
    assert_eq!(decoder.finish(), Ok(11));
    assert_eq!(
        decoder.push(Bytes::from_static(b"x"), &mut out),
        Err(Malformed::Trailing)
    );

    // The message says more bytes than its segments have.
    let mut longer = example();
    longer[1] = 0x60;
    let mut decoder = Decoder::new(None);
    assert_eq!(
        decoder.push(Bytes::from(longer), &mut Vec::new()),
        Err(Malformed::SegmentLength { number: 3 })
    );
}

#[test]
fn content_that_does_not_come_has_no_end_and_more_is_left_out() {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(5);
    encoder.push(Bytes::from_static(b"hell"), &mut out);
    assert!(!encoder.finish(&mut out));

    let mut out = Vec::new();
    let mut encoder = Encoder::new(4);
    encoder.push(Bytes::from_static(b"hello"), &mut out);
    assert!(encoder.finish(&mut out));
    assert_eq!(decode(&out.concat(), 9).unwrap(), b"hell");
}

#[test]
fn a_huge_content_has_longer_segments() {
    let length = 1 << 40;
    let encoder = Encoder::new(length);
    assert!(encoder.message_bytes() > length && encoder.message_bytes() < length + 2_000_000);
}

proptest! {
    #[test]
    fn what_is_written_is_read(content in prop::collection::vec(any::<u8>(), 0..200), segment in 1u64..50, write in 1usize..40, read in 1usize..40) {
        let message = encode(&content, segment, write);
        prop_assert_eq!(decode(&message, read).unwrap(), content);
    }

    #[test]
    fn a_changed_byte_is_found(content in prop::collection::vec(any::<u8>(), 1..60), at in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut message = encode(&content, 16, 7);
        let at = at.index(message.len());
        message[at] ^= flip;
        prop_assert!(decode(&message, 11).is_err());
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..100), tail in prop::collection::vec(any::<u8>(), 0..60), piece in 1usize..30) {
        let _ = decode(&bytes, piece);
        let mut near = example();
        near.truncate(30);
        near.extend(tail);
        let mut decoder = Decoder::new(None);
        let _ = decoder.push(Bytes::from(near), &mut Vec::new());
    }
}
