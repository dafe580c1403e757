//! Structured messages: what is read does not depend on the pieces it comes in, what is written is read again, and no damage goes unseen.
#![no_main]

use bytes::Bytes;
use lazuli_protocol::{Error, StructuredDecoder, StructuredEncoder, structured_message};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, u8, u8, &[u8])| {
    let (length, piece, segment, bytes) = input;
    let (piece, segment) = (usize::from(piece).max(1), usize::from(segment).max(1));
    let length = u64::from(length);
    let whole = read(bytes, length, bytes.len().max(1));
    let pieces = read(bytes, length, piece);
    assert_eq!(whole.is_ok(), pieces.is_ok());
    if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
        assert_eq!(whole, pieces);
        assert_eq!(whole.len() as u64, length);
    }

    let content = Bytes::copy_from_slice(bytes);
    let Ok(message) = structured_message(&content, segment) else {
        return;
    };
    let mut message = message.concat();
    assert_eq!(
        written(bytes, segment, piece),
        message,
        "it depends on the pieces"
    );
    let length = content.len() as u64;
    assert_eq!(
        read(&message, length, piece).expect("what was written can be read"),
        content
    );
    // One bit less is another message, or none.
    let at = (piece * 31 + segment) % message.len();
    message[at] ^= 1 << (piece % 8);
    if let Ok(read) = read(&message, length, piece) {
        assert_eq!(read, content, "damage went unseen");
    }
});

fn written(bytes: &[u8], segment: usize, piece: usize) -> Vec<u8> {
    let mut encoder = StructuredEncoder::new(bytes.len() as u64, segment).expect("it fits");
    let mut message = Vec::new();
    for piece in bytes.chunks(piece) {
        let mut piece = Bytes::copy_from_slice(piece);
        while let Some(next) = encoder.encode(&mut piece) {
            message.extend_from_slice(&next);
        }
    }
    message.extend_from_slice(&encoder.finish().expect("all of it came"));
    message
}

fn read(bytes: &[u8], length: u64, piece: usize) -> Result<Vec<u8>, Error> {
    let mut decoder = StructuredDecoder::new(length);
    let mut content = Vec::new();
    for piece in bytes.chunks(piece) {
        let mut piece = Bytes::copy_from_slice(piece);
        while let Some(next) = decoder.decode(&mut piece)? {
            content.extend_from_slice(&next);
        }
    }
    decoder.finish()?;
    Ok(content)
}
