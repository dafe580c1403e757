//! Proofs that need the release build of the command, and those that need other people's tools: what `lazuli` writes, strangers read,
//! and the other way round; and what was acknowledged is there after a kill.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "all of this crate is tests, which stop where something is not as it must be, and say what they see"
)]

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod azcopy;
#[cfg(unix)]
mod crash;
mod differential;
mod killed_copies;
mod official;
mod plain;
mod quick_start;
mod rclone;
mod sas;
mod sdk;

use std::process::Output;

use tempfile::TempDir;

/// A folder under `target` that goes with its handle: gigabytes do not belong where the system keeps small things.
fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// The one JSON document that a program wrote.
fn json(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}
