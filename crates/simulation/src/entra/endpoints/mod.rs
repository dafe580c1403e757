//! From a path to the endpoint that answers there.

mod app_service;
pub(super) mod arc;
mod assertion;
mod cloud_shell;
mod discovery;
mod imds;
mod machine;
mod refusal;
mod token;

use http::Method;

use super::service::{Asked, Reply};
use super::{Authority, Endpoint};

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Token { tenant: String, version: Version },
    Configuration { tenant: String, version: Version },
    Keys,
    Instance,
    Imds,
    AppService,
    Arc,
    CloudShell,
}

/// The version of Entra's endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Asks for a resource.
    V1,
    /// Asks for a scope.
    V2,
}

impl Route {
    /// The route of a request, if anything answers there.
    pub(super) fn find(asked: &Asked) -> Option<Self> {
        let tenant = |tenant: &str| tenant.to_owned();
        let (is_get, is_post) = (asked.method == Method::GET, asked.method == Method::POST);
        Some(match asked.segments().as_slice() {
            ["oauth2", "token"] if is_post => Self::CloudShell,
            ["msi", "token"] if is_get => Self::AppService,
            ["metadata", "identity", "oauth2", "token"] if is_get => {
                if arc::is_version(asked.query.get("api-version")) {
                    Self::Arc
                } else {
                    Self::Imds
                }
            }
            [name, "oauth2", "v2.0", "token"] if is_post => Self::Token {
                tenant: tenant(name),
                version: Version::V2,
            },
            [name, "oauth2", "token"] if is_post => Self::Token {
                tenant: tenant(name),
                version: Version::V1,
            },
            ["common", "discovery", "instance"] if is_get => Self::Instance,
            [_, "discovery", "v2.0", "keys"] | [_, "discovery", "keys"] if is_get => Self::Keys,
            [name, "v2.0", ".well-known", "openid-configuration"] if is_get => Self::Configuration {
                tenant: tenant(name),
                version: Version::V2,
            },
            [name, ".well-known", "openid-configuration"] if is_get => Self::Configuration {
                tenant: tenant(name),
                version: Version::V1,
            },
            _ => return None,
        })
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        match self {
            Self::Token { .. } => Endpoint::Token,
            Self::Configuration { .. } | Self::Keys | Self::Instance => Endpoint::Discovery,
            Self::Imds => Endpoint::Imds,
            Self::AppService => Endpoint::AppService,
            Self::Arc => Endpoint::AzureArc,
            Self::CloudShell => Endpoint::CloudShell,
        }
    }

    /// Answers. It can take as long as making a key does.
    pub(super) fn answer(&self, authority: &Authority, asked: &Asked) -> Reply {
        match self {
            Self::Token { tenant, version } => token::answer(authority, tenant, *version, asked),
            Self::Configuration { tenant, version } => {
                discovery::configuration(authority, tenant, *version, asked)
            }
            Self::Keys => discovery::keys(authority),
            Self::Instance => discovery::instance(authority, asked),
            Self::Imds => imds::answer(authority, asked),
            Self::AppService => app_service::answer(authority, asked),
            Self::Arc => arc::answer(authority, asked),
            Self::CloudShell => cloud_shell::answer(authority, asked),
        }
    }
}
