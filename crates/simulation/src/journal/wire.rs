//! How records look in the journal: protocol buffers, so that fields can be added and old files stay readable.
//!
//! A field's number is never used for something else. What is added is optional, and its absence means what it meant before. A
//! record that older code cannot leave out needs a new version of the journal's header.

use std::collections::BTreeMap;

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Entry {
    #[prost(oneof = "Change", tags = "1, 2, 3, 4, 5, 6, 7, 8")]
    pub(super) change: Option<Change>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Change {
    #[prost(message, tag = "1")]
    PutContainer(PutContainer),
    #[prost(message, tag = "2")]
    DeleteContainer(Path),
    #[prost(message, tag = "3")]
    PutBlob(PutBlob),
    #[prost(message, tag = "4")]
    SetBlob(PutBlob),
    #[prost(message, tag = "5")]
    DeleteBlob(Path),
    #[prost(message, tag = "6")]
    StageBlock(StageBlock),
    #[prost(message, tag = "7")]
    DropStaged(Path),
    #[prost(uint64, tag = "8")]
    LastTag(u64),
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
pub(super) struct PutBlob {
    #[prost(message, required, tag = "1")]
    pub(super) at: Path,
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
