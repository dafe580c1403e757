//! Entity tags: the identity of one state of a resource.

use std::fmt;

use crate::{Error, ErrorKind};

/// The `ETag` of a resource, kept without its quotes, since the service sends it both with (headers) and without (lists).
///
/// ```
/// use lazuli_protocol::Etag;
///
/// let from_header: Etag = "\"0x8DB00B5ABC38BAA\"".parse()?;
/// let from_list: Etag = "0x8DB00B5ABC38BAA".parse()?;
/// assert_eq!(from_header, from_list);
/// assert_eq!(from_header.quoted(), "\"0x8DB00B5ABC38BAA\"");
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Etag(Box<str>);

impl Etag {
    /// The tag without quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag as conditional headers carry it, in double quotes.
    #[must_use]
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

impl std::str::FromStr for Etag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bare = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        let legal = |byte: u8| byte == 0x21 || (0x23..=0x7E).contains(&byte);
        if bare.is_empty() || !bare.bytes().all(legal) {
            let message = format!("{text:?} is not an ETag; pass one that the service sent, or Any");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(Self(bare.into()))
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for bad in ["", "\"\"", "a b", "a\"b", "a\nb", "\u{e9}"] {
            assert!(bad.parse::<Etag>().is_err(), "{bad:?}");
        }
    }
}
