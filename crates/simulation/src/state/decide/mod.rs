//! Deciding on requests: what is there, and what is asked for, make a record or a refusal.

mod append;
mod blobs;
mod blocks;
mod containers;
mod copies;
mod deletion;
mod encryption;
mod notes;
mod overwrite;
mod pages;
mod properties;
mod snapshot;

pub(crate) use append::AppendAt;
pub(crate) use blobs::NewBlob;
pub(crate) use blocks::{Commit, Lookup};
pub(crate) use containers::NewContainer;
pub(crate) use copies::{IncrementalCopy, NewCopy};
pub(crate) use deletion::{Delete, Snapshots};
pub(crate) use encryption::check_encryption;
pub(crate) use pages::{PageWrite, SequenceConditions};
pub(crate) use properties::{NewProperties, SequenceChange};
