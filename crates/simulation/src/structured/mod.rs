//! Structured messages, `XSM/1.0`: bodies whose segments carry their own CRC64, so that damage is found where it happens.
//!
//! All numbers are little-endian. A message is a header, segments that are numbered from 1, and a checksum of all the content:
//!
//! | part | bytes |
//! |---|---|
//! | header | version `u8` = 1, length of the whole message `u64`, flags `u16` (bit 0: checksums), segments `u16` |
//! | each segment | number `u16`, length `u64`, the content, its CRC64 |
//! | end | the CRC64 of all the content |
//!
//! [`Decoder`] reads what a client uploads and [`Encoder`] writes what it downloads, both piece by piece.

mod decode;
mod encode;
mod malformed;
#[cfg(test)]
mod tests;

pub(crate) use decode::Decoder;
pub(crate) use encode::Encoder;
pub(crate) use malformed::Malformed;

/// What `x-ms-structured-body` says of such a body, in both directions.
pub(crate) const HEADER_VALUE: &str = "XSM/1.0; properties=crc64";

/// How much content a segment of an answer has, as the service's own clients cut it.
pub(crate) const SEGMENT_BYTES: u64 = 4 * 1024 * 1024;

const VERSION: u8 = 1;
const CRC64_FLAG: u16 = 1;
const MESSAGE_HEADER_BYTES: usize = 13;
const SEGMENT_HEADER_BYTES: usize = 10;
const CRC64_BYTES: usize = 8;
