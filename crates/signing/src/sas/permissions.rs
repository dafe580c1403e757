//! `sp`: what a SAS permits.

use std::fmt;
use std::str::FromStr;

use super::letters::Letters;
use super::version::SasVersion;
use crate::error::{Error, ErrorKind};

/// What a SAS permits: a set of letters. Which letters mean something depends on what the SAS is for.
///
/// ```
/// use lazuli_signing::Permissions;
///
/// let permissions: Permissions = "lwr".parse()?;
/// assert!(permissions.contains('r') && !permissions.contains('d'));
/// assert_eq!(permissions.to_string(), "rwl");
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Permissions(Letters);

/// Every letter that the service gives a meaning to, in the order of its documentation.
const ORDER: &str = "racwdxyltfmeiup";

/// The letters that are newer than the oldest version.
const NEWER: &[(char, SasVersion)] = &[
    ('x', SasVersion::of(b"2019-10-10")),
    ('y', SasVersion::of(b"2019-10-10")),
    ('t', SasVersion::of(b"2019-12-12")),
    ('m', SasVersion::of(b"2020-02-10")),
    ('e', SasVersion::of(b"2020-02-10")),
    ('i', SasVersion::of(b"2020-08-04")),
    ('f', SasVersion::of(b"2021-04-10")),
];

impl Permissions {
    /// The letters of a text, unless it has something else.
    pub(super) fn read(text: &str) -> Option<Self> {
        Letters::read(text).map(Self)
    }

    pub(super) fn letters(self) -> Letters {
        self.0
    }

    /// Adds a permission. Anything but a letter from a to z is left out.
    pub(super) fn insert(&mut self, letter: char) {
        self.0.insert(letter);
    }

    /// Whether the set has a letter.
    #[must_use]
    pub fn contains(self, letter: char) -> bool {
        self.0.contains(letter)
    }

    /// Whether the set has at least one of some letters: `c` or `w` is what it takes to create a blob.
    #[must_use]
    pub fn contains_any(self, letters: &str) -> bool {
        letters.chars().any(|letter| self.contains(letter))
    }

    /// Whether nothing is permitted.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The first letter that a version does not know yet, with the version that does. An account SAS knew `f` before
    /// a container's did.
    pub(super) fn newer_than(self, version: SasVersion, of_account: bool) -> Option<(char, SasVersion)> {
        let since = |(letter, since): &(char, SasVersion)| match letter {
            'f' if of_account => ('f', SasVersion::of(b"2019-12-12")),
            _ => (*letter, *since),
        };
        NEWER
            .iter()
            .map(since)
            .find(|(letter, since)| *since > version && self.contains(*letter))
    }
}

impl FromStr for Permissions {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidSas,
                "permissions are letters from a to z without anything between them, such as `rwl`",
            )
        })
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(ORDER, f)?;
        let mut unknown = self.0.iter().filter(|letter| !ORDER.contains(*letter));
        unknown.try_for_each(|letter| fmt::Write::write_char(f, letter))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permissions({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_shown_in_the_documented_order() {
        let permissions: Permissions = "zpurwacl".parse().unwrap();
        assert_eq!(permissions.to_string(), "racwlupz");
        assert!(permissions.contains_any("dw") && !permissions.contains_any("de"));
        assert!("r w".parse::<Permissions>().is_err());
    }

    #[test]
    fn a_letter_has_the_version_that_brought_it() {
        let permissions: Permissions = "rf".parse().unwrap();
        let of = |date| SasVersion::of(date);
        assert_eq!(
            permissions.newer_than(of(b"2020-12-06"), false),
            Some(('f', of(b"2021-04-10")))
        );
        assert_eq!(permissions.newer_than(of(b"2020-12-06"), true), None);
        assert_eq!(permissions.newer_than(SasVersion::LATEST, false), None);
    }
}
