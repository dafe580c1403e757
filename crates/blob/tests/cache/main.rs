//! The read-through cache, on a service in the same process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops where something is not as it must be, and its sizes are small"
)]

mod changes;
mod folder;
mod model;
mod processes;
mod reading;
mod service;
mod together;
