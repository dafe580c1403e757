//! The text that a signature is made over, with the secrets in it hidden from whoever prints it.

use std::fmt::{self, Write};

/// The canonical text of a request: what its signature is the MAC of.
///
/// The text holds what the request holds, and that may be a lease id, an encryption key or the token of a copy's
/// source. `Debug` and `Display` replace these by `REDACTED`; [`as_str`](Self::as_str) is the exact text.
#[derive(Clone, PartialEq, Eq)]
pub struct StringToSign(String);

/// Ends of the names of headers whose values let their reader in.
const SECRET_HEADERS: [&str; 3] = ["lease-id", "encryption-key", "authorization"];

const REDACTED: &str = "REDACTED";

impl StringToSign {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The exact text, secrets and all.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The exact text, secrets and all.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, line) in self.0.split('\n').enumerate() {
            if at > 0 {
                f.write_char('\n')?;
            }
            write_line(f, line)?;
        }
        Ok(())
    }
}

impl fmt::Debug for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StringToSign").field(&self.to_string()).finish()
    }
}

impl PartialEq<str> for StringToSign {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for StringToSign {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, line: &str) -> fmt::Result {
    let name = line.split_once(':').map_or("", |(name, _)| name);
    let secret =
        name == "sig" || (name.starts_with("x-ms-") && SECRET_HEADERS.iter().any(|end| name.ends_with(end)));
    if secret {
        return write!(f, "{name}:{REDACTED}");
    }
    // A URL as a value, such as that of a copy's source, brings its own token.
    let mut rest = line;
    while let Some((before, after)) = split_after_sig(rest) {
        write!(f, "{before}{REDACTED}")?;
        rest = after
            .find(['&', ' ', '\n'])
            .and_then(|end| after.get(end..))
            .unwrap_or("");
    }
    f.write_str(rest)
}

/// The text up to and with a parameter name `sig=`, in whatever case, and what follows it.
fn split_after_sig(text: &str) -> Option<(&str, &str)> {
    text.match_indices('=').find_map(|(at, _)| {
        let name = text.get(..at)?;
        let start = at.checked_sub(3)?;
        let before = start.checked_sub(1).and_then(|at| name.as_bytes().get(at));
        let alone = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let named = name
            .get(start..)
            .is_some_and(|name| name.eq_ignore_ascii_case("sig"));
        (alone && named)
            .then(|| text.split_at_checked(at.saturating_add(1)))
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_the_rest_is_not() {
        let text = StringToSign::new(
            "PUT\n\nx-ms-copy-source:https://a.example/c/b?sv=1&SIG=planted&se=2\nx-ms-copy-source-authorization:planted\n\
             x-ms-encryption-key:planted\nx-ms-encryption-key-sha256:digest\nx-ms-proposed-lease-id:planted\n\
             x-ms-meta-design=1:x\n/a/c\ncomp:copy\nsig:planted"
                .to_owned(),
        );
        assert_eq!(
            text.to_string(),
            "PUT\n\nx-ms-copy-source:https://a.example/c/b?sv=1&SIG=REDACTED&se=2\nx-ms-copy-source-authorization:REDACTED\n\
             x-ms-encryption-key:REDACTED\nx-ms-encryption-key-sha256:digest\nx-ms-proposed-lease-id:REDACTED\n\
             x-ms-meta-design=1:x\n/a/c\ncomp:copy\nsig:REDACTED"
        );
        assert!(!format!("{text:?}").contains("planted"));
        assert!(text.as_str().contains("planted"));
    }
}
