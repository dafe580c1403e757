//! A blob as a record has it, and its contents.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{AccessTier, BlobTags, BoxError, CopyStatus, Metadata, RehydratePriority};

use super::super::wire;
use super::{Decoder, UNKNOWN};
use crate::content::{ContentHandle, ContentId};
use crate::state::{
    Blob, Content, ContentHeaders, CopyReport, Encryption, Extent, Fill, Immutability, Pages, Piece, Pieces,
    Rehydration, Tag, Tier, Timestamp,
};

impl Decoder<'_> {
    pub(super) fn blob(&mut self, put: wire::Blob) -> Result<Arc<Blob>, BoxError> {
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
            copy: put.copy.map(|copy| Arc::new(self.report(copy))),
            expires: put.expires.map(Timestamp::from_ticks),
            read: put.read.map(Timestamp::from_ticks),
        }))
    }

    fn report(&mut self, copy: wire::Copy) -> CopyReport {
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
            from: copy
                .from
                .map(|from| (self.blob_path(from), Tag::from_number(copy.from_tag))),
        }
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
                let pages = self.pages(&put.extents)?;
                let sequence = put.sequence;
                (Content::Page { pages, sequence }, put.len)
            }
            _ => return Err(UNKNOWN.into()),
        })
    }

    pub(super) fn pages(&mut self, extents: &[wire::Extent]) -> Result<Pages, BoxError> {
        let read = extents.iter().map(|extent| {
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
        read.collect()
    }

    pub(super) fn piece(&mut self, piece: wire::Piece) -> Result<Piece, BoxError> {
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

pub(super) fn metadata(pairs: BTreeMap<String, String>) -> Result<Metadata, BoxError> {
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

/// What something is encrypted with.
pub(super) fn encrypted(scope: Option<String>, customer_key: Option<String>) -> Encryption {
    match (scope, customer_key) {
        (_, Some(sha256)) => Encryption::CustomerKey(sha256.into()),
        (Some(name), None) => Encryption::Scope(name.into()),
        (None, None) => Encryption::Account,
    }
}

pub(super) fn text(value: Option<String>) -> Option<Box<str>> {
    value.map(String::into_boxed_str)
}
