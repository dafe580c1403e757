//! Deciding on requests: what is there, and what is asked for, make a record or a refusal.

mod blobs;
mod blocks;
mod containers;
mod deletion;
mod notes;
mod overwrite;

pub(crate) use blobs::{NewBlob, check_encryption};
pub(crate) use blocks::{Commit, Lookup};
pub(crate) use containers::NewContainer;
pub(crate) use deletion::{Delete, Snapshots};
