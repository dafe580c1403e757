//! The environment variables that the command reads. Nothing else in the command looks at the environment.

use std::ffi::OsString;

use lazuli_identity::Environment as IdentityEnvironment;
use lazuli_transport::Proxies;
use secrecy::SecretString;

use crate::failure::Failure;

pub(crate) const CONNECTION_STRING: &str = "AZURE_STORAGE_CONNECTION_STRING";
pub(crate) const ACCOUNT: &str = "AZURE_STORAGE_ACCOUNT";
pub(crate) const KEY: &str = "AZURE_STORAGE_KEY";
pub(crate) const SAS_TOKEN: &str = "AZURE_STORAGE_SAS_TOKEN";
/// The accounts of `lazuli serve`.
pub(crate) const SERVED_ACCOUNTS: &str = "LAZULI_ACCOUNTS";
/// Which events `tracing` shows.
const LOG: &str = "RUST_LOG";

/// What the environment says. A variable that is set to nothing counts as not set, as the Azure CLI has it.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) connection_string: Option<SecretString>,
    pub(crate) account: Option<String>,
    pub(crate) key: Option<SecretString>,
    pub(crate) sas_token: Option<SecretString>,
    pub(crate) served_accounts: Option<SecretString>,
    /// What the sources of Microsoft Entra tokens look for.
    pub(crate) identity: IdentityEnvironment,
    proxies: Proxies,
    // Why they cannot be read. The local account needs none.
    broken_proxies: Option<String>,
    pub(crate) log: Option<String>,
}

impl Environment {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// A variable that is not Unicode.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read"
    )]
    pub(crate) fn read() -> Result<Self, Failure> {
        let (proxies, broken_proxies) = match Proxies::from_process() {
            Ok(proxies) => (proxies, None),
            Err(error) => (Proxies::none(), Some(error.to_string())),
        };
        Ok(Self {
            identity: IdentityEnvironment::from_process(),
            proxies,
            broken_proxies,
            ..Self::from_lookup(std::env::var_os)?
        })
    }

    /// What `HTTPS_PROXY`, `NO_PROXY` and their kin say.
    ///
    /// # Errors
    /// The URL of a proxy cannot be read.
    pub(crate) fn proxies(&self) -> Result<Proxies, Failure> {
        match &self.broken_proxies {
            None => Ok(self.proxies.clone()),
            Some(reason) => Err(Failure::usage(reason.clone())),
        }
    }

    fn from_lookup(lookup: impl Fn(&'static str) -> Option<OsString>) -> Result<Self, Failure> {
        let text = |name: &'static str| match lookup(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
            // The value may be a secret, so it is not shown.
            Some(Err(_)) => Err(Failure::usage(format!("the variable {name} is not Unicode text"))),
        };
        let secret = |name| text(name).map(|value| value.map(SecretString::from));
        Ok(Self {
            connection_string: secret(CONNECTION_STRING)?,
            account: text(ACCOUNT)?,
            key: secret(KEY)?,
            sas_token: secret(SAS_TOKEN)?,
            served_accounts: secret(SERVED_ACCOUNTS)?,
            identity: IdentityEnvironment::default(),
            proxies: Proxies::none(),
            broken_proxies: None,
            log: text(LOG)?,
        })
    }
}

#[cfg(test)]
impl Environment {
    /// An environment with these variables and no others.
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name);
        Self::from_lookup(|name| find(name).map(|(_, value)| OsString::from(value))).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = Environment::of(&[(ACCOUNT, ""), (KEY, "k")]);
        assert_eq!(environment.account, None);
        assert!(environment.key.is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_unicode_is_refused_by_name() {
        use std::os::unix::ffi::OsStringExt as _;

        let lookup = |name| (name == KEY).then(|| OsString::from_vec(vec![b's', 0xFF]));
        let failure = Environment::from_lookup(lookup).err().unwrap();
        assert_eq!(
            failure.message(),
            "the variable AZURE_STORAGE_KEY is not Unicode text"
        );
    }
}
