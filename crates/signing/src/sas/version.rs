//! `sv`: which edition of the service's rules a SAS is made by, and so which text is signed.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// The signed version of a SAS, such as `2026-06-06`. Versions compare by age.
///
/// A version newer than this crate knows is signed by the newest layout that it knows.
///
/// ```
/// use lazuli_signing::SasVersion;
///
/// let version: SasVersion = "2020-12-06".parse()?;
/// assert!(version < SasVersion::LATEST);
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SasVersion {
    /// The digits as one number: tables are searched by version for each SAS, and numbers compare fastest.
    number: u32,
    text: [u8; 10],
}

impl SasVersion {
    /// What a SAS is made with unless its maker says otherwise: the version that the clients of this workspace speak.
    pub const LATEST: Self = Self::of(b"2026-06-06");

    /// A version that is written out in the code.
    pub(super) const fn of(date: &[u8; 10]) -> Self {
        let [y0, y1, y2, y3, _, m0, m1, _, d0, d1] = *date;
        Self {
            number: decimal([y0, y1, y2, y3]) * 10_000 + decimal([m0, m1, d0, d1]),
            text: *date,
        }
    }

    /// The version, if the text has the form of one.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 10] = text.as_bytes().try_into().ok()?;
        let fits = |(at, byte): (usize, &u8)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        bytes.iter().enumerate().all(fits).then(|| Self::of(&bytes))
    }

    /// The version as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets past the constructors.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }
}

/// The number that four digits are.
const fn decimal(digits: [u8; 4]) -> u32 {
    let [a, b, c, d] = digits;
    let (a, b, c, d) = (a as u32, b as u32, c as u32, d as u32);
    (a * 1000 + b * 100 + c * 10 + d) - b'0' as u32 * 1111
}

impl Default for SasVersion {
    fn default() -> Self {
        Self::LATEST
    }
}

impl FromStr for SasVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidSas,
                "the version of a SAS is not a date; write year-month-day, such as 2026-06-06",
            )
        })
    }
}

impl fmt::Display for SasVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SasVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_age() {
        let versions = [
            "0000-00-00",
            "2012-02-12",
            "2018-11-09",
            "2018-12-01",
            "2019-01-31",
            "9999-99-99",
        ];
        assert!(versions.map(SasVersion::read).is_sorted());
        assert_eq!(SasVersion::LATEST.number, 20_260_606);
    }

    #[test]
    fn a_version_is_a_date() {
        assert_eq!(
            "2018-11-09".parse::<SasVersion>().unwrap().to_string(),
            "2018-11-09"
        );
        for text in [
            "",
            "2018-11-9",
            "2018-11-09 ",
            "2018/11/09",
            "20181-1-09",
            "2018-11-0é",
        ] {
            let error = text.parse::<SasVersion>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidSas, "{text:?}");
        }
    }
}
