//! The smallest changes of what stands under a blob's name. An operation is a list of them, made in one step.

use std::sync::Arc;

use lazuli_protocol::xml::BlockId;

use super::{
    Blob, Content, Deletion, Encryption, Extent, Garbage, Kept, Lease, Pages, Piece, Slot, Staged, StateId,
    Tag, Timestamp,
};
use crate::content::ContentHandle;

/// One change.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Makes or replaces the current blob. Blocks that wait are dropped; the lease stays.
    Put(Arc<Blob>),
    /// Sets all of the current blob but its bytes.
    Set(Arc<Blob>),
    /// Takes the current blob away, with its lease and the blocks that wait.
    Remove,
    /// Adds bytes at the end of the current append blob.
    Append {
        content: ContentHandle,
        tag: Tag,
        modified: Timestamp,
    },
    /// Writes pages of the current page blob, or clears them when there is no content.
    Write {
        start: u64,
        len: u64,
        content: Option<ContentHandle>,
        tag: Tag,
        modified: Timestamp,
    },
    /// Gives the current page blob another size.
    Resize { len: u64, tag: Tag, modified: Timestamp },
    /// Keeps the current blob, as it is, under this id as well.
    Keep { id: StateId, deletion: Option<Deletion> },
    /// Sets all of a kept state but its bytes.
    SetKept { id: StateId, blob: Arc<Blob> },
    /// Says whether a kept state is deleted.
    Mark { id: StateId, deletion: Option<Deletion> },
    /// Keeps a state under another id.
    Rename { from: StateId, to: StateId },
    /// Makes a kept state the current blob.
    Restore { id: StateId },
    /// Drops a kept state.
    Forget { id: StateId },
    /// Puts a block beside those that wait; in their place when they have run out.
    Stage {
        id: BlockId,
        content: ContentHandle,
        encryption: Encryption,
        now: Timestamp,
        alone: bool,
    },
    /// Drops the blocks that wait.
    DropStaged,
    /// Sets or takes away the lease.
    Lease(Option<Lease>),
    /// Adds stretches to the page blob that was put just before: it has more than one record holds.
    Extend(Pages),
}

impl Edit {
    /// The tag that the change gives out.
    pub(super) fn tag(&self) -> Option<Tag> {
        match self {
            Self::Put(blob) | Self::Set(blob) | Self::SetKept { blob, .. } => Some(blob.tag),
            Self::Append { tag, .. } | Self::Write { tag, .. } | Self::Resize { tag, .. } => Some(*tag),
            _ => None,
        }
    }

    /// Whether the change makes something where nothing stood.
    pub(super) fn makes(&self) -> bool {
        matches!(self, Self::Put(_) | Self::Stage { .. })
    }
}

impl Slot {
    /// Makes a change. One that does not fit what is there can only come from a damaged journal, and changes nothing.
    pub(super) fn make(&mut self, edit: Edit) -> Garbage {
        let garbage = match edit {
            Edit::Put(blob) => Garbage::Slot(Self {
                committed: self.committed.replace(blob),
                staged: self.staged.take(),
                ..Self::default()
            }),
            Edit::Set(blob) => match &mut self.committed {
                Some(old) => set(old, &blob),
                None => Garbage::Nothing,
            },
            Edit::Remove => {
                self.lease = None;
                Garbage::Slot(Self {
                    committed: self.committed.take(),
                    staged: self.staged.take(),
                    ..Self::default()
                })
            }
            Edit::Append {
                content,
                tag,
                modified,
            } => self.change(tag, modified, |blob| {
                if let Content::Append { pieces, .. } = &mut blob.content {
                    pieces.push(Piece { id: None, content });
                    blob.len = pieces.bytes();
                }
            }),
            Edit::Write {
                start,
                len,
                content,
                tag,
                modified,
            } => self.change(tag, modified, |blob| {
                if let Content::Page { pages, .. } = &mut blob.content {
                    match content {
                        Some(content) => pages.write(start, Extent::whole(content)),
                        None => pages.clear(start..start.saturating_add(len), tag),
                    }
                }
            }),
            Edit::Resize { len, tag, modified } => self.change(tag, modified, |blob| {
                if let Content::Page { pages, .. } = &mut blob.content {
                    pages.truncate(len);
                    blob.len = len;
                }
            }),
            Edit::Keep { id, deletion } => match self.committed.clone() {
                Some(blob) => keep(self.kept_mut().insert(id, Kept { blob, deletion })),
                None => Garbage::Nothing,
            },
            Edit::SetKept { id, blob } => match self.kept_mut().get_mut(&id) {
                Some(kept) => set(&mut kept.blob, &blob),
                None => Garbage::Nothing,
            },
            Edit::Mark { id, deletion } => {
                if let Some(kept) = self.kept_mut().get_mut(&id) {
                    kept.deletion = deletion;
                }
                Garbage::Nothing
            }
            Edit::Rename { from, to } => match self.kept_mut().remove(&from) {
                Some(kept) => keep(self.kept_mut().insert(to, kept)),
                None => Garbage::Nothing,
            },
            Edit::Restore { id } => match self.kept_mut().remove(&id) {
                Some(kept) => self
                    .committed
                    .replace(kept.blob)
                    .map_or(Garbage::Nothing, Garbage::Blob),
                None => Garbage::Nothing,
            },
            Edit::Forget { id } => keep(self.kept_mut().remove(&id)),
            Edit::Stage {
                id,
                content,
                encryption,
                now,
                alone,
            } => {
                let gone = alone.then(|| self.staged.take()).flatten();
                let staged = self.staged.get_or_insert_with(|| Box::new(Staged::new(now)));
                staged.last_put = now;
                match encryption {
                    Encryption::Account => staged.encryption.remove(&id),
                    other => staged.encryption.insert(id.clone(), other),
                };
                let replaced = staged.blocks.insert(id, content);
                match (gone, replaced) {
                    (None, None) => Garbage::Nothing,
                    (None, Some(content)) => Garbage::Content(content),
                    (staged, _) => Garbage::Slot(Self {
                        staged,
                        ..Self::default()
                    }),
                }
            }
            Edit::DropStaged => Garbage::Slot(Self {
                staged: self.staged.take(),
                ..Self::default()
            }),
            Edit::Lease(lease) => {
                self.lease = lease.map(Box::new);
                Garbage::Nothing
            }
            Edit::Extend(more) => {
                let blob = self.committed.as_mut().map(Arc::make_mut);
                if let Some(Content::Page { pages, .. }) = blob.map(|blob| &mut blob.content) {
                    pages.extend(more);
                }
                Garbage::Nothing
            }
        };
        self.tidy();
        garbage
    }

    fn change(&mut self, tag: Tag, modified: Timestamp, change: impl FnOnce(&mut Blob)) -> Garbage {
        let Some(committed) = &mut self.committed else {
            return Garbage::Nothing;
        };
        // Nothing is copied but what a reader or a snapshot has a share in.
        let blob = Arc::make_mut(committed);
        blob.tag = tag;
        blob.modified = modified;
        change(blob);
        Garbage::Nothing
    }

    /// The changes that make this from nothing, one by one.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        // What is kept was current once: it is put, kept under its id, and replaced.
        for (id, kept) in self.kept.iter().flat_map(|kept| kept.iter()) {
            edits.push(Edit::Put(kept.blob.clone()));
            edits.push(Edit::Keep {
                id: *id,
                deletion: kept.deletion,
            });
        }
        match (&self.committed, edits.is_empty()) {
            (Some(blob), _) => edits.push(Edit::Put(blob.clone())),
            (None, true) => {}
            (None, false) => edits.push(Edit::Remove),
        }
        if let Some(lease) = &self.lease {
            edits.push(Edit::Lease(Some((**lease).clone())));
        }
        edits.extend(self.stage_edits());
        edits
    }

    /// The changes that put the blocks which wait.
    pub(super) fn stage_edits(&self) -> impl Iterator<Item = Edit> {
        self.staged.iter().flat_map(|staged| {
            staged.blocks.iter().map(|(id, content)| Edit::Stage {
                id: id.clone(),
                content: content.clone(),
                encryption: staged.encryption(id),
                now: staged.last_put,
                alone: false,
            })
        })
    }
}

/// Sets all of a blob but its bytes. A page blob's sequence number and whether an append blob is sealed are not bytes.
fn set(old: &mut Arc<Blob>, new: &Blob) -> Garbage {
    let content = match (&old.content, &new.content) {
        (Content::Append { pieces, .. }, Content::Append { sealed, .. }) => Content::Append {
            pieces: pieces.clone(),
            sealed: *sealed,
        },
        (Content::Page { pages, .. }, Content::Page { sequence, .. }) => Content::Page {
            pages: pages.clone(),
            sequence: *sequence,
        },
        (content, _) => content.clone(),
    };
    let set = Blob {
        content,
        len: old.len,
        ..new.clone()
    };
    Garbage::Blob(std::mem::replace(old, Arc::new(set)))
}

fn keep(replaced: Option<Kept>) -> Garbage {
    replaced.map_or(Garbage::Nothing, |kept| Garbage::Blob(kept.blob))
}
