//! Names of containers and blobs, checked before anything is sent.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind, limits};

/// The name of a container: 3 to 63 lower-case letters, digits and single hyphens, starting and ending with a letter or
/// digit; or one of the service's own: `$root`, `$web`, `$logs`, `$blobchangefeed`.
///
/// ```
/// use lazuli_protocol::ContainerName;
///
/// assert!(ContainerName::new("my-logs").is_ok());
/// assert!(ContainerName::new("My--Logs").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContainerName(Box<str>);

const SPECIAL: [&str; 4] = ["$root", "$web", "$logs", "$blobchangefeed"];

impl ContainerName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], with the rule that the name breaks.
    pub fn new(name: &str) -> Result<Self, Error> {
        let broken = if SPECIAL.contains(&name) {
            None
        } else if !(3..=63).contains(&name.len()) {
            Some("it must have 3 to 63 characters")
        } else if !name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            Some("it may hold lower-case letters, digits and hyphens only")
        } else if name.starts_with('-') || name.ends_with('-') {
            Some("it must start and end with a letter or a digit")
        } else if name.contains("--") {
            Some("it may not hold two hyphens in a row")
        } else {
            None
        };
        match broken {
            Some(rule) => Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{name:?} is not a container name: {rule}"),
            )),
            None => Ok(Self(name.into())),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a blob: 1 to 1,024 characters in at most 254 segments between slashes; any Unicode except control characters
/// that no URL can carry. Case counts.
///
/// ```
/// use lazuli_protocol::BlobName;
///
/// assert!(BlobName::new("logs/2026/å b.txt").is_ok());
/// assert!(BlobName::new("").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobName(Box<str>);

impl BlobName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], with the rule that the name breaks.
    pub fn new(name: &str) -> Result<Self, Error> {
        let broken = if name.is_empty() {
            Some("it must have at least one character")
        } else if name.encode_utf16().count() > limits::BLOB_NAME_CHARS {
            Some("it may have at most 1,024 characters")
        } else if name.split('/').count() > limits::BLOB_NAME_SEGMENTS {
            Some("it may have at most 254 segments between slashes")
        } else if name.contains('\0') {
            Some("it may not hold the character NUL")
        } else if name.split('/').any(|segment| segment == "." || segment == "..") {
            // Every proxy and many clients fold such a path before the service sees it.
            Some("a segment may not be '.' or '..'")
        } else {
            None
        };
        match broken {
            Some(rule) => Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{name:?} is not a blob name: {rule}"),
            )),
            None => Ok(Self(name.into())),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! name {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(name: &str) -> Result<Self, Error> {
                Self::new(name)
            }
        }
    };
}

name!(ContainerName);
name!(BlobName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn container_names_follow_the_rules() {
        for good in ["abc", "a-b-c", "123", "$root", "$web", &"x".repeat(63)] {
            assert!(ContainerName::new(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "ab",
            "-abc",
            "abc-",
            "a--b",
            "Abc",
            "a_b",
            "a.b",
            "a/b",
            "$mine",
            "äbc",
            &"x".repeat(64),
        ] {
            assert!(ContainerName::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn blob_names_follow_the_rules() {
        for good in [
            "a",
            "a/b",
            "/a",
            "a/",
            "a//b",
            "...",
            "a b+c%20?#",
            "😀",
            &"x".repeat(1024),
        ] {
            assert!(BlobName::new(good).is_ok(), "{good:?}");
        }
        let deep = vec!["a"; 255].join("/");
        for bad in [
            "",
            "a/../b",
            "..",
            "./a",
            "a\0b",
            &"x".repeat(1025),
            &"😀".repeat(513),
            &deep,
        ] {
            assert!(BlobName::new(bad).is_err(), "{bad:?}");
        }
    }
}
