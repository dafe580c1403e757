//! From bytes to a record.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};

use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{
    AccessTier, BlobTags, BoxError, CopyStatus, Metadata, PublicAccess, RehydratePriority,
};
use prost::Message;
use uuid::Uuid;

use super::wire::{self, Change, EditKind};
use crate::content::{Content as Stored, ContentHandle, ContentId, DiskStore};
use crate::state::{
    AccessControl, Blob, BlobPath, ContainerPath, ContainerProperties, Content, ContentHeaders, CopyReport,
    Deletion, Edit, Encryption, Extent, Fill, Immutability, Lease, Pages, Phase, Piece, Pieces, Record,
    Rehydration, StateId, StoredPolicy, Tag, Term, Tier, Timestamp,
};

const UNKNOWN: &str = "it is of a kind that this version does not know";
const NOWHERE: &str = "it does not say which blob it is about";

/// Reads records. It remembers the contents that they name, so that each has one handle however often it is named.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    store: &'a DiskStore,
    contents: HashMap<ContentId, Weak<dyn Stored>>,
    // Names that come with every record are kept once.
    names: HashMap<String, Arc<str>>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(store: &'a DiskStore) -> Self {
        Self {
            store,
            contents: HashMap::new(),
            names: HashMap::new(),
        }
    }

    pub(super) fn decode(&mut self, bytes: &[u8]) -> Result<Record, BoxError> {
        let change = wire::Entry::decode(bytes)?.change.ok_or(UNKNOWN)?;
        Ok(match change {
            Change::PutContainer(put) => self.put_container(put)?,
            Change::DeleteContainer(at) => Record::DeleteContainer {
                at: self.container_path(at),
            },
            Change::RetireContainer(retire) => Record::RetireContainer {
                at: self.container_path(retire.at),
                version: retire.version.into(),
                deletion: deletion(&retire.deletion),
            },
            Change::RestoreContainer(kept) => Record::RestoreContainer {
                at: self.container_path(kept.at),
                version: kept.version.into(),
                to: self.name(kept.to),
            },
            Change::ForgetContainer(kept) => Record::ForgetContainer {
                at: self.container_path(kept.at),
                version: kept.version.into(),
            },
            Change::RenameContainer(kept) => Record::RenameContainer {
                at: self.container_path(kept.at),
                to: self.name(kept.to),
            },
            Change::PutService(put) => Record::PutService {
                account: self.name(put.account),
                document: put.document.into(),
            },
            Change::Edits(edits) => {
                let (at, edits) = self.edits(edits)?;
                Record::Edit { at, edits }
            }
            Change::ManyEdits(many) => {
                let all = many.edits.into_iter().map(|edits| self.edits(edits));
                Record::Edits(all.collect::<Result<_, _>>()?)
            }
            Change::LastTag(tag) => Record::LastTag {
                tag: Tag::from_number(tag),
            },
            // What was written before edits.
            Change::PutBlob(mut put) => {
                let at = self.blob_path(put.at.take().ok_or(NOWHERE)?);
                Record::edit(at, Edit::Put(self.blob(put)?))
            }
            Change::SetBlob(mut put) => {
                let at = self.blob_path(put.at.take().ok_or(NOWHERE)?);
                Record::edit(at, Edit::Set(self.blob(put)?))
            }
            Change::DeleteBlob(at) => Record::edit(self.blob_path(at), Edit::Remove),
            Change::StageBlock(stage) => {
                let at = self.blob_path(stage.at);
                let edit = self.stage(stage.piece, stage.now, stage.alone, Encryption::Account)?;
                Record::edit(at, edit)
            }
            Change::DropStaged(at) => Record::edit(self.blob_path(at), Edit::DropStaged),
        })
    }

    /// The contents that are still needed by someone.
    pub(super) fn live(&self) -> impl Iterator<Item = ContentId> {
        self.contents
            .iter()
            .filter(|(_, content)| content.strong_count() > 0)
            .map(|(id, _)| *id)
    }

    fn name(&mut self, name: String) -> Arc<str> {
        if let Some(kept) = self.names.get(&name) {
            return kept.clone();
        }
        let kept: Arc<str> = name.as_str().into();
        self.names.insert(name, kept.clone());
        kept
    }

    fn container_path(&mut self, at: wire::Path) -> ContainerPath {
        ContainerPath {
            account: self.name(at.account),
            container: self.name(at.container),
        }
    }

    fn blob_path(&mut self, mut at: wire::Path) -> BlobPath {
        let blob = std::mem::take(&mut at.blob).into();
        BlobPath {
            container: self.container_path(at),
            blob,
        }
    }

    fn put_container(&mut self, put: wire::PutContainer) -> Result<Record, BoxError> {
        let properties = ContainerProperties {
            tag: Tag::from_number(put.tag),
            modified: Timestamp::from_ticks(put.modified),
            metadata: metadata(put.metadata)?,
            access: AccessControl {
                public_access: put
                    .public_access
                    .map(|access| PublicAccess::from(access.as_str())),
                policies: put.policies.into_iter().map(policy).collect(),
            },
            lease: put.lease.map(|held| lease(&held)).transpose()?.flatten(),
            default_scope: text(put.default_scope),
            scope_is_fixed: put.scope_is_fixed,
        };
        Ok(Record::PutContainer {
            at: self.container_path(put.at),
            properties: Arc::new(properties),
        })
    }

    fn edits(&mut self, edits: wire::Edits) -> Result<(BlobPath, Vec<Edit>), BoxError> {
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
        })
    }

    fn stage(
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

    fn blob(&mut self, put: wire::Blob) -> Result<Arc<Blob>, BoxError> {
        let changed = Timestamp::from_ticks(put.tier_changed);
        let (content, len) = self.bytes(&put)?;
        Ok(Arc::new(Blob {
            tag: Tag::from_number(put.tag),
            created: Timestamp::from_ticks(put.created),
            modified: Timestamp::from_ticks(put.modified),
            len,
            content,
            headers: ContentHeaders {
                content_type: text(put.content_type),
                encoding: text(put.encoding),
                language: text(put.language),
                cache_control: text(put.cache_control),
                disposition: text(put.disposition),
                md5: text(put.md5),
            },
            metadata: metadata(put.metadata)?,
            tags: tags(put.tags)?,
            tier: put.tier.map(|tier| Tier {
                tier: AccessTier::from(tier.as_str()),
                changed,
            }),
            rehydration: put.rehydration.map(|way| {
                Box::new(Rehydration {
                    to: AccessTier::from(way.to.as_str()),
                    priority: RehydratePriority::from(way.priority.as_str()),
                    done: Timestamp::from_ticks(way.done),
                })
            }),
            version: put.version.map(Timestamp::from_ticks),
            encryption: encrypted(put.scope, put.customer_key),
            immutability: put.immutable_until.map(|until| Immutability {
                until: Timestamp::from_ticks(until),
                locked: put.immutability_locked,
            }),
            legal_hold: put.legal_hold,
            copy: put.copy.map(|copy| Arc::new(report(copy))),
            expires: put.expires.map(Timestamp::from_ticks),
        }))
    }

    /// The bytes of a blob, and how many they are. A record that leaves them as they are has none.
    fn bytes(&mut self, put: &wire::Blob) -> Result<(Content, u64), BoxError> {
        let pieces = |decoder: &mut Self| -> Result<Pieces, BoxError> {
            put.pieces
                .iter()
                .map(|piece| decoder.piece(piece.clone()))
                .collect()
        };
        Ok(match put.kind {
            0 => {
                let pieces = pieces(self)?;
                let len = pieces.bytes();
                (Content::Block(pieces), len)
            }
            1 => {
                let pieces = pieces(self)?;
                let len = pieces.bytes();
                let sealed = put.sealed;
                (Content::Append { pieces, sealed }, len)
            }
            2 => {
                let extents = put.extents.iter().map(|extent| {
                    let fill = match &extent.content {
                        Some(content) => Fill::Content(self.piece(content.clone())?.content),
                        None => Fill::Cleared(Tag::from_number(extent.cleared)),
                    };
                    let written = Extent {
                        fill,
                        offset: extent.offset,
                        len: extent.len,
                    };
                    Ok((extent.start, written))
                });
                let pages: Pages = extents.collect::<Result<_, BoxError>>()?;
                let sequence = put.sequence;
                (Content::Page { pages, sequence }, put.len)
            }
            _ => return Err(UNKNOWN.into()),
        })
    }

    fn piece(&mut self, piece: wire::Piece) -> Result<Piece, BoxError> {
        let id = piece.id.map(|id| BlockId::new(&id)).transpose()?;
        Ok(Piece {
            id,
            content: self.content(ContentId(piece.content), piece.len),
        })
    }

    fn content(&mut self, id: ContentId, len: u64) -> ContentHandle {
        if let Some(content) = self.contents.get(&id).and_then(Weak::upgrade) {
            return content;
        }
        let content = self.store.existing(id, len);
        self.contents.insert(id, Arc::downgrade(&content));
        content
    }
}

fn policy(policy: wire::StoredPolicy) -> StoredPolicy {
    StoredPolicy {
        id: policy.id.into(),
        start: policy.start.map(Timestamp::from_ticks),
        expiry: policy.expiry.map(Timestamp::from_ticks),
        permission: text(policy.permission),
    }
}

fn metadata(pairs: BTreeMap<String, String>) -> Result<Metadata, BoxError> {
    let mut metadata = Metadata::new();
    for (name, value) in pairs {
        metadata.insert(&name, value)?;
    }
    Ok(metadata)
}

fn tags(pairs: BTreeMap<String, String>) -> Result<BlobTags, BoxError> {
    let mut tags = BlobTags::new();
    for (key, value) in pairs {
        tags.insert(key, value)?;
    }
    Ok(tags)
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

fn deletion(deletion: &wire::Deletion) -> Deletion {
    Deletion {
        at: Timestamp::from_ticks(deletion.at),
        until: Timestamp::from_ticks(deletion.until),
    }
}

fn lease(lease: &wire::Lease) -> Result<Option<Lease>, BoxError> {
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

fn report(copy: wire::Copy) -> CopyReport {
    CopyReport {
        id: copy.id.into(),
        source: copy.source.into(),
        status: CopyStatus::from(copy.status.as_str()),
        description: text(copy.description),
        bytes_done: copy.bytes_done,
        bytes_total: copy.bytes_total,
        completed: copy.completed.map(Timestamp::from_ticks),
        due: copy.due.map(Timestamp::from_ticks),
        incremental: copy.incremental,
        destination_snapshot: copy.destination_snapshot.map(Timestamp::from_ticks),
    }
}

/// What something is encrypted with.
fn encrypted(scope: Option<String>, customer_key: Option<String>) -> Encryption {
    match (scope, customer_key) {
        (_, Some(sha256)) => Encryption::CustomerKey(sha256.into()),
        (Some(name), None) => Encryption::Scope(name.into()),
        (None, None) => Encryption::Account,
    }
}

fn text(value: Option<String>) -> Option<Box<str>> {
    value.map(String::into_boxed_str)
}
