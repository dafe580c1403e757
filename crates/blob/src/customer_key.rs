//! A key of the customer's own, which the service encrypts a blob with and does not keep.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use lazuli_protocol::{Error, ErrorKind, header};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AES256";

/// A customer-provided key: AES of 256 bits. Whoever wrote a blob with it must show it again to read or change the blob; the service keeps
/// its SHA-256 alone. It is never shown, and the layers of a [`Transport`](lazuli_transport::Transport) send it over TLS only, or within this
/// machine, also where they were [allowed](lazuli_transport::SecureLayer::allow_http) plain `http`.
///
/// ```
/// use lazuli_blob::CustomerKey;
///
/// let key = CustomerKey::new(&[7; 32]);
/// assert_eq!(format!("{key:?}"), "CustomerKey(..)");
/// ```
#[derive(Clone)]
pub struct CustomerKey {
    key: SecretString,
    sha256: String,
}

impl CustomerKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            key: BASE64_STANDARD.encode(key).into(),
            sha256: BASE64_STANDARD.encode(Sha256::digest(key)),
        }
    }

    /// A key as it is written in base64.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) when it is not base64, or not 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let invalid = || {
            Error::new(
                ErrorKind::InvalidInput,
                "a customer-provided key is 32 bytes in base64",
            )
        };
        let bytes = zeroize::Zeroizing::new(BASE64_STANDARD.decode(text).map_err(|_| invalid())?);
        let key = <&[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| invalid())?;
        Ok(Self::new(key))
    }

    /// The SHA-256 of the key in base64, which the service answers with.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Shows the key of the blob itself.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.write(
            headers,
            [
                header::ENCRYPTION_KEY,
                header::ENCRYPTION_KEY_SHA256,
                header::ENCRYPTION_ALGORITHM,
            ],
        )
    }

    /// Shows the key of the source of a copy.
    pub(crate) fn apply_to_source(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        self.write(
            headers,
            [
                header::SOURCE_ENCRYPTION_KEY,
                header::SOURCE_ENCRYPTION_KEY_SHA256,
                header::SOURCE_ENCRYPTION_ALGORITHM,
            ],
        )
    }

    fn write(&self, headers: &mut HeaderMap, [key, sha256, algorithm]: [HeaderName; 3]) -> Result<(), Error> {
        let value = |text: &str| {
            HeaderValue::from_str(text).map_err(|_| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "the customer-provided key cannot be sent",
                )
            })
        };
        let mut secret = value(self.key.expose_secret())?;
        secret.set_sensitive(true);
        headers.insert(key, secret);
        headers.insert(sha256, value(&self.sha256)?);
        headers.insert(algorithm, HeaderValue::from_static(ALGORITHM));
        Ok(())
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_with_its_hash_and_not_shown() {
        let key = CustomerKey::from_base64("MDEyMzQ1NjcwMTIzNDU2NzAxMjM0NTY3MDEyMzQ1Njc=").unwrap();
        let mut headers = HeaderMap::new();
        key.apply(&mut headers).unwrap();
        assert_eq!(
            headers["x-ms-encryption-key"],
            "MDEyMzQ1NjcwMTIzNDU2NzAxMjM0NTY3MDEyMzQ1Njc="
        );
        assert_eq!(
            headers["x-ms-encryption-key-sha256"],
            "3QFFFpRA5+XANHqwwbT4yXDmrT/2JaLt/FKHjzhOdoE="
        );
        assert!(!format!("{headers:?}").contains("MDEyMzQ1"));
        for bad in ["", "short", "MDEyMzQ1Njc="] {
            assert!(CustomerKey::from_base64(bad).is_err());
        }
    }
}
