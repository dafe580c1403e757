//! Which of the usual sources are asked: `AZURE_TOKEN_CREDENTIALS`.

use crate::Error;

/// One of the usual sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usual {
    Environment,
    WorkloadIdentity,
    ManagedIdentity,
    AzureCli,
    AzureDeveloperCli,
}

/// Where a source is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Production,
    Development,
}

/// In the order in which they are asked.
const USUAL: &[(Usual, &str, Use)] = &[
    (Usual::Environment, "EnvironmentCredential", Use::Production),
    (
        Usual::WorkloadIdentity,
        "WorkloadIdentityCredential",
        Use::Production,
    ),
    (
        Usual::ManagedIdentity,
        "ManagedIdentityCredential",
        Use::Production,
    ),
    (Usual::AzureCli, "AzureCliCredential", Use::Development),
    (
        Usual::AzureDeveloperCli,
        "AzureDeveloperCliCredential",
        Use::Development,
    ),
];

/// The sources that a value of the variable selects; all of them without one.
pub(super) fn selected(value: Option<&str>) -> Result<Vec<(Usual, &'static str)>, Error> {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    let fits = |name: &str, of: Use| match value {
        None => true,
        Some(value) if value.eq_ignore_ascii_case("prod") => of == Use::Production,
        Some(value) if value.eq_ignore_ascii_case("dev") => of == Use::Development,
        Some(value) => value.eq_ignore_ascii_case(name),
    };
    let chosen = USUAL.iter().filter(|(_, name, of)| fits(name, *of));
    let chosen: Vec<_> = chosen.map(|(usual, name, _)| (*usual, *name)).collect();
    if chosen.is_empty() {
        let names: Vec<_> = USUAL.iter().map(|(_, name, _)| *name).collect();
        return Err(Error::input(format!(
            "AZURE_TOKEN_CREDENTIALS selects nothing that is known; it is prod, dev, or one of {}",
            names.join(", ")
        )));
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_selects() {
        use Usual::{AzureCli, AzureDeveloperCli, Environment, ManagedIdentity, WorkloadIdentity};
        let all = [
            Environment,
            WorkloadIdentity,
            ManagedIdentity,
            AzureCli,
            AzureDeveloperCli,
        ];
        for (value, expected) in [
            (None, &all[..]),
            (Some(" "), &all),
            (Some("prod"), &all[..3]),
            (Some("DEV"), &all[3..]),
            (Some("azureclicredential"), &all[3..4]),
            (Some("WorkloadIdentityCredential "), &all[1..2]),
        ] {
            let chosen: Vec<_> = selected(value)
                .unwrap()
                .into_iter()
                .map(|(usual, _)| usual)
                .collect();
            assert_eq!(chosen, expected, "{value:?}");
        }
        for bad in ["VisualStudioCodeCredential", "prod,dev", "x"] {
            let error = selected(Some(bad)).unwrap_err();
            assert!(error.to_string().contains("AzureCliCredential"), "{error}");
        }
    }
}
