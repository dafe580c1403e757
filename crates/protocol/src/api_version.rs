//! `x-ms-version`: which edition of the service's protocol a request speaks.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind};

/// A version of the storage services, such as `2026-06-06`. Versions compare by age.
///
/// ```
/// use lazuli_protocol::ApiVersion;
///
/// let version: ApiVersion = "2019-12-12".parse()?;
/// assert!(version < ApiVersion::LATEST);
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion([u8; 10]);

impl ApiVersion {
    /// What the clients of this workspace send: the newest version that both the service and the common emulators know.
    pub const LATEST: Self = Self(*b"2026-06-06");

    /// Every version from 2019-02-02 on that the service is known to accept, oldest first.
    pub const KNOWN: &[Self] = &[
        Self(*b"2019-02-02"),
        Self(*b"2019-07-07"),
        Self(*b"2019-10-10"),
        Self(*b"2019-12-12"),
        Self(*b"2020-02-10"),
        Self(*b"2020-04-08"),
        Self(*b"2020-06-12"),
        Self(*b"2020-08-04"),
        Self(*b"2020-10-02"),
        Self(*b"2020-12-06"),
        Self(*b"2021-02-12"),
        Self(*b"2021-04-10"),
        Self(*b"2021-06-08"),
        Self(*b"2021-08-06"),
        Self(*b"2021-10-04"),
        Self(*b"2021-12-02"),
        Self(*b"2022-11-02"),
        Self(*b"2023-01-03"),
        Self(*b"2023-05-03"),
        Self(*b"2023-08-03"),
        Self(*b"2023-11-03"),
        Self(*b"2024-02-04"),
        Self(*b"2024-05-04"),
        Self(*b"2024-08-04"),
        Self(*b"2024-11-04"),
        Self(*b"2025-01-05"),
        Self(*b"2025-05-05"),
        Self(*b"2025-07-05"),
        Self(*b"2025-11-05"),
        Self(*b"2026-02-06"),
        Self(*b"2026-04-06"),
        Self(*b"2026-06-06"),
        Self(*b"2026-10-06"),
        Self(*b"2026-12-06"),
    ];

    /// The version of a date that is written out in the code, such as `b"2021-02-12"`.
    #[must_use]
    pub const fn of(date: &[u8; 10]) -> Self {
        Self(*date)
    }

    /// The version as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits and hyphens get past the constructors that take foreign input.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let shaped = |bytes: &[u8; 10]| {
            bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            })
        };
        match <[u8; 10]>::try_from(text.as_bytes()) {
            Ok(bytes) if shaped(&bytes) => Ok(Self(bytes)),
            _ => Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not a service version; write one as year-month-day, such as 2026-06-06"),
            )),
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_versions_stand_in_order() {
        assert!(ApiVersion::KNOWN.is_sorted());
        assert!(ApiVersion::KNOWN.contains(&ApiVersion::LATEST));
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for bad in [
            "",
            "2026",
            "2026-6-6",
            "2026-06-06 ",
            "2026/06/06",
            "latest",
            "２０２６",
        ] {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad:?}");
        }
    }
}
