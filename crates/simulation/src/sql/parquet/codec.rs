//! Unpacks pages, never into more bytes than the page says that it has.

use bytes::Bytes;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use parquet::basic::CompressionCodec;

use super::failure::Failure;

/// Whether pages that are packed so can be unpacked.
///
/// # Errors
/// They cannot.
pub(super) fn check(codec: CompressionCodec) -> Result<(), Failure> {
    use CompressionCodec::{GZIP, LZ4_RAW, SNAPPY, UNCOMPRESSED, ZSTD};
    match codec {
        UNCOMPRESSED | SNAPPY | GZIP | ZSTD | LZ4_RAW => Ok(()),
        other => Err(Failure::table(format!(
            "The Parquet file is compressed with {other:?}, which is not read."
        ))),
    }
}

/// Exactly so many bytes from the packed ones. None if they are fewer or more, or were not packed so.
pub(super) fn unpack(codec: CompressionCodec, packed: &Bytes, len: usize) -> Option<Bytes> {
    if len == 0 {
        // A page without values need not even be packed.
        return Some(Bytes::new());
    }
    let unpacked = match codec {
        CompressionCodec::UNCOMPRESSED => return (packed.len() == len).then(|| packed.clone()),
        CompressionCodec::SNAPPY => {
            let mut out = room(snap::raw::decompress_len(packed).ok()?, len)?;
            let read = snap::raw::Decoder::new().decompress(packed, &mut out).ok()?;
            cut(out, read)
        }
        CompressionCodec::GZIP => decompress_to_vec_with_limit(gzip_content(packed)?, len).ok()?,
        CompressionCodec::ZSTD => {
            let mut out = room(len, len)?;
            let read = ruzstd::decoding::FrameDecoder::new()
                .decode_all(packed, &mut out)
                .ok()?;
            cut(out, read)
        }
        CompressionCodec::LZ4_RAW => {
            let mut out = room(len, len)?;
            let read = lz4_flex::block::decompress_into(packed, &mut out).ok()?;
            cut(out, read)
        }
        _ => return None,
    };
    (unpacked.len() == len).then(|| unpacked.into())
}

/// Zeros to be written over, if there are as many as there should be.
fn room(announced: usize, len: usize) -> Option<Vec<u8>> {
    (announced == len).then(|| vec![0; len])
}

fn cut(mut out: Vec<u8>, len: usize) -> Vec<u8> {
    out.truncate(len);
    out
}

/// What is packed, behind the head of a gzip file: marks, and up to four parts that are there if a bit says so.
fn gzip_content(file: &[u8]) -> Option<&[u8]> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const CHECK: u8 = 2;
    let (head, mut rest) = file.split_at_checked(10)?;
    let [0x1f, 0x8b, 8, flags, ..] = head else {
        return None;
    };
    if flags & EXTRA != 0 {
        let (len, behind) = rest.split_at_checked(2)?;
        let len = <[u8; 2]>::try_from(len).map(u16::from_le_bytes).ok()?;
        rest = behind.get(usize::from(len)..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end.checked_add(1)?..)?;
        }
    }
    if flags & CHECK != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec as zstd};

    use super::*;

    fn gzip(flags: u8, parts: &[u8], data: &[u8]) -> Vec<u8> {
        let head = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
        [&head, parts, &compress_to_vec(data, 6), &[0; 8]].concat()
    }

    #[test]
    fn every_way_of_packing_is_undone() {
        let data = b"apple, pear, apple, plum, apple, pear".repeat(40);
        let named = b"\x03\x00abcname\0comment\0\x12\x34";
        let cases = [
            (CompressionCodec::UNCOMPRESSED, data.clone()),
            (
                CompressionCodec::SNAPPY,
                snap::raw::Encoder::new().compress_vec(&data).unwrap(),
            ),
            (CompressionCodec::GZIP, gzip(0, b"", &data)),
            (CompressionCodec::GZIP, gzip(0x1e, named, &data)),
            (
                CompressionCodec::ZSTD,
                zstd(data.as_slice(), CompressionLevel::Fastest),
            ),
            (CompressionCodec::LZ4_RAW, lz4_flex::block::compress(&data)),
        ];
        for (codec, packed) in cases {
            let packed = Bytes::from(packed);
            assert!(check(codec).is_ok());
            let unpacked = unpack(codec, &packed, data.len());
            assert!(unpacked.is_some_and(|unpacked| unpacked == data), "{codec:?}");
            for len in [data.len() - 1, data.len() + 1] {
                assert_eq!(unpack(codec, &packed, len), None, "{codec:?}");
            }
            let short = packed.slice(..packed.len() / 2);
            assert_eq!(unpack(codec, &short, data.len()), None, "{codec:?}");
            assert_eq!(unpack(codec, &Bytes::new(), 0), Some(Bytes::new()));
        }
        assert!(check(CompressionCodec::BROTLI).is_err());
        assert_eq!(unpack(CompressionCodec::BROTLI, &Bytes::new(), 1), None);
    }

    #[test]
    fn what_unpacks_to_more_than_it_says_is_stopped() {
        let zeros = vec![0; 64 * 1024 * 1024];
        let bombs = [
            (CompressionCodec::GZIP, gzip(0, b"", &zeros)),
            (
                CompressionCodec::ZSTD,
                zstd(zeros.as_slice(), CompressionLevel::Fastest),
            ),
        ];
        for (codec, bomb) in bombs {
            assert_eq!(unpack(codec, &bomb.into(), 1000), None, "{codec:?}");
        }
    }
}
