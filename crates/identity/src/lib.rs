//! Token sources of Microsoft Entra (Azure Active Directory), for Azure Storage and anything else that takes bearer tokens.
//!
//! A [`TokenCredential`] gets tokens, from wherever a program has its identity. [`storage_credential`] makes of it what the
//! transport of `lazuli-transport` signs with: one cache for all clients, which renews before it must and answers challenges.
//!
//! ```
//! use http::{Request, Response};
//! use lazuli_identity::{DefaultCredential, Environment, Settings, storage_credential};
//! use lazuli_protocol::{Body, ResponseBody};
//! use lazuli_transport::{OutgoingBody, Transport};
//! use tower::ServiceExt as _;
//!
//! // The authority and the storage service, in this process. A program takes `Settings::new()`, `Environment::from_process()` and `build()`.
//! let authority = tower::service_fn(|request: Request<OutgoingBody>| async move {
//!     assert_eq!(request.uri(), "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
//!     let answer = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0eXAi"}"#;
//!     Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::from(bytes::Bytes::from(answer))))
//! });
//! let storage = tower::service_fn(|request: Request<OutgoingBody>| async move {
//!     assert_eq!(request.headers()["authorization"], "Bearer eyJ0eXAi");
//!     Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::empty()))
//! });
//!
//! let settings = Settings::on(Transport::builder().build_on(authority)?).environment(Environment::of([
//!     ("AZURE_TENANT_ID", "contoso.com"),
//!     ("AZURE_CLIENT_ID", "my-app"),
//!     ("AZURE_CLIENT_SECRET", "its secret"),
//! ]));
//! let credential = storage_credential(DefaultCredential::new(&settings)?);
//! let transport = Transport::builder().credential_source(credential).build_on(storage)?;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let request = Request::get("https://example.blob.core.windows.net/?comp=list").body(Body::empty())?;
//! assert_eq!(transport.oneshot(request).await?.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The sources
//! | source | who one is |
//! |---|---|
//! | [`ClientSecretCredential`] | an application with a secret |
//! | `ClientCertificateCredential` | an application with a certificate, in PEM (a feature: see below) |
//! | [`ClientAssertionCredential`] | an application whose assertions somebody else signs |
//! | [`WorkloadIdentityCredential`] | a pod, or a pipeline, whose platform writes a token into a file |
//! | [`ManagedIdentityCredential`] | a virtual machine, an app, a machine with Azure Arc, Cloud Shell |
//! | [`AzureCliCredential`], [`AzureDeveloperCliCredential`] | whoever is logged in to these tools |
//! | [`EnvironmentCredential`] | an application that environment variables name |
//! | [`ChainedTokenCredential`] | the first of several that has a token |
//! | [`DefaultCredential`] | the usual ones, in the usual order |
//!
//! None of them keeps a token: each asks its authority whenever it is asked. The cache is [`Renewing`](lazuli_transport::Renewing).
//!
//! # What comes from outside
//! Network, clock, ids and environment are inputs, and [`Settings`] holds them. [`Environment::from_process`] is the one place that reads
//! the environment, when it is called. The developer tools are programs that inherit the environment of this process. Files are
//! read when a token is asked for: the federated token, a certificate, the key of Azure Arc, each with a bound for its size.
//!
//! # Trying again
//! A request for a token changes nothing, so the transport's retry layer repeats it after 429, 5xx and broken connections. The metadata
//! service of a virtual machine has [rules of its own](ManagedIdentityCredential#trying-again).
//!
//! # Secrets
//! Tokens, secrets, assertions and keys are wiped from memory when they are dropped, as far as this crate holds them: the buffers of
//! the HTTP client and of the JSON parser are not its own. They show in no error, no `Debug` and no span or event, also where an authority
//! echoes them.
//!
//! # Features
//! `aws-lc-rs` (default) and `ring` choose the cryptography of `https` and of client certificates. Without either, everything but client
//! certificates is there, for a transport that the caller brings.
//!
//! # Foreign types
//! The public API shows types of `http` (a status), `secrecy` and `time`, and of `lazuli-protocol` and `lazuli-transport`.

mod access_token;
mod answer;
#[cfg(feature = "_tls")]
mod certificate;
mod chain;
mod claims;
mod client;
mod cloud;
mod credential;
mod default;
mod environment;
mod error;
mod file;
mod form;
mod issuer;
mod managed;
mod names;
mod refusal;
mod request;
mod settings;
mod tenants;
mod tool;

pub use access_token::AccessToken;
#[cfg(feature = "_tls")]
pub use certificate::{AssertionAlgorithm, ClientCertificate, ClientCertificateCredential};
pub use chain::ChainedTokenCredential;
pub use client::{ClientAssertionCredential, ClientSecretCredential, WorkloadIdentityCredential};
pub use cloud::{Authority, Cloud};
pub use credential::{TokenCredential, TokenFuture};
pub use default::{DefaultCredential, EnvironmentCredential};
pub use environment::Environment;
pub use error::{Error, ErrorKind};
pub use issuer::{TokenIssuer, storage_credential};
pub use managed::{ManagedIdentity, ManagedIdentityCredential};
pub use request::{STORAGE_SCOPE, TokenRequest};
pub use settings::Settings;
pub use tool::{AzureCliCredential, AzureDeveloperCliCredential};
