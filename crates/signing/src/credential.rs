//! What a caller may have been given to reach an account with.

use http::header::AUTHORIZATION;
use http::request::Parts;
use time::OffsetDateTime;

use crate::bearer::BearerToken;
use crate::error::Error;
use crate::sas::SasToken;
use crate::shared_key::SharedKey;

/// A way to be let in, applied to each try of a request.
///
/// ```
/// use lazuli_signing::{Credential, SasToken};
///
/// let credential = Credential::from(SasToken::parse("?sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0")?);
/// let (mut parts, ()) = http::Request::get("https://example.blob.core.windows.net/c/b").body(())?.into_parts();
/// credential.apply(&mut parts, time::OffsetDateTime::UNIX_EPOCH)?;
/// assert_eq!(parts.uri.query(), Some("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// The account's name and one of its keys: the whole account, for as long as the key lives.
    SharedKey(SharedKey),
    /// A shared access signature: what it names, until it expires.
    Sas(SasToken),
    /// An access token of Microsoft Entra: what its holder has a role for, until it expires.
    Bearer(BearerToken),
    /// Nothing: only what is open to the public.
    Anonymous,
}

impl Credential {
    /// Signs a request or adds the token to it. It may be called again on the same parts, for a retry, or on parts that
    /// another credential was applied to:
    ///
    /// - A key or an access token replaces `Authorization`, and leaves the query as it is.
    /// - A SAS replaces another one in the query and removes `Authorization`, which would count before it. Only an
    ///   access token beside a SAS that is bound to one user (`sduoid`) stays: such a SAS needs it.
    /// - [`Anonymous`](Self::Anonymous) leaves the request as it is: what lets it in may be the caller's own.
    ///
    /// # Errors
    /// Those of [`SharedKey::sign`], [`SasToken::append_to`] and [`BearerToken::apply`].
    pub fn apply(&self, parts: &mut Parts, now: OffsetDateTime) -> Result<(), Error> {
        match self {
            Self::SharedKey(key) => key.sign(parts, now),
            Self::Sas(token) => {
                if !(is_bearer(parts) && token.is_for_one_user()) {
                    parts.headers.remove(AUTHORIZATION);
                }
                token.append_to(parts)
            }
            Self::Bearer(token) => token.apply(parts),
            Self::Anonymous => Ok(()),
        }
    }
}

/// Whether a request has an access token.
fn is_bearer(parts: &Parts) -> bool {
    let scheme = |value: &http::HeaderValue| value.as_bytes().get(..7).map(<[u8]>::to_ascii_lowercase);
    parts.headers.get(AUTHORIZATION).and_then(scheme).as_deref() == Some(b"bearer ")
}

impl From<SharedKey> for Credential {
    fn from(key: SharedKey) -> Self {
        Self::SharedKey(key)
    }
}

impl From<SasToken> for Credential {
    fn from(token: SasToken) -> Self {
        Self::Sas(token)
    }
}

impl From<BearerToken> for Credential {
    fn from(token: BearerToken) -> Self {
        Self::Bearer(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY};

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn key() -> Credential {
        let key = AccountKey::from_base64(EMULATOR_KEY).unwrap();
        SharedKey::new(EMULATOR_ACCOUNT.parse().unwrap(), key).into()
    }

    fn sas(text: &str) -> Credential {
        SasToken::parse(text).unwrap().into()
    }

    fn after(credentials: &[Credential]) -> Parts {
        let (mut parts, ()) = http::Request::get("/c?comp=list").body(()).unwrap().into_parts();
        for credential in credentials {
            credential.apply(&mut parts, NOW).unwrap();
        }
        parts
    }

    #[test]
    fn the_last_credential_is_the_one_that_counts_and_none_is_no_credential() {
        let bearer = || Credential::from(BearerToken::new("token".to_owned()).unwrap());
        for before in [key(), bearer()] {
            let parts = after(&[before.clone(), sas("sv=1&sig=a")]);
            assert!(!parts.headers.contains_key(AUTHORIZATION));
            assert_eq!(parts.uri.query(), Some("comp=list&sv=1&sig=a"));
            let parts = after(&[before, Credential::Anonymous]);
            assert!(parts.headers.contains_key(AUTHORIZATION));
        }
        let renewed = after(&[sas("sv=1&se=1&sig=a"), sas("sv=1&se=2&sig=b")]);
        assert_eq!(renewed.uri.query(), Some("comp=list&sv=1&se=2&sig=b"));
        let parts = after(&[key(), bearer()]);
        assert_eq!(parts.headers.get_all(AUTHORIZATION).iter().count(), 1);
        assert_eq!(parts.headers[AUTHORIZATION], "Bearer token");
    }

    #[test]
    fn the_user_of_a_sas_for_one_user_keeps_the_access_token() {
        let bearer = Credential::from(BearerToken::new("token".to_owned()).unwrap());
        let parts = after(&[bearer, sas("sv=1&sduoid=uid&sig=a")]);
        assert_eq!(parts.headers[AUTHORIZATION], "Bearer token");
        let parts = after(&[key(), sas("sv=1&sduoid=uid&sig=a")]);
        assert!(!parts.headers.contains_key(AUTHORIZATION));
    }
}
