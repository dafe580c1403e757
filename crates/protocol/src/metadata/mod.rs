//! User metadata: `x-ms-meta-*` headers.

mod name;

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};

use self::name::Name;
use crate::{Error, ErrorKind, limits};

const PREFIX: &str = "x-ms-meta-";

/// Name and value pairs that a caller keeps with a resource.
///
/// A name is a C# identifier (a letter or `_`, then letters, digits and `_`; ASCII), compared without regard to case. A value
/// is visible ASCII with spaces inside. All names and values together are at most 8 KiB. Setting metadata replaces the whole set.
///
/// A name keeps the case in which it was written. The service keeps it too, and lists show it; the names that come in the headers of an
/// answer are in lower case, for HTTP headers as this program sees them have none.
///
/// ```
/// use lazuli_protocol::Metadata;
///
/// let mut metadata = Metadata::new();
/// metadata.insert("Project", "apollo")?;
/// assert_eq!(metadata.get("PROJECT"), Some("apollo"));
/// assert_eq!(metadata.iter().next(), Some(("Project", "apollo")));
/// assert!(metadata.insert("not-an-identifier", "x").is_err());
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<Name, String>);

impl Metadata {
    /// No metadata.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pair, or replaces the one of a name that is there in whatever case.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the name is no identifier, the value cannot stand in a header or would lose white
    /// space at its ends, or the whole set would pass 8 KiB.
    pub fn insert(&mut self, name: &str, value: impl Into<String>) -> Result<(), Error> {
        let value = value.into();
        check_name(name)?;
        check_value(name, &value)?;
        let grown = self.size().saturating_add(name.len()).saturating_add(value.len());
        if grown > limits::METADATA_BYTES {
            let limit = limits::METADATA_BYTES;
            return Err(invalid(format!(
                "metadata is at most {limit} bytes with its names; {name:?} would make it {grown}"
            )));
        }
        self.keep(name, value);
        Ok(())
    }

    /// The value of a name, whatever its case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&Name::new(name)).map(String::as_str)
    }

    /// The pairs in the order of their names, which are as they were written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes the pairs into a request's headers.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when a pair that came from an answer cannot be sent.
    pub fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        for (name, value) in self.iter() {
            let header = HeaderName::try_from(format!("{PREFIX}{name}")).map_err(|source| {
                invalid(format!("metadata name {name:?} cannot be sent")).with_source(source)
            })?;
            let value = HeaderValue::from_str(value).map_err(|source| {
                invalid(format!("the value of metadata {name:?} cannot be sent")).with_source(source)
            })?;
            headers.insert(header, value);
        }
        Ok(())
    }

    /// Reads the pairs of an answer. What the service holds is kept as it is, even if it could not be set today.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let pair = |(name, value): (&HeaderName, &HeaderValue)| {
            let name = name.as_str().strip_prefix(PREFIX)?;
            Some((
                Name::new(name),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            ))
        };
        Self(headers.iter().filter_map(pair).collect())
    }

    pub(crate) fn keep(&mut self, name: &str, value: String) {
        let name = Name::new(name);
        // The map would keep the name that it has.
        self.0.remove(&name);
        self.0.insert(name, value);
    }

    fn size(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let mut chars = name.chars();
    let starts = chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if !starts || !chars.all(|other| other.is_ascii_alphanumeric() || other == '_') {
        return Err(invalid(format!(
            "{name:?} is not a metadata name; use letters, digits and _, not starting with a digit"
        )));
    }
    Ok(())
}

fn check_value(name: &str, value: &str) -> Result<(), Error> {
    if value.trim() != value || !value.chars().all(|c| c == '\t' || (' '..='~').contains(&c)) {
        let message = format!(
            "the value of metadata {name:?} must be visible ASCII without white space at its ends; encode other text, in base64 say"
        );
        return Err(invalid(message));
    }
    Ok(())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_that_cannot_be_kept_are_refused() {
        let mut metadata = Metadata::new();
        for name in ["", "1st", "a-b", "a.b", "é", "a b"] {
            assert!(metadata.insert(name, "x").is_err(), "{name:?}");
        }
        for value in [" x", "x ", "\u{e9}", "a\nb", "a\0b"] {
            assert!(metadata.insert("ok", value).is_err(), "{value:?}");
        }
        assert!(metadata.insert("ok", "x".repeat(limits::METADATA_BYTES)).is_err());
        assert!(metadata.is_empty());
    }

    #[test]
    fn names_keep_their_case_and_compare_without_it() {
        let mut metadata = Metadata::new();
        for (name, value) in [("userid", "1"), ("_b", "2"), ("Az", "3"), ("UserId", "4")] {
            metadata.insert(name, value).unwrap();
        }
        let pairs: Vec<_> = metadata.iter().collect();
        assert_eq!(pairs, [("_b", "2"), ("Az", "3"), ("UserId", "4")]);
        assert_eq!(metadata.get("USERID"), Some("4"));
        let mut other = Metadata::new();
        for (name, value) in [("az", "3"), ("_B", "2"), ("uSERiD", "4")] {
            other.insert(name, value).unwrap();
        }
        assert_eq!(metadata, other);
        other.insert("az", "4").unwrap();
        assert_ne!(metadata, other);
    }

    #[test]
    fn metadata_survives_the_wire() {
        let mut metadata = Metadata::new();
        metadata.insert("Owner", "a team").unwrap();
        metadata.insert("_empty", "").unwrap();
        let mut headers = HeaderMap::new();
        metadata.apply(&mut headers).unwrap();
        assert_eq!(Metadata::from_headers(&headers), metadata);
    }
}
