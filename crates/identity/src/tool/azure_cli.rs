//! The Azure CLI.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Deserialize;
use time::OffsetDateTime;

use super::printed;
use super::run::Tool;
use super::tool_credential;
use crate::answer::Seconds;
use crate::tenants::Tenants;
use crate::{AccessToken, Error, ErrorKind, TokenRequest};

/// The user who is logged in to the [Azure CLI](https://learn.microsoft.com/cli/azure/) with `az login`.
///
/// Each token is got with `az account get-access-token`, which takes a second or so. The program is run without a shell and in a folder of
/// the system, for ten seconds at the most, and ended when nobody waits for it any more. It must be 2.54 or later: older versions tell the
/// end of a token as a local time without its zone, which is not guessed at.
///
/// # Claims
/// The tool cannot ask for claims: a claims challenge is an error that names the login that does.
///
/// ```no_run
/// use lazuli_identity::{AzureCliCredential, STORAGE_SCOPE, TokenCredential, TokenRequest};
///
/// # async fn example() -> Result<(), lazuli_identity::Error> {
/// let token = AzureCliCredential::new().get_token(TokenRequest::new(STORAGE_SCOPE)).await?;
/// # let _ = token;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AzureCliCredential {
    tool: Tool,
    tenants: Tenants,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    access_token: SecretString,
    #[serde(rename = "expires_on")]
    expires_on: Option<Seconds>,
}

impl AzureCliCredential {
    /// The user's own tenant, with the `az` that is in `PATH`.
    #[must_use]
    pub fn new() -> Self {
        Self {
            tool: Tool {
                name: "the Azure CLI",
                program: PathBuf::from(if cfg!(windows) { "az.cmd" } else { "az" }),
                timeout: Duration::from_secs(10),
                login: "az login",
                no_user: &["az login", "az account set", "No subscription found", "AADSTS"],
            },
            tenants: Tenants::any(),
        }
    }

    async fn token(&self, request: TokenRequest) -> Result<AccessToken, Error> {
        let resource = request.resource()?;
        let tenant = self.tenants.choose(request.tenant.as_deref())?;
        if let Some(claims) = &request.claims {
            return Err(Error::unavailable(format!(
                "the service asks for claims that the Azure CLI has to be logged in with; run `az login --claims-challenge {}`",
                STANDARD.encode(claims)
            )));
        }
        let mut arguments = vec![
            "account",
            "get-access-token",
            "--output",
            "json",
            "--resource",
            resource,
        ];
        if let Some(tenant) = tenant {
            arguments.extend(["--tenant", tenant]);
        }
        let output = self.tool.run(&arguments).await?;
        let unreadable =
            || Error::response("what the Azure CLI printed is no JSON with a token and its time");
        let printed: Printed = printed::read(&output).ok_or_else(unreadable)?;
        let token = printed::token(printed.access_token).ok_or_else(unreadable)?;
        let expires_on = printed.expires_on.ok_or_else(|| {
            Error::new(
                ErrorKind::Process,
                "the Azure CLI does not say when its token expires; update it to 2.54 or later with `az upgrade`",
            )
        })?;
        let expires_on = expires_on.get().ok_or_else(unreadable)?;
        let expires_on = OffsetDateTime::from_unix_timestamp(expires_on).map_err(|_| unreadable())?;
        Ok(AccessToken::new(token, expires_on))
    }
}

tool_credential!(AzureCliCredential, "az");
