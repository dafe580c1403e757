//! Byte ranges: what a request asks for, and what an answer says it holds.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeInclusive};
use std::str::FromStr;

use crate::{Error, ErrorKind};

/// A range of bytes of a resource, sent as `x-ms-range: bytes=first-last`. The service has no suffix ranges.
///
/// ```
/// use lazuli_protocol::ByteRange;
///
/// assert_eq!(ByteRange::from(0..512).to_string(), "bytes=0-511");
/// assert_eq!(ByteRange::from(512..).to_string(), "bytes=512-");
/// assert_eq!("bytes=0-511".parse::<ByteRange>()?.len(), Some(512));
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ByteRange {
    first: u64,
    // One past the last byte; `None` reads to the end. Never below `first`.
    end: Option<u64>,
}

impl ByteRange {
    /// The range of `len` bytes that starts at byte `first`.
    #[must_use]
    pub fn new(first: u64, len: u64) -> Self {
        Self {
            first,
            end: Some(first.saturating_add(len)),
        }
    }

    /// The first byte, counted from 0.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// One past the last byte, or `None` for "to the end".
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        self.end
    }

    /// The number of bytes asked for, or `None` for "to the end".
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        self.end.map(|end| end.saturating_sub(self.first))
    }

    /// Whether the range asks for no byte at all, which HTTP cannot say: such a range is refused before it is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The header's value.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for an empty range.
    pub fn header_value(&self) -> Result<String, Error> {
        if self.is_empty() {
            let message = format!(
                "an empty range at byte {} cannot be asked for; ask for at least one byte",
                self.first
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(self.to_string())
    }
}

impl From<Range<u64>> for ByteRange {
    fn from(range: Range<u64>) -> Self {
        Self {
            first: range.start,
            end: Some(range.end.max(range.start)),
        }
    }
}

impl From<RangeInclusive<u64>> for ByteRange {
    fn from(range: RangeInclusive<u64>) -> Self {
        Self {
            first: *range.start(),
            end: Some(range.end().saturating_add(1).max(*range.start())),
        }
    }
}

impl From<RangeFrom<u64>> for ByteRange {
    fn from(range: RangeFrom<u64>) -> Self {
        Self {
            first: range.start,
            end: None,
        }
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(end) => write!(f, "bytes={}-{}", self.first, end.saturating_sub(1)),
            None => write!(f, "bytes={}-", self.first),
        }
    }
}

impl FromStr for ByteRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parse = || {
            let (first, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
            let first = number(first)?;
            if last.is_empty() {
                return Some(Self { first, end: None });
            }
            let end = number(last)?.checked_add(1)?;
            (end > first).then_some(Self {
                first,
                end: Some(end),
            })
        };
        parse().ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not a range like bytes=0-511 or bytes=512-"),
            )
        })
    }
}

/// What an answer holds: `Content-Range: bytes first-last/size`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentRange {
    /// The first byte, counted from 0.
    pub first: u64,
    /// The last byte, itself included.
    pub last: u64,
    /// The size of the whole resource, in bytes.
    pub size: u64,
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes {}-{}/{}", self.first, self.last, self.size)
    }
}

impl FromStr for ContentRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parse = || {
            let (range, size) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
            let (first, last) = range.split_once('-')?;
            let range = Self {
                first: number(first)?,
                last: number(last)?,
                size: number(size)?,
            };
            (range.first <= range.last && range.last < range.size).then_some(range)
        };
        parse().ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidResponse,
                format!("{text:?} is not a content range like bytes 0-511/1024"),
            )
        })
    }
}

// Digits only: `u64::from_str` would let a plus sign through.
fn number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn malformed_ranges_are_refused() {
        for bad in [
            "",
            "bytes=",
            "bytes=-5",
            "bytes=5-4",
            "bytes=+1-2",
            "bytes=a-b",
            "0-5",
            "bytes=0-18446744073709551615",
        ] {
            assert!(bad.parse::<ByteRange>().is_err(), "{bad:?}");
        }
        for bad in ["", "bytes 0-5", "bytes */5", "bytes 5-4/9", "bytes 0-9/9"] {
            assert!(bad.parse::<ContentRange>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_empty_range_is_never_sent() {
        assert!(ByteRange::from(7..7).header_value().is_err());
        assert!(ByteRange::new(7, 0).is_empty());
    }

    proptest! {
        #[test]
        fn a_range_survives_the_wire(first in any::<u64>(), len in 1..u64::from(u32::MAX), open in any::<bool>()) {
            let range = if open { ByteRange::from(first..) } else { ByteRange::new(first.saturating_sub(len), len) };
            prop_assert_eq!(range.to_string().parse::<ByteRange>().unwrap(), range);
        }
    }
}
