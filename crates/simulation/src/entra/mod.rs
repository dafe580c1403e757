//! A simulated Microsoft Entra, the endpoints of managed identities, and the tokens that the storage services check.
//!
//! An [`IdentityService`] answers what a client asks to get a token, in each of the ways there are:
//!
//! | endpoint | path | what for |
//! |---|---|---|
//! | [`Token`](Endpoint::Token) | `POST /{tenant}/oauth2/v2.0/token`, `POST /{tenant}/oauth2/token` | client credentials: a secret, an assertion signed with a certificate's key, a token of another issuer |
//! | [`Discovery`](Endpoint::Discovery) | `/{tenant}/v2.0/.well-known/openid-configuration`, `/{tenant}/discovery/v2.0/keys`, `/common/discovery/instance` | libraries that ask who the authority is |
//! | [`Imds`](Endpoint::Imds) | `GET /metadata/identity/oauth2/token` | virtual machines |
//! | [`AppService`](Endpoint::AppService) | `GET /msi/token` | App Service and Functions |
//! | [`AzureArc`](Endpoint::AzureArc) | the path of the metadata service, with API version `2019-11-01` or `2020-06-01` | Arc: shows that the caller can read a file |
//! | [`CloudShell`](Endpoint::CloudShell) | `POST /oauth2/token` | Cloud Shell |
//!
//! The access tokens are JSON Web Tokens of version 1 that a key pair of the simulation signs (RS256, 2,048 bits, made anew for each
//! simulation when it is first needed, and the one thing that does not follow from its seed). The storage services of the same
//! simulation check issuer, audience, times and signature of each; [`TokenTrust`] says what they do with tokens of others.
//!
//! An [`Entra`] makes endpoints fail on demand, counts requests, and makes tokens of any claims.
//!
//! # Who is there
//! Without a word in the [`Builder`](crate::Builder): the tenant [`TENANT`] with the application [`CLIENT_ID`], whose secret is
//! [`CLIENT_SECRET`]; a machine with a system-assigned identity, [`SYSTEM_ASSIGNED`], and a user-assigned one, [`USER_ASSIGNED`]; and
//! [`IDENTITY_HEADER`] for App Service. Everybody can read these here: they protect nothing.
//!
//! # Where it differs
//! Everything is served over plain http, which the real services, but for those of managed identities, refuse. No user signs in: there are
//! client credentials and managed identities only. There are no roles: the holder of a token that is good for an account may do there
//! whatever the operation allows to any token. The `x5t` of a token's header is the id of the key, and no thumbprint of a certificate.

#[cfg(not(feature = "entra"))]
mod absent;
#[cfg(feature = "entra")]
mod authority;
#[cfg(feature = "entra")]
mod claims;
#[cfg(feature = "entra")]
mod endpoint;
#[cfg(feature = "entra")]
mod endpoints;
#[cfg(feature = "entra")]
mod fault;
mod gate;
#[cfg(feature = "entra")]
mod handle;
mod identity;
mod jwt;
#[cfg(feature = "entra")]
mod key;
mod known;
#[cfg(feature = "entra")]
mod registry;
#[cfg(feature = "entra")]
mod script;
#[cfg(feature = "entra")]
mod service;
mod trust;

#[cfg(not(feature = "entra"))]
pub(crate) use absent::{Authority, Registry};
#[cfg(feature = "entra")]
pub(crate) use authority::Authority;
#[cfg(feature = "entra")]
pub use endpoint::Endpoint;
#[cfg(feature = "entra")]
pub use fault::Fault;
pub(crate) use gate::{Gate, TokenFault};
#[cfg(feature = "entra")]
pub use handle::Entra;
pub(crate) use identity::Identity;
pub use known::TENANT;
#[cfg(feature = "entra")]
pub use known::{
    CLIENT_ID, CLIENT_SECRET, IDENTITY_HEADER, SYSTEM_ASSIGNED, USER_ASSIGNED, USER_ASSIGNED_RESOURCE,
};
#[cfg(feature = "entra")]
pub(crate) use registry::Registry;
#[cfg(feature = "entra")]
pub use registry::{App, ManagedIdentity};
#[cfg(feature = "entra")]
pub use service::{Identifying, IdentityService};
pub use trust::TokenTrust;
