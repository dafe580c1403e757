//! Clients that sign in, against the simulated Entra and the services that check its tokens; and credentials that are renewed under
//! running clients.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this crate is tests, which stop where something is not as it must be"
)]

mod delegation;
mod desk;
mod renewal;
mod sources;
mod trouble;
