//! Zeros, which take no room: whoever reads some shares one stretch of memory.

use bytes::Bytes;

static ZEROS: [u8; 256 * 1024] = [0; 256 * 1024];

/// So many zeros, or 256 KiB of them where more are asked for.
pub(crate) fn zeros(len: usize) -> Bytes {
    Bytes::from_static(ZEROS.get(..len).unwrap_or(&ZEROS))
}

/// Whether there is nothing but zeros among these bytes.
pub(crate) fn is_zeros(bytes: &[u8]) -> bool {
    bytes.chunks(ZEROS.len()).all(|chunk| ZEROS.starts_with(chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_told_from_others() {
        assert_eq!(&zeros(3)[..], [0; 3]);
        assert_eq!(zeros(usize::MAX).len(), ZEROS.len());
        assert!(is_zeros(b""));
        let mut long = vec![0; 2 * ZEROS.len() + 5];
        assert!(is_zeros(&long));
        *long.last_mut().unwrap() = 1;
        assert!(!is_zeros(&long));
    }
}
