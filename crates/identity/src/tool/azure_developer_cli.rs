//! The Azure Developer CLI.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::printed;
use super::run::Tool;
use super::tool_credential;
use crate::tenants::Tenants;
use crate::{AccessToken, Error, TokenRequest};

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

tool_credential!(AzureDeveloperCliCredential, "azd");
