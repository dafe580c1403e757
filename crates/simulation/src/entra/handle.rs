//! What a test can ask of, and do to, the simulated Entra.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Authority, Endpoint, Fault, IdentityService};
use crate::{Error, ErrorKind};

/// The simulated Entra and machine of a [`Simulation`](crate::Simulation): faults, counts, and tokens of any claims.
///
/// A clone is cheap and is the same Entra.
#[derive(Clone)]
pub struct Entra(Arc<Authority>);

impl Entra {
    pub(crate) fn new(authority: Arc<Authority>) -> Self {
        Self(authority)
    }

    /// The endpoints, to be called or served.
    #[must_use]
    pub fn service(&self) -> IdentityService {
        IdentityService::new(self.0.clone())
    }

    /// The tenant that managed identities are in, and that challenges of the storage services name.
    #[must_use]
    pub fn tenant(&self) -> &str {
        self.0.tenant()
    }

    /// How many requests an endpoint has had, those included that went wrong.
    #[must_use]
    pub fn requests(&self, endpoint: Endpoint) -> u64 {
        self.0.script.requests(endpoint)
    }

    /// Puts a fault in line: it happens when those before it have happened.
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.0.script.push(endpoint, fault);
    }

    /// How long tokens are valid from now on, in whole seconds. Without this, the 3,599 s of Entra; 86,399 s for managed identities and
    /// for clients that handle challenges.
    pub fn token_lifetime(&self, lifetime: Duration) {
        self.0.wishes().lifetime = Some(lifetime);
    }

    /// After how long answers tell the client to ask anew (`refresh_in`), in whole seconds. Without this, they do not say.
    pub fn refresh_in(&self, wait: Option<Duration>) {
        self.0.wishes().refresh_in = wait;
    }

    /// Has the storage services refuse the next good token, once, and ask for one that answers these claims: a challenge of continuous
    /// access evaluation. Challenges stand in line.
    ///
    /// ```
    /// # let entra = lazuli_simulation::Simulation::in_memory().entra();
    /// entra.challenge(r#"{"access_token":{"nbf":{"essential":true,"value":"1767322800"}}}"#);
    /// ```
    pub fn challenge(&self, claims: impl Into<String>) {
        self.0.wishes().challenges.push_back(claims.into());
    }

    /// A token of another issuer, as a platform puts it into a file for a workload, valid for an hour. It is good for an application
    /// that was registered with [`federated`](super::App::federated) and the same texts.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the machine has no randomness for a key.
    pub fn federated_token(&self, issuer: &str, subject: &str, audience: &str) -> Result<String, Error> {
        let now = self.0.now().unix_timestamp();
        let id = self.0.id().to_string();
        let claims = json!({
            "iss": issuer, "sub": subject, "aud": audience, "jti": id,
            "iat": now, "nbf": now, "exp": now.saturating_add(3_600),
        });
        match claims {
            Value::Object(claims) => self.sign_object(&claims),
            _ => Err(no_token("the claims are no object")),
        }
    }

    /// A token of any claims, given as a JSON object, with the signature of this Entra's key. What the claims say is not checked.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidIdentity`] when the text is no JSON object; [`ErrorKind::Io`] when the machine has no randomness for a key.
    pub fn sign(&self, claims: &str) -> Result<String, Error> {
        let claims = serde_json::from_str(claims).map_err(|source| {
            Error::new(ErrorKind::InvalidIdentity, "the claims are no JSON object").because(source)
        })?;
        self.sign_object(&claims)
    }

    fn sign_object(&self, claims: &Map<String, Value>) -> Result<String, Error> {
        let token = self.0.key().and_then(|key| key.sign(claims));
        token.ok_or_else(|| no_token("no key can be made"))
    }
}

fn no_token(reason: &str) -> Error {
    Error::new(ErrorKind::Io, format!("cannot sign a token: {reason}"))
}

impl fmt::Debug for Entra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entra").field(&self.0).finish()
    }
}
