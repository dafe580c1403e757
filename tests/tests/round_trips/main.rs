//! What is put comes back: any name, metadata, tags, ranges and conditions, over the client and the simulation in this process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

mod any;
mod conditions;
mod metadata;
mod names;
mod ranges;
mod tags;
