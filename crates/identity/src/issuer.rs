//! From a token source to a storage credential: what a challenge asks for goes in, a bearer token comes out.

use std::sync::Arc;

use lazuli_signing::BearerToken;
use lazuli_transport::{Challenge, IssueFuture, Issued, Issuer, Renewing};

use crate::{STORAGE_SCOPE, TokenCredential, TokenRequest};

/// Makes bearer tokens of a token source, for a [`Renewing`] to keep.
///
/// A challenge's claims are passed on to the source, and its tenant too, which the source refuses unless it was allowed to ask it. What the
/// challenge names as resource is not: whoever poses as a storage service gets no tokens for another.
#[derive(Clone, Debug)]
pub struct TokenIssuer {
    source: Arc<dyn TokenCredential>,
    scope: Arc<str>,
}

impl TokenIssuer {
    /// For [`STORAGE_SCOPE`].
    pub fn new(source: impl TokenCredential) -> Self {
        Self {
            source: Arc::new(source),
            scope: STORAGE_SCOPE.into(),
        }
    }

    /// For another scope, such as one account's own.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.into();
        self
    }
}

impl Issuer for TokenIssuer {
    fn issue(&self, challenge: Option<Challenge>) -> IssueFuture {
        let source = Arc::clone(&self.source);
        let mut request = TokenRequest::new(&*self.scope).answering_challenges();
        if let Some(challenge) = &challenge {
            request.tenant = challenge.tenant().map(str::to_owned);
            request.claims = challenge.claims().map(str::to_owned);
        }
        Box::pin(async move {
            let (token, expires, refresh) = source.get_token(request).await?.into_parts();
            let issued = Issued::new(BearerToken::new(token)?, expires);
            Ok(match refresh {
                Some(time) => issued.renew_from(time),
                None => issued,
            })
        })
    }
}

/// A credential for the storage services: tokens of this source, kept and renewed by a [`Renewing`]. Give its clones to every client.
///
/// ```
/// use lazuli_identity::{ClientSecretCredential, Settings, storage_credential};
/// use lazuli_transport::Transport;
///
/// let settings = Settings::new()?;
/// let source = ClientSecretCredential::new("contoso.onmicrosoft.com", "my-app", "its secret", &settings)?;
/// let transport = Transport::builder().credential_source(storage_credential(source)).build()?;
/// # let _ = transport;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn storage_credential(source: impl TokenCredential) -> Renewing {
    Renewing::new(TokenIssuer::new(source))
}
