//! Recorded traffic of the real service, both ways: every answer is read into its typed output with nothing lost, and every request can be made
//! by the client.
//!
//! The recordings are not part of this repository. Where they are not at hand, the tests say so and pass.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "all of this crate is tests, which stop where something is not as it must be, and say what they see"
)]

mod answers;
mod archive;
mod builders;
mod counts;
mod difference;
mod document;
mod exchange;
mod kept;
mod legal;
mod multipart;
mod reasons;
mod reference;
mod requests;
mod rows;
mod served;
mod wanted;

use archive::Archive;

/// The reference, or a word that it is not here.
fn shared() -> Option<Archive> {
    let archive = Archive::at_hand();
    if archive.is_none() {
        println!("skipped: no ../shared");
    }
    archive
}
