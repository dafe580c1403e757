//! From a record to its bytes.

use std::collections::BTreeMap;

use lazuli_protocol::Metadata;
use prost::Message;

use super::wire::{self, Change, EditKind};
use crate::content::ContentHandle;
use crate::state::{
    Blob, BlobPath, ContainerPath, ContainerProperties, Content, CopyReport, Deletion, Edit, Encryption,
    Extent, Fill, Lease, Pages, Phase, Record, StateId, StoredPolicy, Term, Timestamp,
};

/// Adds the bytes of a record to `out`, or of a part of one that another part goes on with.
pub(super) fn encode(record: &Record, more: bool, out: &mut Vec<u8>) {
    let change = match record {
        Record::PutContainer { at, properties } => Change::PutContainer(put_container(at, properties)),
        Record::DeleteContainer { at } => Change::DeleteContainer(container_path(at)),
        Record::RetireContainer {
            at,
            version,
            deletion: gone,
        } => Change::RetireContainer(wire::RetireContainer {
            at: container_path(at),
            version: version.to_string(),
            deletion: deletion(*gone),
        }),
        Record::RestoreContainer { at, version, to } => {
            Change::RestoreContainer(kept_container(at, version, to))
        }
        Record::ForgetContainer { at, version } => Change::ForgetContainer(kept_container(at, version, "")),
        Record::RenameContainer { at, to } => Change::RenameContainer(kept_container(at, "", to)),
        Record::PutService { account, document } => Change::PutService(wire::PutService {
            account: account.to_string(),
            document: document.to_string(),
        }),
        Record::Edit { at, edits } => Change::Edits(all_edits(at, edits)),
        Record::Edits(all) => Change::ManyEdits(wire::ManyEdits {
            edits: all.iter().map(|(at, edits)| all_edits(at, edits)).collect(),
        }),
        Record::LastTag { tag } => Change::LastTag(tag.number()),
    };
    wire::Entry {
        change: Some(change),
        more,
    }
    .encode_raw(out);
}

// === Where ===

fn container_path(at: &ContainerPath) -> wire::Path {
    wire::Path {
        account: at.account.to_string(),
        container: at.container.to_string(),
        blob: String::new(),
    }
}

fn blob_path(at: &BlobPath) -> wire::Path {
    wire::Path {
        blob: at.blob.to_string(),
        ..container_path(&at.container)
    }
}

// === Containers ===

fn put_container(at: &ContainerPath, properties: &ContainerProperties) -> wire::PutContainer {
    wire::PutContainer {
        at: container_path(at),
        tag: properties.tag.number(),
        modified: properties.modified.ticks(),
        metadata: pairs(&properties.metadata),
        public_access: properties.access.public_access.as_ref().map(ToString::to_string),
        policies: properties.access.policies.iter().map(policy).collect(),
        lease: properties.lease.as_ref().map(|held| lease(Some(held))),
        default_scope: text(properties.default_scope.as_deref()),
        scope_is_fixed: properties.scope_is_fixed,
    }
}

fn kept_container(at: &ContainerPath, version: &str, to: &str) -> wire::RestoreContainer {
    wire::RestoreContainer {
        at: container_path(at),
        version: version.to_owned(),
        to: to.to_owned(),
    }
}

fn policy(policy: &StoredPolicy) -> wire::StoredPolicy {
    wire::StoredPolicy {
        id: policy.id.to_string(),
        start: policy.start.map(Timestamp::ticks),
        expiry: policy.expiry.map(Timestamp::ticks),
        permission: text(policy.permission.as_deref()),
    }
}

// === Edits ===

fn all_edits(at: &BlobPath, edits: &[Edit]) -> wire::Edits {
    wire::Edits {
        at: blob_path(at),
        edits: edits
            .iter()
            .map(|change| wire::Edit {
                kind: Some(edit(change)),
            })
            .collect(),
    }
}

fn edit(edit: &Edit) -> EditKind {
    match edit {
        Edit::Put(new) => EditKind::Put(blob(new, true)),
        Edit::Set(new) => EditKind::Set(blob(new, false)),
        Edit::Remove => EditKind::Remove(wire::Nothing {}),
        Edit::Append {
            content,
            tag,
            modified,
        } => EditKind::Append(wire::Write {
            start: 0,
            len: content.len(),
            content: Some(piece(content, None)),
            tag: tag.number(),
            modified: modified.ticks(),
        }),
        Edit::Write {
            start,
            len,
            content,
            tag,
            modified,
        } => EditKind::Write(wire::Write {
            start: *start,
            len: *len,
            content: content.as_ref().map(|content| piece(content, None)),
            tag: tag.number(),
            modified: modified.ticks(),
        }),
        Edit::Resize { len, tag, modified } => EditKind::Resize(wire::Write {
            start: 0,
            len: *len,
            content: None,
            tag: tag.number(),
            modified: modified.ticks(),
        }),
        Edit::Keep { id, deletion } => EditKind::Keep(state(*id, *deletion)),
        Edit::SetKept { id, blob: new } => EditKind::SetKept(wire::SetKept {
            state: state(*id, None),
            blob: blob(new, false),
        }),
        Edit::Mark { id, deletion } => EditKind::Mark(state(*id, *deletion)),
        Edit::Rename { from, to } => EditKind::Rename(wire::Rename {
            from: state(*from, None),
            to: state(*to, None),
        }),
        Edit::Restore { id } => EditKind::Restore(state(*id, None)),
        Edit::Forget { id } => EditKind::Forget(state(*id, None)),
        Edit::Stage {
            id,
            content,
            encryption,
            now,
            alone,
        } => {
            let (scope, customer_key) = encrypted(encryption);
            EditKind::Stage(wire::Stage {
                piece: piece(content, Some(id.as_bytes())),
                now: now.ticks(),
                alone: *alone,
                scope,
                customer_key,
            })
        }
        Edit::DropStaged => EditKind::DropStaged(wire::Nothing {}),
        Edit::Lease(held) => EditKind::Lease(lease(held.as_ref())),
        Edit::Extend(pages) => EditKind::Extend(wire::Extend {
            extents: all_extents(pages),
        }),
    }
}

fn state(id: StateId, gone: Option<Deletion>) -> wire::State {
    let (kind, at) = match id {
        StateId::Deleted => (0, 0),
        StateId::Snapshot(at) => (1, at.ticks()),
        StateId::Version(at) => (2, at.ticks()),
    };
    wire::State {
        kind,
        at,
        deletion: gone.map(deletion),
    }
}

fn deletion(deletion: Deletion) -> wire::Deletion {
    wire::Deletion {
        at: deletion.at.ticks(),
        until: deletion.until.ticks(),
    }
}

fn lease(lease: Option<&Lease>) -> wire::Lease {
    let Some(lease) = lease else {
        return wire::Lease::default();
    };
    let (phase, until) = match lease.phase {
        Phase::Held { until } => (0, until),
        Phase::Breaking { until } => (1, Some(until)),
        Phase::Broken => (2, None),
    };
    wire::Lease {
        id: Some(lease.id.as_bytes().to_vec()),
        seconds: match lease.term {
            Term::Infinite => None,
            Term::Seconds(seconds) => Some(seconds),
        },
        phase,
        until: until.map(Timestamp::ticks),
    }
}

// === Blobs ===

/// A scope, or what a customer's key sums up to.
fn encrypted(with: &Encryption) -> (Option<String>, Option<String>) {
    match with {
        Encryption::Account => (None, None),
        Encryption::Scope(name) => (Some(name.to_string()), None),
        Encryption::CustomerKey(sha256) => (None, Some(sha256.to_string())),
    }
}

/// A blob; without its bytes for those records that leave them as they are.
fn blob(blob: &Blob, with_bytes: bool) -> wire::Blob {
    let (kind, sealed, sequence) = match &blob.content {
        Content::Block(_) => (0, false, 0),
        Content::Append { sealed, .. } => (1, *sealed, 0),
        Content::Page { sequence, .. } => (2, false, *sequence),
    };
    let (scope, customer_key) = encrypted(&blob.encryption);
    wire::Blob {
        at: None,
        tag: blob.tag.number(),
        created: blob.created.ticks(),
        modified: blob.modified.ticks(),
        metadata: pairs(&blob.metadata),
        content_type: text(blob.headers.content_type.as_deref()),
        encoding: text(blob.headers.encoding.as_deref()),
        language: text(blob.headers.language.as_deref()),
        cache_control: text(blob.headers.cache_control.as_deref()),
        disposition: text(blob.headers.disposition.as_deref()),
        md5: text(blob.headers.md5.as_deref()),
        tier: blob.tier.as_ref().map(|tier| tier.tier.to_string()),
        tier_changed: blob.tier.as_ref().map_or(0, |tier| tier.changed.ticks()),
        pieces: if with_bytes {
            pieces(&blob.content)
        } else {
            Vec::new()
        },
        kind,
        sealed,
        sequence,
        extents: if with_bytes {
            extents(&blob.content)
        } else {
            Vec::new()
        },
        len: blob.len,
        tags: blob
            .tags
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        version: blob.version.map(Timestamp::ticks),
        scope,
        customer_key,
        immutable_until: blob.immutability.map(|policy| policy.until.ticks()),
        immutability_locked: blob.immutability.is_some_and(|policy| policy.locked),
        legal_hold: blob.legal_hold,
        expires: blob.expires.map(Timestamp::ticks),
        rehydration: blob.rehydration.as_ref().map(|way| wire::Rehydration {
            to: way.to.to_string(),
            priority: way.priority.to_string(),
            done: way.done.ticks(),
        }),
        copy: blob.copy.as_deref().map(copy),
        read: blob.read.map(Timestamp::ticks),
    }
}

fn pieces(content: &Content) -> Vec<wire::Piece> {
    match content {
        Content::Block(pieces) | Content::Append { pieces, .. } => pieces
            .iter()
            .map(|p| piece(&p.content, p.id.as_ref().map(|id| id.as_bytes())))
            .collect(),
        Content::Page { .. } => Vec::new(),
    }
}

fn extents(content: &Content) -> Vec<wire::Extent> {
    match content {
        Content::Page { pages, .. } => all_extents(pages),
        _ => Vec::new(),
    }
}

fn all_extents(pages: &Pages) -> Vec<wire::Extent> {
    pages
        .iter()
        .map(|(start, extent)| written(start, extent))
        .collect()
}

fn written(start: u64, extent: &Extent) -> wire::Extent {
    wire::Extent {
        start,
        content: extent.content().map(|content| piece(content, None)),
        cleared: match extent.fill {
            Fill::Content(_) => 0,
            Fill::Cleared(tag) => tag.number(),
        },
        offset: extent.offset,
        len: extent.len,
    }
}

fn piece(content: &ContentHandle, id: Option<&[u8]>) -> wire::Piece {
    wire::Piece {
        content: content.id().0,
        len: content.len(),
        id: id.map(<[u8]>::to_vec),
    }
}

fn copy(report: &CopyReport) -> wire::Copy {
    wire::Copy {
        id: report.id.to_string(),
        source: report.source.to_string(),
        status: report.status.to_string(),
        description: text(report.description.as_deref()),
        bytes_done: report.bytes_done,
        bytes_total: report.bytes_total,
        completed: report.completed.map(Timestamp::ticks),
        due: report.due.map(Timestamp::ticks),
        incremental: report.incremental,
        destination_snapshot: report.destination_snapshot.map(Timestamp::ticks),
        from: report.from.as_ref().map(|(from, _)| blob_path(from)),
        from_tag: report.from.as_ref().map_or(0, |(_, tag)| tag.number()),
    }
}

fn pairs(metadata: &Metadata) -> BTreeMap<String, String> {
    metadata
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn text(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}
