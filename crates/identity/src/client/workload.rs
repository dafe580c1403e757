//! A workload, in Kubernetes say, to which its platform gives a token in a file.

use std::path::PathBuf;

use secrecy::SecretString;

use super::assertion::proof;
use super::{Confidential, Proof, Prove, confidential_credential};
use crate::{Error, Settings, file};

/// A workload that has its platform's token in a file, and exchanges it for one of Entra (workload identity federation).
///
/// The platform changes the file now and then: it is read anew for each exchange, 64 KiB of it at the most.
///
/// ```
/// use lazuli_identity::{Environment, Settings, WorkloadIdentityCredential};
///
/// // What the webhook of AKS puts into a pod.
/// let environment = Environment::of([
///     ("AZURE_TENANT_ID", "72f988bf-86f1-41af-91ab-2d7cd011db47"),
///     ("AZURE_CLIENT_ID", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
///     ("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token"),
///     ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/"),
/// ]);
/// let source = WorkloadIdentityCredential::from_environment(&Settings::new()?.environment(environment))?;
/// # let _ = source;
/// # Ok::<(), lazuli_identity::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WorkloadIdentityCredential {
    client: Confidential,
    file: TokenFile,
}

const LONGEST: usize = 64 * 1024;

#[derive(Clone, Debug)]
struct TokenFile(PathBuf);

impl Prove for TokenFile {
    async fn prove(&self, _: &Confidential, _: &str) -> Result<Proof, Error> {
        let content = file::read("the federated token file", self.0.clone(), LONGEST).await?;
        let text = str::from_utf8(&content).map_err(|_| {
            Error::input(format!(
                "the federated token file {} is no text",
                self.0.display()
            ))
        })?;
        proof(SecretString::from(text.trim()))
    }
}

impl WorkloadIdentityCredential {
    /// Of a tenant and an application, with the file that its platform writes.
    ///
    /// # Errors
    /// When the tenant or the client id cannot be one. The file is read later.
    pub fn new(
        tenant: &str,
        client_id: &str,
        token_file: impl Into<PathBuf>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        Ok(Self {
            client: Confidential::new(tenant, client_id, settings)?,
            file: TokenFile(token_file.into()),
        })
    }

    /// As `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_FEDERATED_TOKEN_FILE` say.
    ///
    /// # Errors
    /// [`Unavailable`](crate::ErrorKind::Unavailable) when one of them is not set.
    pub fn from_environment(settings: &Settings) -> Result<Self, Error> {
        let variables = settings.variables();
        let names = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"];
        let [Some(tenant), Some(client_id), Some(file)] = names.map(|name| variables.get(name)) else {
            return Err(Error::unavailable(format!(
                "{} not set; on Kubernetes, is the pod labelled for workload identity?",
                variables.missing(&names).join(", ")
            )));
        };
        let source = Self::new(tenant, client_id, file, settings)?;
        Ok(source.additionally_allowed_tenants(variables.additionally_allowed_tenants()))
    }
}

confidential_credential!(WorkloadIdentityCredential, file);
