//! The name of a storage account, checked once so that it can stand in hosts, paths and headers as it is.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};

const SHORTEST: usize = 3;
const LONGEST: usize = 24;

/// The name of a storage account: 3 to 24 lower-case ASCII letters and digits.
///
/// The development account of the emulators, `devstoreaccount1`, is such a name. A clone is cheap.
///
/// ```
/// use lazuli_signing::AccountName;
///
/// let name: AccountName = "mystorage01".parse()?;
/// assert_eq!(name.as_str(), "mystorage01");
/// assert!("My-Storage".parse::<AccountName>().is_err());
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Arc<str>);

impl AccountName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidAccountName`] when it is not 3 to 24 lower-case letters and digits. The message does not
    /// quote the name, nor a character of it: where an account and a key are mixed up, the "name" is the key.
    pub fn new(name: &str) -> Result<Self, Error> {
        let refuse = |why: String| {
            Err(Error::new(
                ErrorKind::InvalidAccountName,
                format!("invalid account name: {why}"),
            ))
        };
        if name.ends_with("-secondary") {
            return refuse("give the account's own name, without `-secondary`".to_owned());
        }
        let length = name.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return refuse(format!(
                "it has {length} characters, but {SHORTEST} to {LONGEST} are allowed"
            ));
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if let Some(at) = name.chars().position(|c| !allowed(c)) {
            let place = at.saturating_add(1);
            return refuse(format!(
                "character {place} is none of a to z and 0 to 9, which alone are allowed"
            ));
        }
        Ok(Self(name.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl AsRef<str> for AccountName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_accounts_and_emulators_pass() {
        for name in [
            "abc",
            "0storage1",
            crate::EMULATOR_ACCOUNT,
            "a23456789012345678901234",
        ] {
            assert_eq!(AccountName::new(name).unwrap().to_string(), name);
        }
    }

    #[test]
    fn what_is_wrong_with_a_name_is_said() {
        for (name, message) in [
            (
                "",
                "invalid account name: it has 0 characters, but 3 to 24 are allowed",
            ),
            (
                "ab",
                "invalid account name: it has 2 characters, but 3 to 24 are allowed",
            ),
            (
                "a234567890123456789012345",
                "invalid account name: it has 25 characters, but 3 to 24 are allowed",
            ),
            (
                "myAccount",
                "invalid account name: character 3 is none of a to z and 0 to 9, which alone are allowed",
            ),
            (
                "my.account",
                "invalid account name: character 3 is none of a to z and 0 to 9, which alone are allowed",
            ),
            (
                "kontoä",
                "invalid account name: character 6 is none of a to z and 0 to 9, which alone are allowed",
            ),
            (
                "acct-secondary",
                "invalid account name: give the account's own name, without `-secondary`",
            ),
        ] {
            assert_eq!(AccountName::new(name).unwrap_err().to_string(), message);
        }
    }
}
