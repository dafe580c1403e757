//! Shared Key signatures for Azure Storage (Blob and Files), made and verified, for any HTTP client.
//!
//! The crate works on [`http::request::Parts`] and does no I/O: it opens no socket and reads no clock. A client
//! calls [`SharedKey::sign`] on each try of a request, a server calls [`SharedKey::verify`] with the time it believes
//! in. Requests that carry a shared access signature get theirs from [`SasToken::append_to`], and [`Credential`] is
//! whichever of these a caller was given.
//!
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
mod refusal;
mod sas;
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
pub use sas::SasToken;
pub use shared_key::{CLOCK_SKEW, SharedKey, string_to_sign};
pub use string_to_sign::StringToSign;
