//! The chain that fits most programs.

use std::sync::Arc;

use super::EnvironmentCredential;
use super::selection::{Usual, selected};
use crate::{
    AzureCliCredential, AzureDeveloperCliCredential, ChainedTokenCredential, Error, ErrorKind,
    ManagedIdentity, ManagedIdentityCredential, Settings, TokenCredential, TokenFuture, TokenRequest,
    WorkloadIdentityCredential,
};

/// The usual sources in their usual order: the same program finds its identity in Azure, in a pipeline and on a desk.
///
/// 1. [`EnvironmentCredential`]: a secret or a certificate that variables name.
/// 2. [`WorkloadIdentityCredential`]: a pod of Kubernetes.
/// 3. [`ManagedIdentityCredential`]: a machine, an app or a container in Azure; the user-assigned one of `AZURE_CLIENT_ID` where that is set.
/// 4. [`AzureCliCredential`], 5. [`AzureDeveloperCliCredential`]: whoever is logged in.
///
/// `AZURE_TOKEN_CREDENTIALS` narrows this down to the first three (`prod`), the last two (`dev`), or one by its name. They are asked as a
/// [`ChainedTokenCredential`] asks: the first that has a token is asked alone from then on.
///
/// ```
/// use lazuli_identity::{DefaultCredential, Environment, Settings, storage_credential};
/// use lazuli_transport::Transport;
///
/// let settings = Settings::new()?.environment(Environment::from_process());
/// let credential = storage_credential(DefaultCredential::new(&settings)?);
/// let transport = Transport::builder().credential_source(credential).build()?;
/// # let _ = transport;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DefaultCredential(ChainedTokenCredential);

/// A source that the environment does not have, or has got wrong: it says so when its turn comes.
#[derive(Debug)]
struct Missing {
    name: &'static str,
    kind: ErrorKind,
    message: String,
}

impl DefaultCredential {
    /// Of the settings' environment.
    ///
    /// # Errors
    /// When `AZURE_TOKEN_CREDENTIALS` selects nothing that is known. What else is wrong shows when a token is asked for.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let chosen = selected(settings.variables().get("AZURE_TOKEN_CREDENTIALS"))?;
        let mut chain = ChainedTokenCredential::new();
        for (usual, name) in chosen {
            chain = match source(usual, settings) {
                Ok(source) => chain.then(source),
                Err(error) => chain.then(Missing {
                    name,
                    kind: error.kind(),
                    message: error.to_string(),
                }),
            };
        }
        Ok(Self(chain))
    }

    /// The names of the sources, in the order in which they are asked.
    pub fn sources(&self) -> impl Iterator<Item = &'static str> {
        self.0.names()
    }
}

fn source(usual: Usual, settings: &Settings) -> Result<Arc<dyn TokenCredential>, Error> {
    let variables = settings.variables();
    let tenant = variables.get("AZURE_TENANT_ID");
    Ok(match usual {
        Usual::Environment => Arc::new(EnvironmentCredential::new(settings)?),
        Usual::WorkloadIdentity => Arc::new(WorkloadIdentityCredential::from_environment(settings)?),
        Usual::ManagedIdentity => {
            let identity = match variables.get("AZURE_CLIENT_ID") {
                Some(id) => ManagedIdentity::ClientId(id.to_owned()),
                None => ManagedIdentity::SystemAssigned,
            };
            Arc::new(ManagedIdentityCredential::new(identity, settings)?)
        }
        Usual::AzureCli => {
            let tool = AzureCliCredential::new();
            let tool = tenant.map_or(Ok(tool.clone()), |tenant| tool.tenant(tenant))?;
            Arc::new(tool.additionally_allowed_tenants(variables.additionally_allowed_tenants()))
        }
        Usual::AzureDeveloperCli => {
            let tool = AzureDeveloperCliCredential::new();
            let tool = tenant.map_or(Ok(tool.clone()), |tenant| tool.tenant(tenant))?;
            Arc::new(tool.additionally_allowed_tenants(variables.additionally_allowed_tenants()))
        }
    })
}

impl TokenCredential for DefaultCredential {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        self.0.get_token(request)
    }

    fn name(&self) -> &'static str {
        "DefaultCredential"
    }
}

impl TokenCredential for Missing {
    fn get_token(&self, _: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async { Err(Error::new(self.kind, self.message.clone())) })
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
