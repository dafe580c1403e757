//! The changes that the state can go through. The journal keeps them; replaying them makes the state again.

use std::sync::Arc;

use lazuli_protocol::xml::BlockId;

use super::{Blob, Container, ContainerProperties, Slot, Tag, Timestamp};
use crate::content::ContentHandle;

/// Which container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContainerPath {
    pub(crate) account: Arc<str>,
    pub(crate) container: Arc<str>,
}

/// Which blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlobPath {
    pub(crate) container: ContainerPath,
    pub(crate) blob: Arc<str>,
}

/// One change.
#[derive(Clone, Debug)]
pub(crate) enum Record {
    /// Makes a container, or sets the properties of the one that is there.
    PutContainer {
        at: ContainerPath,
        properties: Arc<ContainerProperties>,
    },
    /// Removes a container and all that is in it.
    DeleteContainer { at: ContainerPath },
    /// Makes or replaces a blob. Blocks that wait under its name are dropped.
    PutBlob { at: BlobPath, blob: Arc<Blob> },
    /// Sets all of a blob but its pieces.
    SetBlob { at: BlobPath, blob: Arc<Blob> },
    /// Removes a blob, with the blocks that wait under its name.
    DeleteBlob { at: BlobPath },
    /// Puts a block beside those that wait; in their place when they have run out.
    StageBlock {
        at: BlobPath,
        id: BlockId,
        content: ContentHandle,
        now: Timestamp,
        alone: bool,
    },
    /// Drops the blocks that wait under a name.
    DropStaged { at: BlobPath },
    /// Says how far tags have been given out: what was deleted must not be mistaken for what comes.
    LastTag { tag: Tag },
}

/// What a change has put out of use. Dropping it may delete files, which is not done under a lock.
#[derive(Debug, Default)]
#[expect(dead_code, reason = "kept to be dropped, never to be read")]
pub(crate) enum Garbage {
    #[default]
    Nothing,
    Container(Box<Container>),
    Blob(Arc<Blob>),
    Slot(Slot),
    Content(ContentHandle),
    Many(Vec<Self>),
}

impl Garbage {
    /// Whether dropping it may take long enough to be left to another thread.
    pub(crate) fn is_large(&self) -> bool {
        const FEW: usize = 16;
        match self {
            Self::Nothing | Self::Content(_) => false,
            Self::Container(container) => !container.blobs.is_empty(),
            Self::Blob(blob) => blob.pieces.len() > FEW,
            Self::Slot(slot) => {
                slot.committed
                    .as_ref()
                    .is_some_and(|blob| blob.pieces.len() > FEW)
                    || slot
                        .staged
                        .as_ref()
                        .is_some_and(|staged| staged.blocks.len() > FEW)
            }
            Self::Many(all) => all.len() > FEW || all.iter().any(Self::is_large),
        }
    }
}
