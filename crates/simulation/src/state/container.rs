//! What is kept of a container.

use std::collections::BTreeMap;
use std::sync::Arc;

use lazuli_protocol::Metadata;

use super::{AccessControl, Deletion, Lease, Slot, Tag, Timestamp};

/// What a container is, besides what is in it.
#[derive(Clone, Debug)]
pub(crate) struct ContainerProperties {
    pub(crate) tag: Tag,
    pub(crate) modified: Timestamp,
    pub(crate) metadata: Metadata,
    pub(crate) access: AccessControl,
    pub(crate) lease: Option<Lease>,
    /// The scope that blobs are encrypted with that name none.
    pub(crate) default_scope: Option<Box<str>>,
    /// Whether blobs must not name another scope.
    pub(crate) scope_is_fixed: bool,
}

/// A container with its blobs, by name.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) properties: Arc<ContainerProperties>,
    pub(crate) blobs: BTreeMap<Arc<str>, Slot>,
}

/// A container that was deleted and can be restored.
#[derive(Clone, Debug)]
pub(crate) struct DeletedContainer {
    pub(crate) container: Container,
    pub(crate) deletion: Deletion,
}
