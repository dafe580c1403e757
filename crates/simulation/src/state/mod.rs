//! The state of the simulated accounts, and the rules that it changes by. It knows nothing of HTTP, disks or clocks: a request
//! is decided on what is there and becomes a [`Record`] or a [`Denied`], and applying the record is the only way to change the state.

mod blob;
mod conditions;
mod decide;
mod decide_blocks;
mod denied;
mod listing;
mod policy;
mod record;
mod seek;
mod tag;
mod timestamp;
mod tree;

pub(crate) use blob::{Blob, Container, ContainerProperties, ContentHeaders, Piece, Slot, Staged, Tier};
pub(crate) use conditions::{Conditions, Tags};
pub(crate) use decide::{NewBlob, NewContainer};
pub(crate) use decide_blocks::{Commit, Lookup};
pub(crate) use denied::Denied;
pub(crate) use listing::{BlobEntry, BlobQuery, ContainerQuery};
pub(crate) use policy::{AccessControl, StoredPolicy};
pub(crate) use record::{BlobPath, ContainerPath, Garbage, Record};
pub(crate) use tag::Tag;
pub(crate) use timestamp::Timestamp;
pub(crate) use tree::State;
