//! How records look in the journal: protocol buffers, so that fields can be added and old files stay readable.
//!
//! A field's number is never used for something else. What is added is optional, and its absence means what it meant before. A
//! record that older code cannot leave out needs a new version of the journal's header.

use std::collections::BTreeMap;

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Entry {
    #[prost(oneof = "Change", tags = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15")]
    pub(super) change: Option<Change>,
    /// Whether the next entry goes on with the same record. Since version 2.
    #[prost(bool, tag = "16")]
    pub(super) more: bool,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Change {
    #[prost(message, tag = "1")]
    PutContainer(PutContainer),
    #[prost(message, tag = "2")]
    DeleteContainer(Path),
    // 3 to 7 are what blobs were changed by before edits. They are read, and no longer written.
    #[prost(message, tag = "3")]
    PutBlob(Blob),
    #[prost(message, tag = "4")]
    SetBlob(Blob),
    #[prost(message, tag = "5")]
    DeleteBlob(Path),
    #[prost(message, tag = "6")]
    StageBlock(StageBlock),
    #[prost(message, tag = "7")]
    DropStaged(Path),
    #[prost(uint64, tag = "8")]
    LastTag(u64),
    #[prost(message, tag = "9")]
    Edits(Edits),
    #[prost(message, tag = "10")]
    ManyEdits(ManyEdits),
    #[prost(message, tag = "11")]
    RetireContainer(RetireContainer),
    #[prost(message, tag = "12")]
    RestoreContainer(RestoreContainer),
    #[prost(message, tag = "13")]
    ForgetContainer(RestoreContainer),
    #[prost(message, tag = "14")]
    RenameContainer(RestoreContainer),
    #[prost(message, tag = "15")]
    PutService(PutService),
}

/// Changes of what stands under one name, in one step.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Edits {
    #[prost(message, required, tag = "1")]
    pub(super) at: Path,
    #[prost(message, repeated, tag = "2")]
    pub(super) edits: Vec<Edit>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ManyEdits {
    #[prost(message, repeated, tag = "1")]
    pub(super) edits: Vec<Edits>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Edit {
    #[prost(
        oneof = "EditKind",
        tags = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16"
    )]
    pub(super) kind: Option<EditKind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum EditKind {
    #[prost(message, tag = "1")]
    Put(Blob),
    #[prost(message, tag = "2")]
    Set(Blob),
    #[prost(message, tag = "3")]
    Remove(Nothing),
    #[prost(message, tag = "4")]
    Append(Write),
    #[prost(message, tag = "5")]
    Write(Write),
    #[prost(message, tag = "6")]
    Resize(Write),
    #[prost(message, tag = "7")]
    Keep(State),
    #[prost(message, tag = "8")]
    SetKept(SetKept),
    #[prost(message, tag = "9")]
    Mark(State),
    #[prost(message, tag = "10")]
    Rename(Rename),
    #[prost(message, tag = "11")]
    Restore(State),
    #[prost(message, tag = "12")]
    Forget(State),
    #[prost(message, tag = "13")]
    Stage(Stage),
    #[prost(message, tag = "14")]
    DropStaged(Nothing),
    #[prost(message, tag = "15")]
    Lease(Lease),
    /// Since version 2.
    #[prost(message, tag = "16")]
    Extend(Extend),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Nothing {}

/// Stretches of the page blob that was put just before.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Extend {
    #[prost(message, repeated, tag = "1")]
    pub(super) extents: Vec<Extent>,
}

/// What names a state, with when it was deleted.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct State {
    /// 0 is the deleted blob, 1 a snapshot, 2 a version.
    #[prost(uint32, tag = "1")]
    pub(super) kind: u32,
    #[prost(sint64, tag = "2")]
    pub(super) at: i64,
    #[prost(message, optional, tag = "3")]
    pub(super) deletion: Option<Deletion>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Deletion {
    #[prost(sint64, tag = "1")]
    pub(super) at: i64,
    #[prost(sint64, tag = "2")]
    pub(super) until: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SetKept {
    #[prost(message, required, tag = "1")]
    pub(super) state: State,
    #[prost(message, required, tag = "2")]
    pub(super) blob: Blob,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Rename {
    #[prost(message, required, tag = "1")]
    pub(super) from: State,
    #[prost(message, required, tag = "2")]
    pub(super) to: State,
}

/// Bytes that are added, written or cleared, or a size.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Write {
    #[prost(uint64, tag = "1")]
    pub(super) start: u64,
    #[prost(uint64, tag = "2")]
    pub(super) len: u64,
    #[prost(message, optional, tag = "3")]
    pub(super) content: Option<Piece>,
    #[prost(uint64, tag = "4")]
    pub(super) tag: u64,
    #[prost(sint64, tag = "5")]
    pub(super) modified: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Stage {
    #[prost(message, required, tag = "1")]
    pub(super) piece: Piece,
    #[prost(sint64, tag = "2")]
    pub(super) now: i64,
    #[prost(bool, tag = "3")]
    pub(super) alone: bool,
    /// What it is encrypted with: a scope, a customer's key, or the account's own key.
    #[prost(string, optional, tag = "4")]
    pub(super) scope: Option<String>,
    #[prost(string, optional, tag = "5")]
    pub(super) customer_key: Option<String>,
}

/// A lease. Without an id there is none.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Lease {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub(super) id: Option<Vec<u8>>,
    /// In seconds; without an end when there are none.
    #[prost(uint32, optional, tag = "2")]
    pub(super) seconds: Option<u32>,
    /// 0 is held, 1 breaking, 2 broken.
    #[prost(uint32, tag = "3")]
    pub(super) phase: u32,
    #[prost(sint64, optional, tag = "4")]
    pub(super) until: Option<i64>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct RetireContainer {
    #[prost(message, required, tag = "1")]
    pub(super) at: Path,
    #[prost(string, tag = "2")]
    pub(super) version: String,
    #[prost(message, required, tag = "3")]
    pub(super) deletion: Deletion,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct RestoreContainer {
    #[prost(message, required, tag = "1")]
    pub(super) at: Path,
    #[prost(string, tag = "2")]
    pub(super) version: String,
    #[prost(string, tag = "3")]
    pub(super) to: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PutService {
    #[prost(string, tag = "1")]
    pub(super) account: String,
    #[prost(string, tag = "2")]
    pub(super) document: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Path {
    #[prost(string, tag = "1")]
    pub(super) account: String,
    #[prost(string, tag = "2")]
    pub(super) container: String,
    /// Empty for the container itself.
    #[prost(string, tag = "3")]
    pub(super) blob: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PutContainer {
    #[prost(message, required, tag = "1")]
    pub(super) at: Path,
    #[prost(uint64, tag = "2")]
    pub(super) tag: u64,
    #[prost(sint64, tag = "3")]
    pub(super) modified: i64,
    #[prost(btree_map = "string, string", tag = "4")]
    pub(super) metadata: BTreeMap<String, String>,
    #[prost(string, optional, tag = "5")]
    pub(super) public_access: Option<String>,
    #[prost(message, repeated, tag = "6")]
    pub(super) policies: Vec<StoredPolicy>,
    #[prost(message, optional, tag = "7")]
    pub(super) lease: Option<Lease>,
    #[prost(string, optional, tag = "8")]
    pub(super) default_scope: Option<String>,
    #[prost(bool, tag = "9")]
    pub(super) scope_is_fixed: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct StoredPolicy {
    #[prost(string, tag = "1")]
    pub(super) id: String,
    #[prost(sint64, optional, tag = "2")]
    pub(super) start: Option<i64>,
    #[prost(sint64, optional, tag = "3")]
    pub(super) expiry: Option<i64>,
    #[prost(string, optional, tag = "4")]
    pub(super) permission: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Blob {
    /// Where it is, in records from before edits.
    #[prost(message, optional, tag = "1")]
    pub(super) at: Option<Path>,
    #[prost(uint64, tag = "2")]
    pub(super) tag: u64,
    #[prost(sint64, tag = "3")]
    pub(super) created: i64,
    #[prost(sint64, tag = "4")]
    pub(super) modified: i64,
    #[prost(btree_map = "string, string", tag = "5")]
    pub(super) metadata: BTreeMap<String, String>,
    #[prost(string, optional, tag = "6")]
    pub(super) content_type: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub(super) encoding: Option<String>,
    #[prost(string, optional, tag = "8")]
    pub(super) language: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub(super) cache_control: Option<String>,
    #[prost(string, optional, tag = "10")]
    pub(super) disposition: Option<String>,
    #[prost(string, optional, tag = "11")]
    pub(super) md5: Option<String>,
    #[prost(string, optional, tag = "12")]
    pub(super) tier: Option<String>,
    #[prost(sint64, tag = "13")]
    pub(super) tier_changed: i64,
    #[prost(message, repeated, tag = "14")]
    pub(super) pieces: Vec<Piece>,
    /// 0 is a block blob, 1 an append blob, 2 a page blob.
    #[prost(uint32, tag = "15")]
    pub(super) kind: u32,
    #[prost(bool, tag = "16")]
    pub(super) sealed: bool,
    #[prost(uint64, tag = "17")]
    pub(super) sequence: u64,
    #[prost(message, repeated, tag = "18")]
    pub(super) extents: Vec<Extent>,
    /// The size of a page blob.
    #[prost(uint64, tag = "19")]
    pub(super) len: u64,
    #[prost(btree_map = "string, string", tag = "20")]
    pub(super) tags: BTreeMap<String, String>,
    #[prost(sint64, optional, tag = "21")]
    pub(super) version: Option<i64>,
    #[prost(string, optional, tag = "22")]
    pub(super) scope: Option<String>,
    #[prost(string, optional, tag = "23")]
    pub(super) customer_key: Option<String>,
    #[prost(sint64, optional, tag = "24")]
    pub(super) immutable_until: Option<i64>,
    #[prost(bool, tag = "25")]
    pub(super) immutability_locked: bool,
    #[prost(bool, tag = "26")]
    pub(super) legal_hold: bool,
    #[prost(sint64, optional, tag = "27")]
    pub(super) expires: Option<i64>,
    #[prost(message, optional, tag = "28")]
    pub(super) rehydration: Option<Rehydration>,
    #[prost(message, optional, tag = "29")]
    pub(super) copy: Option<Copy>,
    #[prost(sint64, optional, tag = "30")]
    pub(super) read: Option<i64>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Extent {
    #[prost(uint64, tag = "1")]
    pub(super) start: u64,
    /// What was written; none of what was cleared.
    #[prost(message, optional, tag = "2")]
    pub(super) content: Option<Piece>,
    #[prost(uint64, tag = "3")]
    pub(super) offset: u64,
    #[prost(uint64, tag = "4")]
    pub(super) len: u64,
    /// The tag of the change that cleared it.
    #[prost(uint64, tag = "5")]
    pub(super) cleared: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Rehydration {
    #[prost(string, tag = "1")]
    pub(super) to: String,
    #[prost(string, tag = "2")]
    pub(super) priority: String,
    #[prost(sint64, tag = "3")]
    pub(super) done: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Copy {
    #[prost(string, tag = "1")]
    pub(super) id: String,
    #[prost(string, tag = "2")]
    pub(super) source: String,
    #[prost(string, tag = "3")]
    pub(super) status: String,
    #[prost(string, optional, tag = "4")]
    pub(super) description: Option<String>,
    #[prost(uint64, tag = "5")]
    pub(super) bytes_done: u64,
    #[prost(uint64, tag = "6")]
    pub(super) bytes_total: u64,
    #[prost(sint64, optional, tag = "7")]
    pub(super) completed: Option<i64>,
    #[prost(sint64, optional, tag = "8")]
    pub(super) due: Option<i64>,
    #[prost(bool, tag = "9")]
    pub(super) incremental: bool,
    #[prost(sint64, optional, tag = "10")]
    pub(super) destination_snapshot: Option<i64>,
    /// What is read, while it is under way.
    #[prost(message, optional, tag = "11")]
    pub(super) from: Option<Path>,
    #[prost(uint64, tag = "12")]
    pub(super) from_tag: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Piece {
    #[prost(uint64, tag = "1")]
    pub(super) content: u64,
    #[prost(uint64, tag = "2")]
    pub(super) len: u64,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) id: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct StageBlock {
    #[prost(message, required, tag = "1")]
    pub(super) at: Path,
    #[prost(message, required, tag = "2")]
    pub(super) piece: Piece,
    #[prost(sint64, tag = "3")]
    pub(super) now: i64,
    #[prost(bool, tag = "4")]
    pub(super) alone: bool,
}
