//! The tags of a blob: pairs that the service keeps an index of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{Error, ErrorKind, encode_query, limits, percent_decode};

/// The tags of a blob, in the order of their keys: at most 10, keys of 1 to 128 and values of up to 256 characters. Both take letters,
/// digits, spaces and `+ - . / : = _`, and case counts. Setting tags replaces all of them.
///
/// ```
/// use lazuli_protocol::BlobTags;
///
/// let tags = BlobTags::new().with("project", "apollo 11")?.with("year", "1969")?;
/// assert_eq!(tags.header_value(), "project=apollo%2011&year=1969");
/// assert!(BlobTags::new().with("project", "<apollo>").is_err());
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlobTags(BTreeMap<String, String>);

impl BlobTags {
    /// No tags.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same tags and this one, in place of the one that has its key.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the key, the value or the number of tags is not as the service allows.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Result<Self, Error> {
        self.insert(key, value)?;
        Ok(self)
    }

    /// Adds a tag, or replaces the one that has its key.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) -> Result<(), Error> {
        let (key, value) = (key.into(), value.into());
        check_tag_key(&key)?;
        check_tag_value(&value)?;
        if self.0.len() >= limits::TAGS && !self.0.contains_key(&key) {
            return Err(invalid(format!("a blob has at most {} tags", limits::TAGS)));
        }
        self.0.insert(key, value);
        Ok(())
    }

    /// Adds a tag as a service answered it, whatever it is.
    pub(crate) fn keep(&mut self, key: String, value: String) {
        self.0.insert(key, value);
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The tags, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tags as the header `x-ms-tags` holds them: encoded as a query.
    #[must_use]
    pub fn header_value(&self) -> String {
        let mut text = String::new();
        for (key, value) in self.iter() {
            let between = if text.is_empty() { "" } else { "&" };
            // Writing into a string cannot fail.
            let _ = write!(text, "{between}{}={}", encode_query(key), encode_query(value));
        }
        text
    }

    /// Reads the header `x-ms-tags`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is not encoded as it must be, a key comes twice, or as [`with`](Self::with).
    pub fn from_header(text: &str) -> Result<Self, Error> {
        let mut tags = Self::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair
                .split_once('=')
                .ok_or_else(|| invalid("tags are pairs of a key and a value, with `=` between them"))?;
            let decode = |text: &str| {
                percent_decode(&text.replace('+', " "))
                    .map(|text| text.into_owned())
                    .ok_or_else(|| invalid("tags are not encoded as a query"))
            };
            let key = decode(key)?;
            if tags.get(&key).is_some() {
                return Err(invalid(format!("the tag {key:?} comes twice")));
            }
            tags.insert(key, decode(value)?)?;
        }
        Ok(tags)
    }
}

/// Whether a key can stand with a blob.
///
/// # Errors
/// [`ErrorKind::InvalidInput`].
pub fn check_tag_key(key: &str) -> Result<(), Error> {
    if key.is_empty() || key.chars().count() > limits::TAG_KEY_CHARS {
        let message = format!(
            "the key of a tag has 1 to {} characters; {key:?} has not",
            limits::TAG_KEY_CHARS
        );
        return Err(invalid(message));
    }
    check_characters("the key", key)
}

/// Whether a value can stand with a blob.
///
/// # Errors
/// [`ErrorKind::InvalidInput`].
pub fn check_tag_value(value: &str) -> Result<(), Error> {
    if value.chars().count() > limits::TAG_VALUE_CHARS {
        let message = format!(
            "the value of a tag has at most {} characters",
            limits::TAG_VALUE_CHARS
        );
        return Err(invalid(message));
    }
    check_characters("the value", value)
}

fn check_characters(what: &str, text: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " +-./:=_".contains(c);
    match text.chars().find(|c| !allowed(*c)) {
        None => Ok(()),
        Some(c) => Err(invalid(format!(
            "{what} of a tag takes letters, digits, spaces and + - . / : = _; {text:?} has {c:?}"
        ))),
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_as_it_was_written() {
        let tags = BlobTags::new()
            .with("a b", "1+1=2")
            .and_then(|tags| tags.with("z/:", ""))
            .unwrap();
        assert_eq!(BlobTags::from_header(&tags.header_value()).unwrap(), tags);
        assert_eq!(BlobTags::from_header("").unwrap(), BlobTags::new());
        assert_eq!(BlobTags::from_header("a+b=c").unwrap().get("a b"), Some("c"));
    }

    #[test]
    fn the_limits_of_the_service_hold() {
        let mut tags = BlobTags::new();
        for n in 0..limits::TAGS {
            tags.insert(n.to_string(), "").unwrap();
        }
        assert!(tags.insert("one more", "").is_err());
        tags.insert("0", "another value").unwrap();
        assert!(BlobTags::new().insert("", "").is_err());
        assert!(BlobTags::new().insert("k".repeat(129), "").is_err());
        assert!(BlobTags::new().insert("k", "v".repeat(257)).is_err());
        assert!(BlobTags::new().insert("k", "ü").is_err());
        for bad in ["a", "a=1&a=2", "a=%zz", "=1"] {
            assert!(BlobTags::from_header(bad).is_err(), "{bad}");
        }
    }
}
