//! The two checksums of the wire: CRC64 and MD5.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use crc_fast::{CrcAlgorithm, checksum_combine};
use md5::Digest as _;

use crate::{Error, ErrorKind};

/// Azure's CRC64 of some bytes: CRC-64/NVME, sent as eight little-endian bytes in base64.
///
/// ```
/// use lazuli_protocol::Crc64;
///
/// assert_eq!(Crc64::of(b"123456789").to_string(), "iJh5CoYUi64=");
/// // The checksum of a whole follows from the checksums of its parts.
/// assert_eq!(Crc64::of(b"12345").then(Crc64::of(b"6789"), 4), Crc64::of(b"123456789"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Crc64(u64);

impl Crc64 {
    /// The checksum of no bytes.
    pub const EMPTY: Self = Self(0);

    /// The checksum of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(crc_fast::checksum(CrcAlgorithm::Crc64Nvme, bytes))
    }

    /// The checksum of what this one covers followed by `len` bytes that `next` covers.
    #[must_use]
    pub fn then(self, next: Self, len: u64) -> Self {
        if len == 0 {
            return self;
        }
        Self(checksum_combine(CrcAlgorithm::Crc64Nvme, self.0, next.0, len))
    }

    /// The checksum as a number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for Crc64 {
    fn from(value: u64) -> Self {
        Self(value)
    }
}

/// Computes a [`Crc64`] piece by piece.
#[derive(Clone, Debug)]
pub struct Crc64Hasher(crc_fast::Digest);

impl Crc64Hasher {
    /// Starts with no bytes.
    #[must_use]
    pub fn new() -> Self {
        Self(crc_fast::Digest::new(CrcAlgorithm::Crc64Nvme))
    }

    /// Takes the next piece in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of all pieces.
    #[must_use]
    pub fn finish(&self) -> Crc64 {
        Crc64(self.0.finalize())
    }
}

impl Default for Crc64Hasher {
    fn default() -> Self {
        Self::new()
    }
}

/// The MD5 of some bytes, sent in base64 as `Content-MD5`. It detects damage, not malice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Md5([u8; 16]);

impl Md5 {
    /// The checksum of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(md5::Md5::digest(bytes).into())
    }

    /// The sixteen bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<[u8; 16]> for Md5 {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// Computes an [`Md5`] piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Md5Hasher(md5::Md5);

impl Md5Hasher {
    /// Starts with no bytes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of all pieces.
    #[must_use]
    pub fn finish(self) -> Md5 {
        Md5(self.0.finalize().into())
    }
}

/// A checksum that goes with the body of a request. The service refuses both kinds at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum {
    /// Sent as `x-ms-content-crc64`.
    Crc64(Crc64),
    /// Sent as `Content-MD5`.
    Md5(Md5),
}

macro_rules! base64_text {
    ($name:ident, $len:literal, $what:literal, $to:expr, $from:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let to: fn(&Self) -> [u8; $len] = $to;
                f.write_str(&BASE64_STANDARD.encode(to(self)))
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                let from: fn([u8; $len]) -> Self = $from;
                // With room for what `decode_slice` thinks it may need.
                let mut room = [0; $len + 3];
                let bytes = BASE64_STANDARD
                    .decode_slice(text, &mut room)
                    .ok()
                    .and_then(|length| room.get(..length)?.try_into().ok());
                bytes.map(from).ok_or_else(|| {
                    let message = format!(
                        "{text:?} is not {}, which is {} bytes in base64",
                        $what, $len
                    );
                    Error::new(ErrorKind::InvalidInput, message)
                })
            }
        }
    };
}

base64_text!(Crc64, 8, "a CRC64", |crc| crc.0.to_le_bytes(), |bytes| Self(
    u64::from_le_bytes(bytes)
));
base64_text!(Md5, 16, "an MD5", |md5| md5.0, Self);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        assert_eq!(Crc64::of(b"123456789").get(), 0xAE8B_1486_0A79_9888);
        assert_eq!(Crc64::of(b"hello world").to_string(), "vo7q9sPVKY0=");
        assert_eq!(Crc64::of(b""), Crc64::EMPTY);
        assert_eq!(Md5::of(b"").to_string(), "1B2M2Y8AsgTpgAmY7PhCfg==");
    }

    #[test]
    fn what_is_not_a_checksum_is_refused() {
        for bad in [
            "",
            "iJh5CoYUi6",
            "iJh5CoYUi64=x",
            "AAAA",
            "1B2M2Y8AsgTpgAmY7PhCfg==",
        ] {
            assert!(bad.parse::<Crc64>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_make_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..4096), cut in any::<proptest::sample::Index>()) {
            let (head, tail) = bytes.split_at(cut.index(bytes.len() + 1));
            let mut crc = Crc64Hasher::new();
            let mut md5 = Md5Hasher::new();
            for piece in [head, tail] {
                crc.update(piece);
                md5.update(piece);
            }
            prop_assert_eq!(crc.finish(), Crc64::of(&bytes));
            prop_assert_eq!(md5.finish(), Md5::of(&bytes));
            prop_assert_eq!(Crc64::of(head).then(Crc64::of(tail), tail.len() as u64), Crc64::of(&bytes));
            prop_assert_eq!(Crc64::of(&bytes).to_string().parse::<Crc64>().unwrap(), Crc64::of(&bytes));
        }
    }
}
