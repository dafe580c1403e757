//! An application whose secret or certificate the environment names.

use std::sync::Arc;

#[cfg(feature = "_tls")]
use crate::ClientCertificateCredential;
use crate::{
    ClientSecretCredential, Environment, Error, Settings, TokenCredential, TokenFuture, TokenRequest,
};

/// An application (service principal) as the [environment](Settings::environment) names it.
///
/// | variables | what |
/// |---|---|
/// | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` | a [client secret](ClientSecretCredential) |
/// | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_CERTIFICATE_PATH` | a client certificate, in PEM |
///
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS`, with semicolons between them, and `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` (`1` or `true`) are read
/// too.
///
/// ```
/// use lazuli_identity::{Environment, EnvironmentCredential, Settings};
///
/// let settings = Settings::new()?.environment(Environment::of([("AZURE_TENANT_ID", "contoso.onmicrosoft.com")]));
/// let error = EnvironmentCredential::new(&settings).unwrap_err();
/// assert!(error.is_unavailable());
/// assert!(error.to_string().contains("AZURE_CLIENT_ID"));
/// # Ok::<(), lazuli_identity::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EnvironmentCredential(Arc<dyn TokenCredential>);

impl EnvironmentCredential {
    /// Reads the settings' environment.
    ///
    /// # Errors
    /// [`Unavailable`](crate::ErrorKind::Unavailable) when it names no application; another kind when it names one that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let variables = settings.variables();
        let names = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"];
        let [Some(tenant), Some(client_id)] = names.map(|name| variables.get(name)) else {
            let missing = variables.missing(&names).join(", ");
            return Err(Error::unavailable(format!("{missing} not set")));
        };
        let secret = variables.get("AZURE_CLIENT_SECRET");
        let certificate = variables.get("AZURE_CLIENT_CERTIFICATE_PATH");
        let source: Arc<dyn TokenCredential> = match (secret, certificate) {
            (Some(secret), _) => {
                let source = ClientSecretCredential::new(tenant, client_id, secret, settings)?;
                Arc::new(source.additionally_allowed_tenants(variables.additionally_allowed_tenants()))
            }
            (None, Some(path)) => certificate_in(tenant, client_id, path, settings, variables)?,
            (None, None) => {
                let message = "neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set";
                return Err(Error::unavailable(message));
            }
        };
        Ok(Self(source))
    }
}

#[cfg(feature = "_tls")]
fn certificate_in(
    tenant: &str,
    client_id: &str,
    path: &str,
    settings: &Settings,
    variables: &Environment,
) -> Result<Arc<dyn TokenCredential>, Error> {
    if variables.get("AZURE_CLIENT_CERTIFICATE_PASSWORD").is_some() {
        return Err(Error::input(
            "AZURE_CLIENT_CERTIFICATE_PASSWORD is set, and encrypted keys are not read; decrypt the key with `openssl pkey -in encrypted.pem -out key.pem` and unset it",
        ));
    }
    let send = variables
        .get("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN")
        .is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"));
    let source = ClientCertificateCredential::from_file(tenant, client_id, path, settings)?
        .send_certificate_chain(send)
        .additionally_allowed_tenants(variables.additionally_allowed_tenants());
    Ok(Arc::new(source))
}

#[cfg(not(feature = "_tls"))]
fn certificate_in(
    _: &str,
    _: &str,
    _: &str,
    _: &Settings,
    _: &Environment,
) -> Result<Arc<dyn TokenCredential>, Error> {
    Err(Error::input(
        "AZURE_CLIENT_CERTIFICATE_PATH is set, and certificates are not built in; build with the feature aws-lc-rs or ring of lazuli-identity",
    ))
}

impl TokenCredential for EnvironmentCredential {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        self.0.get_token(request)
    }

    fn name(&self) -> &'static str {
        "EnvironmentCredential"
    }
}
