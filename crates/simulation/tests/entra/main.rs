//! The simulated Entra and the endpoints of managed identities, by raw requests, and what the Blob service makes of their tokens.
#![cfg(feature = "entra")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod app_service;
mod arc;
mod assertions;
mod bearer;
mod bench;
mod challenges;
mod credentials;
mod discovery;
mod faults;
mod imds;
mod registry;
mod secrets;
