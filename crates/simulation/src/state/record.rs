//! The changes that the state can go through. The journal keeps them; replaying them makes the state again.

use std::sync::Arc;

use super::{Blob, Container, ContainerProperties, Deletion, Edit, Slot, Tag};
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
    /// Takes a container out of use and keeps it, with all that is in it, under the name of a version.
    RetireContainer {
        at: ContainerPath,
        version: Arc<str>,
        deletion: Deletion,
    },
    /// Brings a container back that was taken out of use, perhaps under another name.
    RestoreContainer {
        at: ContainerPath,
        version: Arc<str>,
        to: Arc<str>,
    },
    /// Drops a container that was taken out of use.
    ForgetContainer { at: ContainerPath, version: Arc<str> },
    /// Gives a container another name.
    RenameContainer { at: ContainerPath, to: Arc<str> },
    /// Sets the properties of an account's service, as the document that says them.
    PutService { account: Arc<str>, document: Arc<str> },
    /// Changes what stands under a blob's name.
    Edit { at: BlobPath, edits: Vec<Edit> },
    /// Changes what stands under the names of several blobs, all or none.
    Edits(Vec<(BlobPath, Vec<Edit>)>),
    /// Says how far tags have been given out: what was deleted must not be mistaken for what comes.
    LastTag { tag: Tag },
}

impl Record {
    /// A change of what stands under one name.
    pub(crate) fn edit(at: BlobPath, edit: Edit) -> Self {
        Self::Edit {
            at,
            edits: vec![edit],
        }
    }
}

/// What a change has put out of use. Dropping it may delete files, which is not done under a lock.
#[derive(Debug, Default)]
pub(crate) enum Garbage {
    #[default]
    Nothing,
    Container(Box<Container>),
    Blob(Arc<Blob>),
    Slot(Slot),
    Content(#[expect(dead_code, reason = "kept to be dropped, never to be read")] ContentHandle),
    Many(Vec<Self>),
}

impl Garbage {
    /// Puts more to it.
    pub(crate) fn add(&mut self, more: Self) {
        match self {
            Self::Many(all) => all.push(more),
            Self::Nothing => *self = more,
            one => *one = Self::Many(vec![std::mem::take(one), more]),
        }
    }

    /// Whether dropping it may take long enough to be left to another thread.
    pub(crate) fn is_large(&self) -> bool {
        const FEW: usize = 16;
        match self {
            Self::Nothing | Self::Content(_) => false,
            Self::Container(container) => !container.blobs.is_empty(),
            Self::Blob(blob) => blob.content.parts() > FEW,
            Self::Slot(slot) => {
                slot.kept.is_some()
                    || slot
                        .committed
                        .as_ref()
                        .is_some_and(|blob| blob.content.parts() > FEW)
                    || slot
                        .staged
                        .as_ref()
                        .is_some_and(|staged| staged.blocks.len() > FEW)
            }
            Self::Many(all) => all.len() > FEW || all.iter().any(Self::is_large),
        }
    }
}
