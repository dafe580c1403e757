//! The client credentials grant: `POST {authority}/{tenant}/oauth2/v2.0/token`.

use std::fmt;
use std::future::Future;

use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use lazuli_protocol::OperationInfo;
use secrecy::{ExposeSecret as _, SecretString};
use tower::ServiceExt as _;

use crate::form::Form;
use crate::names::check_id;
use crate::tenants::Tenants;
use crate::{AccessToken, Cloud, Error, Settings, TokenRequest, answer, claims, form};

/// What shows that the application is who it says.
pub(crate) enum Proof {
    Secret(SecretString),
    Assertion(SecretString),
}

/// Makes a proof for each exchange.
pub(crate) trait Prove: Send + Sync {
    /// For this token endpoint, which an assertion names as its audience.
    fn prove(
        &self,
        client: &Confidential,
        endpoint: &str,
    ) -> impl Future<Output = Result<Proof, Error>> + Send;
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// By this id the logs of Entra know the request; its refusals name it.
const CORRELATION: HeaderName = HeaderName::from_static("client-request-id");

/// Asking for a token changes nothing, so it may be sent again.
const INFO: OperationInfo = OperationInfo::entra("RequestToken");

/// An application with its tenants.
#[derive(Clone)]
pub(crate) struct Confidential {
    client_id: String,
    tenants: Tenants,
    cloud: Cloud,
    settings: Settings,
}

impl Confidential {
    pub(crate) fn new(tenant: &str, client_id: &str, settings: &Settings) -> Result<Self, Error> {
        check_id("client id", client_id)?;
        Ok(Self {
            client_id: client_id.to_owned(),
            tenants: Tenants::of(tenant)?,
            cloud: settings.chosen_cloud()?,
            settings: settings.clone(),
        })
    }

    #[cfg(feature = "_tls")]
    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    #[cfg(feature = "_tls")]
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn allow<I: Into<String>>(&mut self, tenants: impl IntoIterator<Item = I>) {
        self.tenants.allow(tenants);
    }

    pub(crate) async fn get_token(
        &self,
        proof: &impl Prove,
        request: TokenRequest,
    ) -> Result<AccessToken, Error> {
        let scope = request.scope()?;
        let claims = claims::parameter(request.claims.as_deref(), request.answers_challenges)?;
        let tenant = self
            .tenants
            .choose(request.tenant.as_deref())?
            .unwrap_or_default();
        let endpoint = self.cloud.token_endpoint(tenant);
        let proof = proof.prove(self, &endpoint).await?;

        let mut form = Form::default()
            .field("client_id", &self.client_id)
            .field("scope", &scope)
            .field("grant_type", "client_credentials");
        if let Some(claims) = &claims {
            form = form.field("claims", claims);
        }
        let (form, secret) = match &proof {
            Proof::Secret(secret) => (form.field("client_secret", secret.expose_secret()), secret),
            Proof::Assertion(assertion) => {
                let form = form
                    .field("client_assertion_type", ASSERTION_TYPE)
                    .field("client_assertion", assertion.expose_secret());
                (form, assertion)
            }
        };
        let asked = self.settings.time().now();
        let request = Request::post(&endpoint)
            .header(CONTENT_TYPE, form::CONTENT_TYPE)
            .header(ACCEPT, "application/json")
            .header(CORRELATION, self.settings.ids().next().to_string())
            .extension(INFO)
            .body(form.into_body())
            .map_err(|error| Error::input("the token endpoint is no URL").with_source(error))?;
        let response = self.settings.authority().clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let body = answer::read(body).await?;
        let authority = self.cloud.authority();
        answer::token(authority, parts.status, &body, asked, &[secret.expose_secret()])
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confidential")
            .field("client_id", &self.client_id)
            .field("tenants", &self.tenants)
            .field("cloud", &self.cloud)
            .finish_non_exhaustive()
    }
}

/// What every credential of an application has, whose field `client` is [`Confidential`] and which proves itself by another field.
macro_rules! confidential_credential {
    ($credential:ident, $proof:ident) => {
        impl $credential {
            /// Gives tokens of these tenants too, where the application is registered for them; `*` for any.
            #[must_use]
            pub fn additionally_allowed_tenants<I: Into<String>>(
                mut self,
                tenants: impl IntoIterator<Item = I>,
            ) -> Self {
                self.client.allow(tenants);
                self
            }
        }

        impl $crate::TokenCredential for $credential {
            fn get_token(&self, request: $crate::TokenRequest) -> $crate::TokenFuture<'_> {
                Box::pin(self.client.get_token(&self.$proof, request))
            }

            fn name(&self) -> &'static str {
                stringify!($credential)
            }
        }
    };
}
pub(crate) use confidential_credential;
