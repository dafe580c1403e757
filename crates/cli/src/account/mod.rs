//! Which account a command works on, from the location and the environment.

mod source;
#[cfg(test)]
mod tests;

use lazuli_protocol::{AddressStyle, Endpoint};
use lazuli_signing::{
    AccountKey, AccountName, ConnectionString, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SasToken,
    SharedKey,
};
use secrecy::{ExposeSecret as _, SecretString};

pub(crate) use source::Source;

use crate::environment::{ACCOUNT, CONNECTION_STRING, Environment, KEY, SAS_TOKEN};
use crate::failure::Failure;
use crate::location::Place;

/// How to be let in.
#[derive(Clone, Debug)]
pub(crate) enum Access {
    /// With this.
    Credential(Credential),
    /// As whoever Microsoft Entra says that this is: a logged-in user, a service principal, a machine in Azure.
    Entra,
}

/// The account that is meant, and how to be let in.
#[derive(Debug)]
pub(crate) enum Account {
    /// None is configured: the one that the command itself brings, in this folder.
    Embedded,
    /// One behind an endpoint.
    Service {
        endpoint: Endpoint,
        access: Access,
        source: Source,
    },
}

impl Account {
    /// Finds the account. A URL says it by itself; otherwise the connection string comes first, then the account with its key or
    /// SAS or, without these, by Microsoft Entra, and the embedded account when nothing is set.
    ///
    /// # Errors
    /// What is set is incomplete, contradicts itself or cannot be read. No value of a secret is shown.
    pub(crate) fn resolve(place: &Place, environment: &Environment) -> Result<Self, Failure> {
        match place {
            Place::Url { endpoint, sas } => Self::of_url(endpoint, sas.as_ref(), environment),
            Place::Configured => Self::of_environment(environment),
        }
    }

    fn of_url(
        endpoint: &Endpoint,
        sas: Option<&SasToken>,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        let (access, source) = match sas {
            Some(sas) => (Credential::from(sas.clone()).into(), Source::Url),
            // What is configured belongs to its own account: it is never sent to another one.
            None => match Self::of_environment(environment) {
                Ok(Self::Service {
                    endpoint: own,
                    access,
                    source,
                }) if same_place(endpoint, &own)
                    || (same_account_here(endpoint, &own)
                        && may_be_shown_here(&access, endpoint, environment)) =>
                {
                    (access, source)
                }
                // Half a configuration is an error only where it is needed.
                _ if is_development_account(endpoint) => {
                    (development_key()?.into(), Source::DevelopmentAccount)
                }
                _ => (Credential::Anonymous.into(), Source::Anonymous),
            },
        };
        Ok(Self::Service {
            endpoint: endpoint.clone(),
            access,
            source,
        })
    }

    fn of_environment(environment: &Environment) -> Result<Self, Failure> {
        if let Some(text) = &environment.connection_string {
            return of_connection_string(text);
        }
        let Some(name) = &environment.account else {
            let orphan = match (&environment.key, &environment.sas_token) {
                (Some(_), _) => KEY,
                (None, Some(_)) => SAS_TOKEN,
                (None, None) => return Ok(Self::Embedded),
            };
            return Err(
                Failure::usage(format!("{orphan} is set, but {ACCOUNT} is not")).help(format!(
                    "set {ACCOUNT} to the account's name, or unset {orphan} to use the local account"
                )),
            );
        };
        let name = AccountName::new(name)
            .map_err(|error| Failure::usage(format!("{ACCOUNT} cannot be used: {error}")))?;
        let (access, source) = match (&environment.key, &environment.sas_token) {
            (Some(key), None) => (shared_key(&name, key)?.into(), Source::Key),
            (None, Some(token)) => (sas_token(token)?.into(), Source::SasToken),
            (Some(_), Some(_)) => {
                return Err(Failure::usage(format!("{KEY} and {SAS_TOKEN} are both set"))
                    .help("unset one of them, so that it is clear which one is to be used"));
            }
            (None, None) => (Access::Entra, Source::Entra),
        };
        let endpoint =
            Endpoint::azure(name.as_str(), "blob").map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Self::Service {
            endpoint,
            access,
            source,
        })
    }
}

impl From<Credential> for Access {
    fn from(credential: Credential) -> Self {
        Self::Credential(credential)
    }
}

fn of_connection_string(text: &SecretString) -> Result<Account, Failure> {
    let refuse = |why: &dyn std::fmt::Display| {
        Failure::usage(format!("{CONNECTION_STRING} cannot be used: {why}"))
            .help("copy all of it from the portal (Access keys), or use UseDevelopmentStorage=true for `lazuli serve`")
    };
    let connection = ConnectionString::parse(text.expose_secret()).map_err(|error| refuse(&error))?;
    let endpoint = connection
        .blob_endpoint()
        .ok_or_else(|| refuse(&"it has no Blob endpoint"))?;
    let mut endpoint = Endpoint::parse(endpoint).map_err(|error| refuse(&error))?;
    if let Some(secondary) = connection.blob_secondary_endpoint() {
        endpoint = endpoint
            .with_secondary(secondary)
            .map_err(|error| refuse(&error))?;
    }
    Ok(Account::Service {
        endpoint,
        access: connection.credential().clone().into(),
        source: Source::ConnectionString,
    })
}

fn shared_key(account: &AccountName, key: &SecretString) -> Result<Credential, Failure> {
    let key = AccountKey::from_base64(key.expose_secret())
        .map_err(|error| Failure::usage(format!("{KEY} cannot be used: {error}")))?;
    Ok(SharedKey::new(account.clone(), key).into())
}

fn sas_token(token: &SecretString) -> Result<Credential, Failure> {
    SasToken::parse(token.expose_secret())
        .map(Credential::from)
        .map_err(|error| Failure::usage(format!("{SAS_TOKEN} cannot be used: {error}")))
}

/// Whether two endpoints are the same place. A name alone is not enough, since anybody can have a host `ACCOUNT.blob.example.org`.
fn same_place(other: &Endpoint, own: &Endpoint) -> bool {
    let same = |own: &Endpoint| own.as_str().eq_ignore_ascii_case(other.as_str());
    same(own) || own.secondary().is_some_and(|secondary| same(&secondary))
}

/// Whether `other` says that it is the account of `own`, on this machine.
fn same_account_here(other: &Endpoint, own: &Endpoint) -> bool {
    is_loopback(other) && other.account().is_some() && other.account() == own.account()
}

/// Whether whoever listens on this machine may see what this lets in with. A SAS or a token is shown as it is, so it must be of no use elsewhere:
/// tokens of an authority on this machine are not. A key stays here, and only signs; but what it signs for a host `ACCOUNT.blob.localhost` is good
/// at the real account too, for some minutes. With the account in the path it is not.
fn may_be_shown_here(access: &Access, other: &Endpoint, environment: &Environment) -> bool {
    match access {
        Access::Credential(Credential::SharedKey(_)) => other.style() == AddressStyle::Path,
        Access::Credential(_) => false,
        Access::Entra => environment
            .identity
            .get("AZURE_AUTHORITY_HOST")
            .is_some_and(is_loopback_url),
    }
}

/// Whether this is the well-known development account on this machine, whose key is no secret.
fn is_development_account(endpoint: &Endpoint) -> bool {
    endpoint.account() == Some(EMULATOR_ACCOUNT) && is_loopback(endpoint)
}

/// Whether the endpoint is on this machine.
pub(crate) fn is_loopback(endpoint: &Endpoint) -> bool {
    is_loopback_url(endpoint.as_str())
}

fn is_loopback_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else {
        return false;
    };
    let Some(host) = uri.host() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => bare == "localhost" || bare.ends_with(".localhost"),
    }
}

/// The credential of the well-known development account.
pub(crate) fn development_key() -> Result<Credential, Failure> {
    let broken = |error: lazuli_signing::Error| Failure::usage(error.to_string());
    let name = AccountName::new(EMULATOR_ACCOUNT).map_err(broken)?;
    let key = AccountKey::from_base64(EMULATOR_KEY).map_err(broken)?;
    Ok(SharedKey::new(name, key).into())
}
