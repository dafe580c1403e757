//! The token source for managed identities.

use std::path::PathBuf;

use http::HeaderName;
use secrecy::ExposeSecret as _;

use super::identity::{ManagedIdentity, Parameters};
use super::source::Source;
use super::{arc, ask, imds};
use crate::{AccessToken, Error, Settings, TokenCredential, TokenFuture, TokenRequest};

/// The managed identity of the machine, container or app that this runs on.
///
/// The [environment](Settings::environment) tells which endpoint there is:
///
/// | variables | where | endpoint |
/// |---|---|---|
/// | `IDENTITY_ENDPOINT`, `IDENTITY_HEADER` | App Service, Functions, Container Apps | theirs |
/// | `IDENTITY_ENDPOINT`, `IMDS_ENDPOINT` | a machine with Azure Arc | its agent, which is shown a key from a file |
/// | `MSI_ENDPOINT` | Cloud Shell | its own |
/// | none of these | a virtual machine (IMDS) | `http://169.254.169.254`, or `AZURE_POD_IDENTITY_AUTHORITY_HOST` |
///
/// # Trying again
/// A virtual machine's metadata service is asked again for up to 25 s after 404, 429 and 5xx, and for up to 70 s after 410. In a chain it is
/// first looked for, so that a machine without one goes on within a second; and what answers there without JSON is something else, such as a
/// proxy, and is not asked again.
///
/// # Claims
/// An endpoint takes neither claims nor a tenant: both are passed over.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_identity::{
///     Environment, ManagedIdentity, ManagedIdentityCredential, STORAGE_SCOPE, Settings, TokenCredential, TokenRequest,
/// };
/// use lazuli_protocol::ResponseBody;
/// use lazuli_transport::{OutgoingBody, Transport};
///
/// // The endpoint of an app, in this process.
/// let endpoint = tower::service_fn(|request: Request<OutgoingBody>| async move {
///     assert_eq!(request.headers()["x-identity-header"], "its secret");
///     let answer = r#"{"token_type":"Bearer","expires_on":"1782435600","access_token":"eyJ0eXAi"}"#;
///     Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::from(bytes::Bytes::from(answer))))
/// });
/// let settings = Settings::on(Transport::builder().build_on(endpoint)?).environment(Environment::of([
///     ("IDENTITY_ENDPOINT", "http://127.0.0.1:41709/msi/token"),
///     ("IDENTITY_HEADER", "its secret"),
/// ]));
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let source = ManagedIdentityCredential::new(ManagedIdentity::SystemAssigned, &settings)?;
/// let token = source.get_token(TokenRequest::new(STORAGE_SCOPE)).await?;
/// assert_eq!(token.expires_on().unix_timestamp(), 1782435600);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManagedIdentityCredential {
    identity: ManagedIdentity,
    source: Source,
    settings: Settings,
    found: imds::Found,
}

const APP_SERVICE_VERSION: &str = "2019-08-01";
const APP_SERVICE_HEADER: HeaderName = HeaderName::from_static("x-identity-header");
const APP_SERVICE_NAMES: Parameters = Parameters {
    client_id: "client_id",
    object_id: "object_id",
    resource_id: "mi_res_id",
};

impl ManagedIdentityCredential {
    /// Of the machine's own identity, or one that was assigned to it.
    ///
    /// # Errors
    /// When the id cannot be one, or the environment names an endpoint that is not to be asked;
    /// [`Unavailable`](crate::ErrorKind::Unavailable) on platforms whose identities are not read (Service Fabric, Azure Machine Learning).
    pub fn new(identity: ManagedIdentity, settings: &Settings) -> Result<Self, Error> {
        identity.check()?;
        Ok(Self {
            identity,
            source: Source::of(settings.variables())?,
            settings: settings.clone(),
            found: imds::Found::default(),
        })
    }

    /// The folder in which the agent of Azure Arc keeps its keys, where it is not the documented one, as in a simulation. No key is
    /// read from anywhere else.
    #[must_use]
    pub fn arc_key_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        if let Source::Arc { keys, .. } = &mut self.source {
            *keys = folder.into();
        }
        self
    }

    async fn token(&self, request: TokenRequest) -> Result<AccessToken, Error> {
        let resource = request.resource()?;
        match &self.source {
            Source::AppService { endpoint, header } => {
                let header = header.expose_secret();
                let mut question = ask::get(
                    endpoint,
                    APP_SERVICE_VERSION,
                    resource,
                    &self.identity,
                    APP_SERVICE_NAMES,
                )?;
                question.headers_mut().remove(ask::METADATA);
                question
                    .headers_mut()
                    .insert(APP_SERVICE_HEADER, ask::secret(header)?);
                let answer = ask::send(&self.settings, question).await?;
                answer.token("the identity endpoint of this app", &[header])
            }
            Source::Arc { endpoint, keys } => {
                self.only_system_assigned("Azure Arc")?;
                arc::token(&self.settings, endpoint, keys, resource).await
            }
            Source::CloudShell { endpoint } => {
                self.only_system_assigned("Cloud Shell")?;
                let answer = ask::send(&self.settings, ask::post(endpoint, resource)?).await?;
                answer.token("Cloud Shell", &[])
            }
            Source::Imds { endpoint } => {
                let found = request.in_chain.then_some(&self.found);
                imds::token(&self.settings, endpoint, resource, &self.identity, found).await
            }
        }
    }

    fn only_system_assigned(&self, platform: &str) -> Result<(), Error> {
        if self.identity == ManagedIdentity::SystemAssigned {
            return Ok(());
        }
        Err(Error::unavailable(format!(
            "in {platform} only the system-assigned identity is read; unset AZURE_CLIENT_ID, or ask for that one"
        )))
    }
}

impl TokenCredential for ManagedIdentityCredential {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.token(request))
    }

    fn name(&self) -> &'static str {
        "ManagedIdentityCredential"
    }
}
