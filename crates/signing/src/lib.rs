//! Signatures for Azure Storage (Blob and Files), made and verified, for any HTTP client.
//!
//! | what | made by | verified by |
//! |---|---|---|
//! | Shared Key and Shared Key Lite, a signature for each request | [`SharedKey::sign`] | [`SharedKey::verify`] |
//! | account SAS | [`Sas::account`], a [`SharedKey`] | [`ReceivedSas::verify`] |
//! | service SAS: container, blob, snapshot, version, directory, share, file | [`Sas`], a [`SharedKey`] | [`ReceivedSas::verify`] |
//! | service SAS with a stored access policy | [`ResourceSas::policy`], a [`SharedKey`] | [`ReceivedSas::verify`] with an [`AccessPolicy`] |
//! | user delegation SAS: the same resources | [`Sas`], a [`UserDelegationKey`] | [`ReceivedSas::verify`] with the value of that key |
//! | a token of Microsoft Entra ID | carried as a [`BearerToken`] | |
//!
//! The crate works on [`http::request::Parts`] and does no I/O: it opens no socket and reads no clock. A client
//! calls [`SharedKey::sign`] on each try of a request, a server calls [`SharedKey::verify`] with the time it believes
//! in. Requests that carry a shared access signature get theirs from [`SasToken::append_to`], and [`Credential`] is
//! whichever of these a caller was given.
//!
//! # A signature for a request
//! ```
//! use http::Request;
//! use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
//! use time::macros::datetime;
//!
//! let shared_key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
//! let (mut parts, ()) = Request::get("http://127.0.0.1:10000/devstoreaccount1/models?restype=container&comp=list")
//!     .header("x-ms-version", "2026-06-06")
//!     .body(())?
//!     .into_parts();
//!
//! let now = datetime!(2026-06-26 23:39:12 UTC);
//! shared_key.sign(&mut parts, now)?;
//!
//! assert_eq!(parts.headers["x-ms-date"], "Fri, 26 Jun 2026 23:39:12 GMT");
//! assert_eq!(
//!     parts.headers["authorization"],
//!     "SharedKey devstoreaccount1:coQfeUWz/cOanbHVntM2049D0GecEq2nKPMS75URtis=",
//! );
//! shared_key.verify(&parts, now, lazuli_signing::CLOCK_SKEW)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A shared access signature
//! A [`SasToken`] is made offline, by a sentence that compiles only if the service could take it, and whoever has it
//! is let in. Here the one who makes it, the one who uses it and the server stand side by side:
//!
//! ```
//! use http::Request;
//! use lazuli_signing::{
//!     AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, ReceivedSas, ResourceType, Sas, SasRefusal, SasRequest, SasResource,
//!     SasService, SharedKey,
//! };
//! use time::macros::datetime;
//!
//! let key = AccountKey::from_base64(EMULATOR_KEY)?;
//! let shared_key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, key.clone());
//! let token = Sas::blob("logs", "a.txt").read().expires(datetime!(2026-06-27 20:00 UTC)).sign(&shared_key)?;
//!
//! let (mut parts, ()) = Request::get("http://127.0.0.1:10000/devstoreaccount1/logs/a.txt").body(())?.into_parts();
//! token.append_to(&mut parts)?;
//!
//! let received = ReceivedSas::from_query(parts.uri.query().unwrap_or_default())?.ok_or("the query has no SAS")?;
//! let request = SasRequest {
//!     account: shared_key.account(),
//!     service: SasService::Blob,
//!     resource: SasResource::Blob { container: "logs", blob: "a.txt", snapshot: None, version: None },
//!     level: ResourceType::Object.into(),
//!     parts: &parts,
//!     secure: false,
//!     client: None,
//!     now: datetime!(2026-06-26 23:39:12 UTC),
//! };
//! let grant = received.verify(&request, &key, None)?;
//! assert_eq!(grant.permissions().to_string(), "r");
//!
//! let later = SasRequest { now: datetime!(2026-06-28 00:00 UTC), ..request };
//! assert!(matches!(received.verify(&later, &key, None), Err(SasRefusal::Expired { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The module [`sas`] says what does not compile, and why.
//!
//! # What is signed
//! The method, the path and the query as they are sent, eleven standard headers and every `x-ms-` header:
//! [`string_to_sign`] shows the exact text. So a request is signed last, when each of these has its final value.
//! `Content-Length` is one of them: an HTTP client that adds it by itself later makes the signature wrong.
//!
//! # Secrets
//! Keys and tokens are wiped from memory when they are dropped, and no `Debug`, `Display` or error of this crate shows
//! a key, a signature, a token's `sig` or a lease id. What a caller puts into a request is in the caller's hands:
//! an [`http::Uri`] with a SAS prints it.

mod account_key;
mod account_name;
mod authorization;
mod bearer;
mod canonical;
mod connection_string;
mod credential;
mod date;
mod emulator;
mod error;
mod headers;
mod redaction;
mod refusal;
pub mod sas;
mod shared_key;
mod string_to_sign;

pub use account_key::AccountKey;
pub use account_name::AccountName;
pub use authorization::{Authorization, AuthorizationFault, Scheme, parse_authorization};
pub use bearer::BearerToken;
pub use connection_string::ConnectionString;
pub use credential::Credential;
pub use emulator::{EMULATOR_ACCOUNT, EMULATOR_KEY};
pub use error::{Error, ErrorKind};
pub use refusal::Refusal;
pub use sas::{
    AccessPolicy, AccountSas, Agent, DelegationFields, HeaderOverrides, IpRange, Permissions, ReceivedSas,
    ResourceSas, ResourceType, ResourceTypes, Sas, SasGrant, SasKey, SasKind, SasLevel, SasProtocol,
    SasRefusal, SasRequest, SasResource, SasService, SasToken, SasVersion, UserDelegationKey,
    UserDelegationKeyFields,
};
pub use shared_key::{CLOCK_SKEW, SharedKey, string_to_sign, string_to_sign_lite};
pub use string_to_sign::StringToSign;
