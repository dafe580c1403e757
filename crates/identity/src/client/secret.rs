//! An application with a client secret.

use secrecy::{ExposeSecret as _, SecretString};

use super::{Confidential, Proof, Prove, confidential_credential};
use crate::{Error, Settings};

/// An application (service principal) that proves itself with a client secret.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_identity::{ClientSecretCredential, STORAGE_SCOPE, Settings, TokenCredential, TokenRequest};
/// use lazuli_protocol::ResponseBody;
/// use lazuli_transport::{OutgoingBody, Transport};
///
/// // The authority, in this process.
/// let authority = tower::service_fn(|request: Request<OutgoingBody>| async move {
///     assert_eq!(request.uri().path(), "/contoso.onmicrosoft.com/oauth2/v2.0/token");
///     let answer = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0eXAi"}"#;
///     Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::from(bytes::Bytes::from(answer))))
/// });
/// let settings = Settings::on(Transport::builder().build_on(authority)?);
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let source = ClientSecretCredential::new("contoso.onmicrosoft.com", "my-app", "its secret", &settings)?;
/// let token = source.get_token(TokenRequest::new(STORAGE_SCOPE)).await?;
/// assert_eq!(token.secret(), "eyJ0eXAi");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientSecretCredential {
    client: Confidential,
    secret: Secret,
}

#[derive(Clone, Debug)]
struct Secret(SecretString);

impl Prove for Secret {
    async fn prove(&self, _: &Confidential, _: &str) -> Result<Proof, Error> {
        Ok(Proof::Secret(self.0.clone()))
    }
}

impl ClientSecretCredential {
    /// Of a tenant, by its id or domain name, with the application's client id and a secret of it (its value, not its id).
    ///
    /// # Errors
    /// When one of these cannot be what it should be.
    pub fn new(
        tenant: &str,
        client_id: &str,
        secret: impl Into<SecretString>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let secret = secret.into();
        if secret.expose_secret().is_empty() {
            return Err(Error::input(
                "the client secret is empty; give its value as the portal showed it once",
            ));
        }
        Ok(Self {
            client: Confidential::new(tenant, client_id, settings)?,
            secret: Secret(secret),
        })
    }
}

confidential_credential!(ClientSecretCredential, secret);
