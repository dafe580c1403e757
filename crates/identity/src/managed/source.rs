//! Which endpoint this machine has, as its environment tells.

use std::path::PathBuf;

use secrecy::SecretString;

use super::endpoint::Endpoint;
use crate::{Environment, Error};

/// Where tokens come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    AppService {
        endpoint: Endpoint,
        header: SecretString,
    },
    Arc {
        endpoint: Endpoint,
        keys: PathBuf,
    },
    CloudShell {
        endpoint: Endpoint,
    },
    Imds {
        endpoint: Endpoint,
    },
}

/// What a set of variables means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Platform {
    ServiceFabric,
    AppService,
    Arc,
    MachineLearning,
    CloudShell,
}

/// The first row whose variables are all set tells the platform. None is set on a virtual machine.
const PLATFORMS: &[(&[&str], Platform)] = &[
    (
        &[
            "IDENTITY_ENDPOINT",
            "IDENTITY_HEADER",
            "IDENTITY_SERVER_THUMBPRINT",
        ],
        Platform::ServiceFabric,
    ),
    (&["IDENTITY_ENDPOINT", "IDENTITY_HEADER"], Platform::AppService),
    (&["IDENTITY_ENDPOINT", "IMDS_ENDPOINT"], Platform::Arc),
    (&["MSI_ENDPOINT", "MSI_SECRET"], Platform::MachineLearning),
    (&["MSI_ENDPOINT"], Platform::CloudShell),
];

const IMDS_PATH: &str = "/metadata/identity/oauth2/token";

impl Source {
    pub(super) fn of(environment: &Environment) -> Result<Self, Error> {
        let platform = PLATFORMS
            .iter()
            .find(|(names, _)| environment.missing(names).is_empty());
        let value = |name: &str| environment.get(name).unwrap_or_default();
        let endpoint = |name: &str| Endpoint::parse(name, value(name));
        let unknown = |name: &str| {
            Err(Error::unavailable(format!(
                "managed identities of {name} are not read by this crate"
            )))
        };
        match platform.map(|(_, platform)| platform) {
            Some(Platform::AppService) => Ok(Self::AppService {
                endpoint: endpoint("IDENTITY_ENDPOINT")?,
                header: value("IDENTITY_HEADER").into(),
            }),
            Some(Platform::Arc) => Ok(Self::Arc {
                endpoint: endpoint("IDENTITY_ENDPOINT")?,
                keys: arc_keys(environment),
            }),
            Some(Platform::CloudShell) => Ok(Self::CloudShell {
                endpoint: endpoint("MSI_ENDPOINT")?,
            }),
            Some(Platform::ServiceFabric) => unknown("Service Fabric"),
            Some(Platform::MachineLearning) => unknown("Azure Machine Learning"),
            None => {
                let name = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
                let host = environment.get(name).map(|host| Endpoint::parse(name, host));
                Ok(Self::Imds {
                    endpoint: host.unwrap_or_else(|| Ok(Endpoint::imds()))?.join(IMDS_PATH),
                })
            }
        }
    }
}

/// The one folder into which Azure Arc's agent writes its keys.
fn arc_keys(environment: &Environment) -> PathBuf {
    if cfg!(windows) {
        let data = environment.get("ProgramData").unwrap_or("C:\\ProgramData");
        [data, "AzureConnectedMachineAgent", "Tokens"].iter().collect()
    } else {
        PathBuf::from("/var/opt/azcmagent/tokens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(variables: &[(&str, &str)]) -> Result<String, Error> {
        let source = Source::of(&Environment::of(variables.iter().copied()))?;
        Ok(match source {
            Source::AppService { endpoint, .. } => format!("app service {}", endpoint.as_str()),
            Source::Arc { endpoint, .. } => format!("arc {}", endpoint.as_str()),
            Source::CloudShell { endpoint } => format!("cloud shell {}", endpoint.as_str()),
            Source::Imds { endpoint } => format!("imds {}", endpoint.as_str()),
        })
    }

    #[test]
    fn the_environment_tells_the_platform() {
        let here = "http://localhost:1/t";
        for (variables, expected) in [
            (
                &[][..],
                "imds http://169.254.169.254/metadata/identity/oauth2/token",
            ),
            (
                &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:2579/")],
                "imds http://127.0.0.1:2579/metadata/identity/oauth2/token",
            ),
            (
                &[("IDENTITY_ENDPOINT", here)],
                "imds http://169.254.169.254/metadata/identity/oauth2/token",
            ),
            (
                &[("IDENTITY_ENDPOINT", here), ("IDENTITY_HEADER", "h")],
                "app service http://localhost:1/t",
            ),
            (
                &[
                    ("IDENTITY_ENDPOINT", here),
                    ("IDENTITY_HEADER", "h"),
                    ("IMDS_ENDPOINT", here),
                ],
                "app service http://localhost:1/t",
            ),
            (
                &[("IDENTITY_ENDPOINT", here), ("IMDS_ENDPOINT", here)],
                "arc http://localhost:1/t",
            ),
            (&[("MSI_ENDPOINT", here)], "cloud shell http://localhost:1/t"),
        ] {
            assert_eq!(named(variables).unwrap(), expected);
        }
    }

    #[test]
    fn platforms_that_are_not_read_are_unavailable_and_far_ones_refused() {
        let here = "http://localhost:1/t";
        for variables in [
            &[
                ("IDENTITY_ENDPOINT", here),
                ("IDENTITY_HEADER", "h"),
                ("IDENTITY_SERVER_THUMBPRINT", "t"),
            ][..],
            &[("MSI_ENDPOINT", here), ("MSI_SECRET", "s")],
        ] {
            assert!(named(variables).unwrap_err().is_unavailable());
        }
        for variables in [
            [
                ("IDENTITY_ENDPOINT", "http://example.net"),
                ("IDENTITY_HEADER", "h"),
            ],
            [("MSI_ENDPOINT", "http://example.net"), ("AZURE_TENANT_ID", "t")],
        ] {
            assert!(!named(&variables).unwrap_err().is_unavailable());
        }
    }
}
