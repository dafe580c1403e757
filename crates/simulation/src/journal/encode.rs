//! From a record to its bytes.

use lazuli_protocol::Metadata;
use prost::Message;

use super::wire;
use crate::content::ContentHandle;
use crate::state::{Blob, BlobPath, ContainerPath, Piece, Record, StoredPolicy, Timestamp};

/// Adds the bytes of a record to `out`.
pub(super) fn encode(record: &Record, out: &mut Vec<u8>) {
    let change = match record {
        Record::PutContainer { at, properties } => wire::Change::PutContainer(wire::PutContainer {
            at: container_path(at),
            tag: properties.tag.number(),
            modified: properties.modified.ticks(),
            metadata: pairs(&properties.metadata),
            public_access: properties.access.public_access.as_ref().map(ToString::to_string),
            policies: properties.access.policies.iter().map(policy).collect(),
        }),
        Record::DeleteContainer { at } => wire::Change::DeleteContainer(container_path(at)),
        Record::PutBlob { at, blob } => wire::Change::PutBlob(put_blob(at, blob, true)),
        Record::SetBlob { at, blob } => wire::Change::SetBlob(put_blob(at, blob, false)),
        Record::DeleteBlob { at } => wire::Change::DeleteBlob(blob_path(at)),
        Record::StageBlock {
            at,
            id,
            content,
            now,
            alone,
        } => wire::Change::StageBlock(wire::StageBlock {
            at: blob_path(at),
            piece: piece(content, Some(id.as_bytes())),
            now: now.ticks(),
            alone: *alone,
        }),
        Record::DropStaged { at } => wire::Change::DropStaged(blob_path(at)),
        Record::LastTag { tag } => wire::Change::LastTag(tag.number()),
    };
    wire::Entry { change: Some(change) }.encode_raw(out);
}

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

fn policy(policy: &StoredPolicy) -> wire::StoredPolicy {
    wire::StoredPolicy {
        id: policy.id.to_string(),
        start: policy.start.map(Timestamp::ticks),
        expiry: policy.expiry.map(Timestamp::ticks),
        permission: policy.permission.as_ref().map(ToString::to_string),
    }
}

fn pairs(metadata: &Metadata) -> std::collections::BTreeMap<String, String> {
    metadata
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn piece(content: &ContentHandle, id: Option<&[u8]>) -> wire::Piece {
    wire::Piece {
        content: content.id().0,
        len: content.len(),
        id: id.map(<[u8]>::to_vec),
    }
}

fn put_blob(at: &BlobPath, blob: &Blob, with_pieces: bool) -> wire::PutBlob {
    let text = |value: &Option<Box<str>>| value.as_ref().map(ToString::to_string);
    let pieces: &[Piece] = if with_pieces { &blob.pieces } else { &[] };
    wire::PutBlob {
        at: blob_path(at),
        tag: blob.tag.number(),
        created: blob.created.ticks(),
        modified: blob.modified.ticks(),
        metadata: pairs(&blob.metadata),
        content_type: text(&blob.headers.content_type),
        encoding: text(&blob.headers.encoding),
        language: text(&blob.headers.language),
        cache_control: text(&blob.headers.cache_control),
        disposition: text(&blob.headers.disposition),
        md5: text(&blob.headers.md5),
        tier: blob.tier.as_ref().map(|tier| tier.tier.to_string()),
        tier_changed: blob.tier.as_ref().map_or(0, |tier| tier.changed.ticks()),
        pieces: pieces
            .iter()
            .map(|p| piece(&p.content, p.id.as_ref().map(|id| id.as_bytes())))
            .collect(),
    }
}
