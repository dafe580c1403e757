//! The URL that a blob was copied from, which may have a signature in it.

use std::fmt;

use lazuli_protocol::redacted_uri;

/// The URL that a blob was copied from, as whoever started the copy wrote it: perhaps with a SAS, which is shown without its signature.
#[derive(Clone, PartialEq, Eq)]
pub struct CopiedFrom(String);

impl CopiedFrom {
    pub(crate) fn new(url: String) -> Self {
        Self(url)
    }

    /// The URL as it is. It may be a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CopiedFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.parse() {
            Ok(url) => f.write_str(&redacted_uri(&url)),
            Err(_) => f.write_str("(no URL)"),
        }
    }
}

impl fmt::Debug for CopiedFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CopiedFrom({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_not_shown() {
        let from = CopiedFrom::new("https://a.example/b?sv=1&sig=c2VjcmV0".to_owned());
        assert!(!format!("{from} {from:?}").contains("c2VjcmV0"));
        assert!(from.expose().ends_with("sig=c2VjcmV0"));
    }
}
