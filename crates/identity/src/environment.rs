//! The environment as an input: the variables that token sources know, and the one place that reads them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The names that are read, in the order of the documentation.
const NAMES: &[&str] = &[
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_ADDITIONALLY_ALLOWED_TENANTS",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    // Where Azure Arc's agent keeps its keys on Windows.
    "ProgramData",
];

/// A snapshot of the variables that token sources know. `Debug` shows which are set, and of none what it is.
///
/// | variable | of |
/// |---|---|
/// | `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` | a service principal, a workload or a user-assigned identity |
/// | `AZURE_CLIENT_SECRET` | a service principal with a secret |
/// | `AZURE_CLIENT_CERTIFICATE_PATH`, `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` | one with a certificate, in PEM |
/// | `AZURE_FEDERATED_TOKEN_FILE` | workload identity |
/// | `AZURE_AUTHORITY_HOST`, `AZURE_ADDITIONALLY_ALLOWED_TENANTS` | all of these |
/// | `AZURE_TOKEN_CREDENTIALS` | [`DefaultCredential`](crate::DefaultCredential): `dev`, `prod` or one name |
/// | `IDENTITY_ENDPOINT`, `IDENTITY_HEADER` | a managed identity in App Service |
/// | `IDENTITY_ENDPOINT`, `IMDS_ENDPOINT` | … of Azure Arc |
/// | `MSI_ENDPOINT` | … in Cloud Shell |
/// | `AZURE_POD_IDENTITY_AUTHORITY_HOST` | … of a virtual machine, to be asked for elsewhere |
///
/// ```
/// use lazuli_identity::Environment;
///
/// let environment = Environment::of([("AZURE_TENANT_ID", "contoso.onmicrosoft.com"), ("AZURE_CLIENT_ID", "")]);
/// assert_eq!(environment.get("AZURE_TENANT_ID"), Some("contoso.onmicrosoft.com"));
/// assert_eq!(environment.get("AZURE_CLIENT_ID"), None);
/// ```
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, zeroize::Zeroizing<String>>);

impl Environment {
    /// These variables and no other. One that is empty counts as not set.
    pub fn of<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), zeroize::Zeroizing::new(value.into())));
        Self(variables.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// Those of this process. One that is no Unicode counts as not set.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read, and only when the caller asks for it"
    )]
    pub fn from_process() -> Self {
        Self::of(
            NAMES
                .iter()
                .filter_map(|name| Some((*name, std::env::var(name).ok()?))),
        )
    }

    /// Where Windows itself is, which is no setting of a token source.
    #[expect(
        clippy::disallowed_methods,
        reason = "a folder of the system, of which a program can name no other"
    )]
    pub(crate) fn system_root() -> Option<PathBuf> {
        std::env::var_os("SYSTEMROOT").map(PathBuf::from)
    }

    /// The value of a variable, when it is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }

    /// Those of these variables that are not set.
    pub(crate) fn missing<'a>(&self, names: &[&'a str]) -> Vec<&'a str> {
        names
            .iter()
            .copied()
            .filter(|name| self.get(name).is_none())
            .collect()
    }

    /// A list of tenants with semicolons between them.
    pub(crate) fn additionally_allowed_tenants(&self) -> impl Iterator<Item = &str> {
        let list = self.get("AZURE_ADDITIONALLY_ALLOWED_TENANTS").unwrap_or_default();
        list.split(';').map(str::trim).filter(|tenant| !tenant.is_empty())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_show() {
        let environment = Environment::of([("AZURE_CLIENT_SECRET", "planted")]);
        assert_eq!(format!("{environment:?}"), r#"{"AZURE_CLIENT_SECRET"}"#);
    }

    #[test]
    fn lists_are_split() {
        let environment = Environment::of([("AZURE_ADDITIONALLY_ALLOWED_TENANTS", " a; ;b;")]);
        assert_eq!(
            environment.additionally_allowed_tenants().collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(
            environment.missing(&["AZURE_TENANT_ID", "AZURE_ADDITIONALLY_ALLOWED_TENANTS"]),
            ["AZURE_TENANT_ID"]
        );
    }

    #[test]
    fn the_process_gives_only_names_that_are_known() {
        let read = Environment::from_process();
        assert!(read.0.keys().all(|name| NAMES.contains(&name.as_str())));
    }
}
