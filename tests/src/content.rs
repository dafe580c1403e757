//! Content that looks random and can be made again: of a number and a length follow the bytes.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use bytes::Bytes;
use lazuli_protocol::{Crc64, Crc64Hasher};

/// The size of the pieces that long content is made in.
pub const PIECE: usize = 256 * 1024;

/// `len` bytes that follow from `seed`.
#[must_use]
pub fn bytes(seed: u64, len: usize) -> Bytes {
    let mut content = vec![0; len];
    fastrand::Rng::with_seed(seed).fill(&mut content);
    content.into()
}

/// The pieces of long content: `len` bytes in all, none larger than [`PIECE`].
pub fn pieces(seed: u64, len: u64) -> impl Iterator<Item = Bytes> + Send {
    let piece = PIECE as u64;
    (0..len.div_ceil(piece)).map(move |index| {
        let here = piece.min(len - index * piece);
        bytes(
            seed.wrapping_mul(0x9E37_79B9).wrapping_add(index),
            here.try_into().unwrap(),
        )
    })
}

/// The CRC64 of long content.
#[must_use]
pub fn crc64(seed: u64, len: u64) -> Crc64 {
    let mut hasher = Crc64Hasher::new();
    for piece in pieces(seed, len) {
        hasher.update(&piece);
    }
    hasher.finish()
}

/// Writes long content to a file.
///
/// # Errors
/// What the disk says.
pub fn write_file(path: &Path, seed: u64, len: u64) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(PIECE, File::create_new(path)?);
    for piece in pieces(seed, len) {
        file.write_all(&piece)?;
    }
    file.into_inner()?.sync_data()
}
