//! Every way to a token, against endpoints in this process that check what they are asked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod certificates;
mod chains;
mod clients;
mod defaults;
mod managed;
mod script;
mod secrets;
mod storage;
#[cfg(unix)]
mod tools;
