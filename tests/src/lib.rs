//! Scenarios, written once and run on every back end: the simulation in this process, the simulation over a socket, and Azurite.
//!
//! A [`Scenario`] is an async function of a [`Backend`]; [`ALL`] and [`each_scenario!`] list them by topic. Where back ends differ, a
//! scenario asks [`Backend::knows`] for a named [`Feature`], and the book's page of differences says who is right.
//!
//! The rest of this crate is what the scenarios and the strangers' proofs (`tests/strangers`) share: [`content`] that can be made
//! again, a service with [`faults`], [`tree`]s of files, [`tools`] of other people, and [`process`]es that end with their handle. The
//! [`soak`] is a program of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "all of this crate is tests, which stop where something is not as it must be, and say what they see"
)]

mod backend;
#[cfg(doctest)]
pub mod book;
mod expect;
mod scenario;
mod scenarios;

pub mod content;
pub mod faults;
pub mod process;
pub mod soak;
pub mod tools;
pub mod tree;

pub use backend::{Backend, Feature, Kind, Trait};
pub use scenario::{Scenario, run, run_all};
pub use scenarios::ALL;
