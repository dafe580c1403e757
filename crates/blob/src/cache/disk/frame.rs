//! What stands before the content of each file: what the file is, and the CRC64 of its content. A file that was torn, damaged or put in
//! another's place is known by it.

use bytes::Bytes;
use lazuli_protocol::Crc64;

/// The kinds of files, as their first eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Head,
    Block,
}

/// Bytes before the content.
pub(super) const LENGTH: usize = 48;

impl Kind {
    fn magic(self) -> &'static [u8; 8] {
        match self {
            Self::Head => b"lazuliH1",
            Self::Block => b"lazuliB1",
        }
    }
}

/// What to write before content that has this checksum.
pub(super) fn seal(kind: Kind, identity: &[u8; 32], checksum: Crc64) -> [u8; LENGTH] {
    let mut frame = [0; LENGTH];
    let parts = kind.magic().iter().chain(identity);
    let checksum = checksum.get().to_le_bytes();
    for (place, byte) in frame.iter_mut().zip(parts.chain(&checksum)) {
        *place = *byte;
    }
    frame
}

/// The content of a file, if the file is what it must be.
pub(super) fn open(kind: Kind, identity: &[u8; 32], file: &Bytes) -> Option<Bytes> {
    let (frame, content) = file.split_first_chunk::<LENGTH>()?;
    let expected = seal(kind, identity, Crc64::of(content));
    (*frame == expected).then(|| file.slice_ref(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_and_any_cut_is_seen() {
        let identity = [7; 32];
        let content = b"some content";
        let mut whole = seal(Kind::Block, &identity, Crc64::of(content)).to_vec();
        whole.extend_from_slice(content);
        let opened = open(Kind::Block, &identity, &Bytes::from(whole.clone()));
        assert_eq!(opened.unwrap(), content[..]);
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                open(Kind::Block, &identity, &Bytes::from(damaged)),
                None,
                "bit {bit}"
            );
        }
        for cut in 0..whole.len() {
            let torn = Bytes::copy_from_slice(&whole[..cut]);
            assert_eq!(open(Kind::Block, &identity, &torn), None, "cut {cut}");
        }
        assert_eq!(open(Kind::Head, &identity, &Bytes::from(whole.clone())), None);
        assert_eq!(open(Kind::Block, &[8; 32], &Bytes::from(whole)), None);
    }
}
