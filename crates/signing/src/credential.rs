//! What a caller may have been given to reach an account with.

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
    /// Signs a request or adds the token to it. It may be called again on the same parts, for a retry.
    ///
    /// # Errors
    /// Those of [`SharedKey::sign`], [`SasToken::append_to`] and [`BearerToken::apply`].
    pub fn apply(&self, parts: &mut Parts, now: OffsetDateTime) -> Result<(), Error> {
        match self {
            Self::SharedKey(key) => key.sign(parts, now),
            Self::Sas(token) => token.append_to(parts),
            Self::Bearer(token) => token.apply(parts),
            Self::Anonymous => Ok(()),
        }
    }
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
