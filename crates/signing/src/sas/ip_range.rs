//! `sip`: the addresses that may use a SAS.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// One IPv4 address, or all from a first to a last one. The service has no SAS for IPv6 addresses.
///
/// ```
/// use lazuli_signing::IpRange;
///
/// let range: IpRange = "168.1.5.60-168.1.5.70".parse()?;
/// assert!(range.contains("168.1.5.65".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IpRange {
    first: Ipv4Addr,
    last: Option<Ipv4Addr>,
}

impl IpRange {
    /// The range, if the text has the form of one and does not end before it begins.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (first, last) = match text.split_once('-') {
            Some((first, last)) => (first, Some(last.parse().ok()?)),
            None => (text, None),
        };
        let range = Self {
            first: first.parse().ok()?,
            last,
        };
        range.is_ordered().then_some(range)
    }

    pub(super) fn is_ordered(self) -> bool {
        self.last.is_none_or(|last| self.first <= last)
    }

    /// Whether an address is in the range. An IPv4 address in the clothes of an IPv6 one is taken as the former.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => (self.first..=self.last.unwrap_or(self.first)).contains(&address),
            IpAddr::V6(_) => false,
        }
    }
}

impl From<Ipv4Addr> for IpRange {
    fn from(address: Ipv4Addr) -> Self {
        Self {
            first: address,
            last: None,
        }
    }
}

impl From<RangeInclusive<Ipv4Addr>> for IpRange {
    fn from(range: RangeInclusive<Ipv4Addr>) -> Self {
        let (first, last) = range.into_inner();
        Self {
            first,
            last: Some(last),
        }
    }
}

impl FromStr for IpRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidSas,
                "the addresses of a SAS are one IPv4 address or two with `-` between them, the lower one first",
            )
        })
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) => write!(f, "{}-{last}", self.first),
            None => self.first.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_both_its_ends() {
        let range: IpRange = "10.0.0.1-10.0.1.0".parse().unwrap();
        assert_eq!(range.to_string(), "10.0.0.1-10.0.1.0");
        for (address, inside) in [
            ("10.0.0.0", false),
            ("10.0.0.1", true),
            ("10.0.0.255", true),
            ("10.0.1.0", true),
            ("10.0.1.1", false),
            ("::ffff:10.0.0.9", true),
            ("::1", false),
        ] {
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{address}");
        }
        let one: IpRange = "10.0.0.1".parse().unwrap();
        assert!(one.contains("10.0.0.1".parse().unwrap()) && !one.contains("10.0.0.2".parse().unwrap()));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "-",
            "10.0.0.1-",
            "10.0.0.2-10.0.0.1",
            "10.0.0.1/8",
            "::1",
            "10.0.0.01",
            "a-b-c",
        ] {
            assert!(text.parse::<IpRange>().is_err(), "{text:?}");
        }
    }
}
