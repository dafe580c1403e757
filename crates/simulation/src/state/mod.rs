//! The state of the simulated accounts, and the rules that it changes by. It knows nothing of HTTP, disks or clocks: a request
//! is decided on what is there and becomes a [`Record`] or a [`Denied`], and applying the record is the only way to change the state.

mod account;
mod blob;
mod broken_copies;
mod conditions;
mod container;
mod decide;
mod denied;
mod edit;
mod find;
mod lease;
mod listing;
mod pages;
mod pieces;
mod policy;
mod record;
mod seek;
mod slot;
mod system;
mod tag;
mod timestamp;
mod tree;

pub(crate) use account::Account;
pub(crate) use blob::{
    Blob, Content, ContentHeaders, CopyReport, Encryption, Immutability, Rehydration, Segment, Tier,
};
pub(crate) use conditions::{Access, Conditions, Tags};
pub(crate) use container::{Container, ContainerProperties, DeletedContainer};
pub(crate) use decide::{
    AppendAt, Commit, Delete, IncrementalCopy, Lookup, NewBlob, NewContainer, NewCopy, NewProperties,
    PageWrite, SequenceChange, SequenceConditions, Snapshots, check_encryption,
};
pub(crate) use denied::Denied;
pub(crate) use edit::Edit;
pub(crate) use find::Search;
pub(crate) use lease::{Lease, LeaseShown, Leased, Phase, Term};
pub(crate) use listing::{
    BlobEntry, BlobPage, BlobQuery, ContainerQuery, Listed, ListedContainer, Position, Shown,
};
pub(crate) use pages::{Extent, Fill, Pages};
pub(crate) use pieces::{Piece, Pieces};
pub(crate) use policy::{AccessControl, StoredPolicy};
pub(crate) use record::{BlobPath, ContainerPath, Garbage, Record};
pub(crate) use slot::{Deletion, Kept, Slot, Staged, StateId};
pub(crate) use tag::Tag;
pub(crate) use timestamp::Timestamp;
pub(crate) use tree::{Found, State, Which};
