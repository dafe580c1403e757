//! The text that a signature is made over, with the secrets in it hidden from whoever prints it.

use std::fmt::{self, Write};

use crate::redaction::{REDACTED, write_without_signatures};

/// The canonical text of a request: what its signature is the MAC of.
///
/// The text holds what the request holds, and that may be a lease id, an encryption key or the token of a copy's
/// source. `Debug` and `Display` replace these by `REDACTED`; [`as_str`](Self::as_str) is the exact text.
#[derive(Clone, PartialEq, Eq)]
pub struct StringToSign(String);

/// Headers whose values let their reader in.
const SECRET_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// Ends of the names of such `x-ms-` headers.
const SECRET_ENDS: [&str; 3] = ["lease-id", "encryption-key", "authorization"];

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
        let mut after_resource = false;
        for (at, line) in self.0.split('\n').enumerate() {
            if at > 0 {
                f.write_char('\n')?;
            }
            let ends_in_secret = write_line(f, line)?;
            // Headers are of one line each. A query parameter, once decoded, may be of several, and nothing tells the
            // rest of a signature from the next parameter.
            if ends_in_secret && after_resource {
                return Ok(());
            }
            after_resource |= line.starts_with('/');
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

/// Writes a line without what is secret of it, and says whether that is its end.
fn write_line(f: &mut fmt::Formatter<'_>, line: &str) -> Result<bool, fmt::Error> {
    match line.split_once(':') {
        Some((name, _)) if is_secret(name) => {
            write!(f, "{name}:{REDACTED}")?;
            Ok(true)
        }
        // A URL as a value, such as that of a copy's source, brings its own token.
        _ => write_without_signatures(f, line),
    }
}

/// Whether what has this name is secret. The names of a SAS are in the case in which its maker wrote them.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let of_service = name.strip_prefix("x-ms-");
    name == "sig"
        || SECRET_HEADERS.contains(&name.as_str())
        || of_service.is_some_and(|rest| SECRET_ENDS.iter().any(|end| rest.ends_with(end)))
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

    #[test]
    fn names_are_compared_without_regard_to_case() {
        for name in [
            "authorization",
            "Authorization",
            "Proxy-Authorization",
            "X-Ms-Lease-Id",
            "X-MS-Encryption-Key",
            "x-ms-Copy-Source-Authorization",
            "Sig",
            "SIG",
        ] {
            for text in [
                format!("{name}:planted"),
                format!("r\n/blob/a/c\n{name}:planted\n\n{name}:planted"),
            ] {
                let shown = StringToSign::new(text).to_string();
                assert!(!shown.contains("planted"), "{shown}");
                assert!(shown.contains(&format!("{name}:REDACTED")), "{shown}");
            }
        }
        let text = StringToSign::new("my-authorization:kept\n/a/authorization".to_owned());
        assert_eq!(text.to_string(), text.as_str());
    }

    #[test]
    fn what_follows_a_signature_that_may_have_lines_is_hidden_too() {
        for (text, shown) in [
            ("GET\n/a/c\nsig:abc\nplanted\nsv:1", "GET\n/a/c\nsig:REDACTED"),
            (
                "GET\n/a/c\nurl:/?sig=abc\nx:planted",
                "GET\n/a/c\nurl:/?sig=REDACTED",
            ),
            (
                "GET\n/a/c\nurl:\n/d?sig=abc\nplanted",
                "GET\n/a/c\nurl:\n/d?sig=REDACTED",
            ),
            (
                "x-ms-copy-source:/?s%69g=planted\nx-ms-date:d\n/a/c\ncomp:copy",
                "x-ms-copy-source:/?s%69g=REDACTED\nx-ms-date:d\n/a/c\ncomp:copy",
            ),
        ] {
            assert_eq!(StringToSign::new(text.to_owned()).to_string(), shown);
        }
    }
}
