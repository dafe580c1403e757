//! An application whose assertions somebody else signs.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use lazuli_protocol::BoxError;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Confidential, Proof, Prove, confidential_credential};
use crate::{Error, ErrorKind, Settings};

/// An assertion in the making.
type AssertionFuture = Pin<Box<dyn Future<Output = Result<SecretString, BoxError>> + Send>>;

/// An application that proves itself with a signed assertion (a JWT) of another identity provider, or of a key that never leaves its
/// vault.
///
/// ```
/// use lazuli_identity::{ClientAssertionCredential, Settings};
///
/// # let settings = Settings::new()?;
/// let source = ClientAssertionCredential::new("contoso.onmicrosoft.com", "my-app", |audience: String| async move {
///     // Have it signed, for this token endpoint.
///     assert!(audience.ends_with("/oauth2/v2.0/token"));
///     Ok("eyJhbGci.eyJhdWQi.c2ln".into())
/// }, &settings)?;
/// # let _ = source;
/// # Ok::<(), lazuli_identity::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientAssertionCredential {
    client: Confidential,
    callback: Callback,
}

#[derive(Clone)]
struct Callback(Arc<dyn Fn(String) -> AssertionFuture + Send + Sync>);

impl Prove for Callback {
    async fn prove(&self, _: &Confidential, endpoint: &str) -> Result<Proof, Error> {
        let assertion = (self.0)(endpoint.to_owned()).await.map_err(|error| {
            // Another source, whose token is the assertion, may have nothing to give.
            let kind = error.downcast_ref().map_or(ErrorKind::InvalidInput, Error::kind);
            Error::new(kind, format!("no client assertion could be made: {error}")).with_source(error)
        })?;
        proof(assertion)
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

/// An assertion that has something in it.
pub(super) fn proof(assertion: SecretString) -> Result<Proof, Error> {
    if assertion.expose_secret().trim().is_empty() {
        return Err(Error::input("the client assertion is empty"));
    }
    Ok(Proof::Assertion(assertion))
}

impl ClientAssertionCredential {
    /// Of a tenant and an application. The function is called for each exchange, with the URL of the token endpoint, which is the
    /// audience of the assertion unless the federation says otherwise. Its errors must show no secret.
    ///
    /// # Errors
    /// When the tenant or the client id cannot be one.
    pub fn new<F, R>(tenant: &str, client_id: &str, assertion: F, settings: &Settings) -> Result<Self, Error>
    where
        F: Fn(String) -> R + Send + Sync + 'static,
        R: Future<Output = Result<SecretString, BoxError>> + Send + 'static,
    {
        Ok(Self {
            client: Confidential::new(tenant, client_id, settings)?,
            callback: Callback(Arc::new(move |audience| Box::pin(assertion(audience)))),
        })
    }
}

confidential_credential!(ClientAssertionCredential, callback);
