//! The whole stack under trouble: whatever goes wrong, and in whatever order, every operation either does what it says or fails with an
//! error that the documentation names, in time. Nothing is done twice that must not be, and nothing is left behind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this crate is tests, which stop where something is not as it must be"
)]

mod explained;
mod in_process;
mod over_sockets;
mod script;
mod single;
mod stand;
mod state;
mod story;
mod work;
