//! What is kept of a container and of a blob.

use std::collections::BTreeMap;
use std::sync::Arc;

use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{AccessTier, Metadata};

use super::{AccessControl, Tag, Timestamp};
use crate::content::ContentHandle;

/// What a container is, besides what is in it.
#[derive(Clone, Debug)]
pub(crate) struct ContainerProperties {
    pub(crate) tag: Tag,
    pub(crate) modified: Timestamp,
    pub(crate) metadata: Metadata,
    pub(crate) access: AccessControl,
}

/// The headers that a blob is read with. `None` was never set, or was cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentHeaders {
    pub(crate) content_type: Option<Box<str>>,
    pub(crate) encoding: Option<Box<str>>,
    pub(crate) language: Option<Box<str>>,
    pub(crate) cache_control: Option<Box<str>>,
    pub(crate) disposition: Option<Box<str>>,
    /// In base64. The service keeps what it is told here, whatever its length.
    pub(crate) md5: Option<Box<str>>,
}

/// A tier that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tier {
    pub(crate) tier: AccessTier,
    pub(crate) changed: Timestamp,
}

/// One stretch of a blob. It has an id when it was put as a block.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) id: Option<BlockId>,
    pub(crate) content: ContentHandle,
}

/// A committed block blob.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) tag: Tag,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// In bytes: the sum of the pieces.
    pub(crate) len: u64,
    pub(crate) headers: ContentHeaders,
    pub(crate) metadata: Metadata,
    pub(crate) tier: Option<Tier>,
    pub(crate) pieces: Arc<[Piece]>,
}

impl Blob {
    pub(crate) fn is_archived(&self) -> bool {
        self.tier
            .as_ref()
            .is_some_and(|tier| tier.tier == AccessTier::Archive)
    }
}

/// Blocks that were put and not yet committed.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    pub(crate) blocks: BTreeMap<BlockId, ContentHandle>,
    /// When the last of them was put: they are dropped a week later.
    pub(crate) last_put: Timestamp,
}

/// What stands under a blob's name: a blob, blocks for one, or both.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot {
    pub(crate) committed: Option<Arc<Blob>>,
    pub(crate) staged: Option<Box<Staged>>,
}

/// A container with its blobs, by name.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) properties: Arc<ContainerProperties>,
    pub(crate) blobs: BTreeMap<Arc<str>, Slot>,
}
