//! What a record changes of a blob.

use lazuli_protocol::BoxError;
use uuid::Uuid;

use super::super::wire::{self, EditKind};
use super::blob::encrypted;
use super::{Decoder, UNKNOWN};
use crate::state::{BlobPath, Deletion, Edit, Encryption, Lease, Phase, StateId, Tag, Term, Timestamp};

impl Decoder<'_> {
    pub(super) fn edits(&mut self, edits: wire::Edits) -> Result<(BlobPath, Vec<Edit>), BoxError> {
        let at = self.blob_path(edits.at);
        let edits = edits
            .edits
            .into_iter()
            .map(|edit| self.edit(edit.kind.ok_or(UNKNOWN)?));
        Ok((at, edits.collect::<Result<_, _>>()?))
    }

    fn edit(&mut self, kind: EditKind) -> Result<Edit, BoxError> {
        Ok(match kind {
            EditKind::Put(put) => Edit::Put(self.blob(put)?),
            EditKind::Set(put) => Edit::Set(self.blob(put)?),
            EditKind::Remove(_) => Edit::Remove,
            EditKind::Append(write) => Edit::Append {
                content: self.piece(write.content.ok_or("it adds nothing")?)?.content,
                tag: Tag::from_number(write.tag),
                modified: Timestamp::from_ticks(write.modified),
            },
            EditKind::Write(write) => Edit::Write {
                start: write.start,
                len: write.len,
                content: match write.content {
                    Some(piece) => Some(self.piece(piece)?.content),
                    None => None,
                },
                tag: Tag::from_number(write.tag),
                modified: Timestamp::from_ticks(write.modified),
            },
            EditKind::Resize(write) => Edit::Resize {
                len: write.len,
                tag: Tag::from_number(write.tag),
                modified: Timestamp::from_ticks(write.modified),
            },
            EditKind::Keep(kept) => Edit::Keep {
                id: state(&kept)?,
                deletion: kept.deletion.as_ref().map(deletion),
            },
            EditKind::SetKept(set) => Edit::SetKept {
                id: state(&set.state)?,
                blob: self.blob(set.blob)?,
            },
            EditKind::Mark(kept) => Edit::Mark {
                id: state(&kept)?,
                deletion: kept.deletion.as_ref().map(deletion),
            },
            EditKind::Rename(rename) => Edit::Rename {
                from: state(&rename.from)?,
                to: state(&rename.to)?,
            },
            EditKind::Restore(kept) => Edit::Restore { id: state(&kept)? },
            EditKind::Forget(kept) => Edit::Forget { id: state(&kept)? },
            EditKind::Stage(stage) => {
                let encryption = encrypted(stage.scope, stage.customer_key);
                self.stage(stage.piece, stage.now, stage.alone, encryption)?
            }
            EditKind::DropStaged(_) => Edit::DropStaged,
            EditKind::Lease(held) => Edit::Lease(lease(&held)?),
            EditKind::Extend(more) => Edit::Extend(self.pages(&more.extents)?),
        })
    }

    pub(super) fn stage(
        &mut self,
        piece: wire::Piece,
        now: i64,
        alone: bool,
        encryption: Encryption,
    ) -> Result<Edit, BoxError> {
        let piece = self.piece(piece)?;
        Ok(Edit::Stage {
            id: piece.id.ok_or("its block has no id")?,
            content: piece.content,
            encryption,
            now: Timestamp::from_ticks(now),
            alone,
        })
    }
}

fn state(state: &wire::State) -> Result<StateId, BoxError> {
    let at = Timestamp::from_ticks(state.at);
    match state.kind {
        0 => Ok(StateId::Deleted),
        1 => Ok(StateId::Snapshot(at)),
        2 => Ok(StateId::Version(at)),
        _ => Err(UNKNOWN.into()),
    }
}

pub(super) fn deletion(deletion: &wire::Deletion) -> Deletion {
    Deletion {
        at: Timestamp::from_ticks(deletion.at),
        until: Timestamp::from_ticks(deletion.until),
    }
}

pub(super) fn lease(lease: &wire::Lease) -> Result<Option<Lease>, BoxError> {
    let Some(id) = &lease.id else {
        return Ok(None);
    };
    let until = lease.until.map(Timestamp::from_ticks);
    let phase = match (lease.phase, until) {
        (0, until) => Phase::Held { until },
        (1, Some(until)) => Phase::Breaking { until },
        (2, _) => Phase::Broken,
        _ => return Err(UNKNOWN.into()),
    };
    Ok(Some(Lease {
        id: Uuid::from_slice(id)?,
        term: lease.seconds.map_or(Term::Infinite, Term::Seconds),
        phase,
    }))
}
