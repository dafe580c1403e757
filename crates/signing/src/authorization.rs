//! The header `Authorization`, taken apart: which scheme, whose account, what signature.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

use crate::refusal::Refusal;

/// A scheme of `Authorization` that this crate can verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// `SharedKey`: method, standard headers, `x-ms-` headers and the resource with its whole query.
    SharedKey,
    /// `SharedKeyLite`: less of the standard headers, and of the query `comp` only.
    SharedKeyLite,
}

impl Scheme {
    const ALL: [Self; 2] = [Self::SharedKey, Self::SharedKeyLite];

    /// Its name in the header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SharedKey => "SharedKey",
            Self::SharedKeyLite => "SharedKeyLite",
        }
    }
}

/// What an `Authorization` header says. `Debug` does not show the signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization {
    scheme: Scheme,
    account: String,
    signature: String,
    mac: Vec<u8>,
}

impl Authorization {
    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The account that the request claims to be signed for, as it was sent: it may be no valid name.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The signature as it was sent, in base64.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The signature's bytes.
    pub(crate) fn mac(&self) -> &[u8] {
        &self.mac
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("scheme", &self.scheme)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// Takes an `Authorization` header apart, so that a server can look the account up before it verifies.
///
/// ```
/// use lazuli_signing::{Scheme, parse_authorization};
///
/// let value = http::HeaderValue::from_static("SharedKey example:qAl8dTgOEhK5Ki72WmrXaMP1RgzrDXfqEpvpqi1teCo=");
/// let authorization = parse_authorization(&value)?;
/// assert_eq!(authorization.scheme(), Scheme::SharedKey);
/// assert_eq!(authorization.account(), "example");
/// # Ok::<(), lazuli_signing::Refusal>(())
/// ```
///
/// # Errors
/// [`Refusal::MalformedAuthorization`] with what is wrong. Schemes are compared in the case that Azure writes them.
pub fn parse_authorization(value: &HeaderValue) -> Result<Authorization, Refusal> {
    let text = value.to_str().map_err(|_| AuthorizationFault::NotText)?.trim();
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    let scheme = Scheme::ALL.into_iter().find(|known| known.as_str() == scheme);
    let scheme = scheme.ok_or(AuthorizationFault::UnknownScheme)?;
    let (account, signature) = rest
        .trim_start()
        .split_once(':')
        .ok_or(AuthorizationFault::NoColon)?;
    let mac = STANDARD.decode(signature).ok().filter(|mac| !mac.is_empty());
    let mac = mac.ok_or(AuthorizationFault::SignatureNotBase64)?;
    let (account, signature) = (account.to_owned(), signature.to_owned());
    Ok(Authorization {
        scheme,
        account,
        signature,
        mac,
    })
}

/// What is wrong with an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthorizationFault {
    /// There is more than one such header.
    Repeated,
    /// It has characters other than printable ASCII.
    NotText,
    /// It does not begin with a scheme that this crate verifies.
    UnknownScheme,
    /// No colon parts the account from the signature.
    NoColon,
    /// The signature is empty or not base64.
    SignatureNotBase64,
    /// It names another account than the one that it was verified against.
    AccountMismatch,
}

impl fmt::Display for AuthorizationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "it is given more than once",
            Self::NotText => "it has characters other than printable ASCII",
            Self::UnknownScheme => "its scheme is neither `SharedKey` nor `SharedKeyLite`",
            Self::NoColon => "it has no colon between account and signature",
            Self::SignatureNotBase64 => "its signature is not base64",
            Self::AccountMismatch => "it is for another account than the one that is addressed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_scheme_is_taken_apart() {
        for (value, scheme) in [
            ("SharedKey  acct:AAAA", Scheme::SharedKey),
            (" SharedKeyLite acct:AAAA ", Scheme::SharedKeyLite),
        ] {
            let authorization = parse_authorization(&HeaderValue::from_static(value)).unwrap();
            assert_eq!(authorization.scheme(), scheme);
            assert_eq!(
                (authorization.account(), authorization.signature()),
                ("acct", "AAAA")
            );
            assert_eq!(authorization.mac(), [0, 0, 0]);
        }
    }

    #[test]
    fn what_is_malformed_is_told_apart() {
        for (value, fault) in [
            ("", AuthorizationFault::UnknownScheme),
            ("acct:AAAA", AuthorizationFault::UnknownScheme),
            ("Bearer planted", AuthorizationFault::UnknownScheme),
            ("sharedkey acct:AAAA", AuthorizationFault::UnknownScheme),
            ("SharedKeyLight acct:AAAA", AuthorizationFault::UnknownScheme),
            ("SharedKeyLite", AuthorizationFault::NoColon),
            ("SharedKey", AuthorizationFault::NoColon),
            ("SharedKey acct AAAA", AuthorizationFault::NoColon),
            ("SharedKey acct:", AuthorizationFault::SignatureNotBase64),
            ("SharedKey acct:AAA", AuthorizationFault::SignatureNotBase64),
            ("SharedKey acct:A A=", AuthorizationFault::SignatureNotBase64),
            ("SharedKey acct:ä", AuthorizationFault::NotText),
        ] {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            match parse_authorization(&value) {
                Err(Refusal::MalformedAuthorization(found)) => assert_eq!(found, fault, "{value:?}"),
                other => panic!("{value:?} gave {other:?}"),
            }
        }
    }
}
