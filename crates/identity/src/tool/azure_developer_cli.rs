//! The Azure Developer CLI.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::printed;
use super::run::Tool;
use crate::tenants::Tenants;
use crate::{AccessToken, Error, TokenCredential, TokenFuture, TokenRequest};

/// The user who is logged in to the [Azure Developer CLI](https://learn.microsoft.com/azure/developer/azure-developer-cli/) with `azd auth login`.
///
/// Each token is got with `azd auth token`. The program is run without a shell and in a folder of the system, for ten seconds at the most, and
/// ended when nobody waits for it any more. A claims challenge is an error that says to log in again.
///
/// ```no_run
/// use lazuli_identity::{AzureDeveloperCliCredential, STORAGE_SCOPE, TokenCredential, TokenRequest};
///
/// # async fn example() -> Result<(), lazuli_identity::Error> {
/// let token = AzureDeveloperCliCredential::new().get_token(TokenRequest::new(STORAGE_SCOPE)).await?;
/// # let _ = token;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AzureDeveloperCliCredential {
    tool: Tool,
    tenants: Tenants,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    token: SecretString,
    expires_on: String,
}

impl AzureDeveloperCliCredential {
    /// The user's own tenant, with the `azd` that is in `PATH`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            tool: Tool {
                name: "the Azure Developer CLI",
                program: PathBuf::from("azd"),
                timeout: Duration::from_secs(10),
                login: "azd auth login",
                no_user: &["azd auth login", "azd login", "not logged in", "AADSTS"],
            },
            tenants: Tenants::any(),
        }
    }

    /// Of this tenant, by its id or domain name.
    ///
    /// # Errors
    /// When it cannot be a tenant.
    pub fn tenant(mut self, tenant: &str) -> Result<Self, Error> {
        self.tenants = self.tenants.with_own(tenant)?;
        Ok(self)
    }

    /// Gives tokens of these tenants too; `*` for any. Without a [tenant](Self::tenant) of its own, any tenant may be asked for.
    #[must_use]
    pub fn additionally_allowed_tenants<I: Into<String>>(
        mut self,
        tenants: impl IntoIterator<Item = I>,
    ) -> Self {
        self.tenants.allow(tenants);
        self
    }

    /// Another program than `azd`: a name that is looked for in `PATH`, or a path. One that is not whole begins in the folder that this
    /// process is in.
    #[must_use]
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.tool.program = program.into();
        self
    }

    /// How long it may take, 10 s unless said otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.tool.timeout = timeout;
        self
    }

    async fn token(&self, request: TokenRequest) -> Result<AccessToken, Error> {
        request.scope()?;
        let tenant = self.tenants.choose(request.tenant.as_deref())?;
        if request.claims.is_some() {
            return Err(Error::unavailable(
                "the service asks for claims that the Azure Developer CLI has to be logged in with; run `azd auth login`",
            ));
        }
        let mut arguments = vec!["auth", "token", "--output", "json", "--no-prompt"];
        for scope in &request.scopes {
            arguments.extend(["--scope", scope]);
        }
        if let Some(tenant) = tenant {
            arguments.extend(["--tenant-id", tenant]);
        }
        let output = self.tool.run(&arguments).await?;
        let unreadable =
            || Error::response("what the Azure Developer CLI printed is no JSON with a token and its time");
        let printed: Printed = printed::read(&output).ok_or_else(unreadable)?;
        let token = printed::token(printed.token).ok_or_else(unreadable)?;
        let expires_on = OffsetDateTime::parse(&printed.expires_on, &Rfc3339).map_err(|_| unreadable())?;
        Ok(AccessToken::new(token, expires_on))
    }
}

impl Default for AzureDeveloperCliCredential {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenCredential for AzureDeveloperCliCredential {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.token(request))
    }

    fn name(&self) -> &'static str {
        "AzureDeveloperCliCredential"
    }
}
