//! From bytes to a record.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};

use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{AccessTier, BoxError, Metadata, PublicAccess};
use prost::Message;

use super::wire;
use crate::content::{Content, ContentHandle, ContentId, DiskStore};
use crate::state::{
    AccessControl, Blob, BlobPath, ContainerPath, ContainerProperties, ContentHeaders, Piece, Record,
    StoredPolicy, Tag, Tier, Timestamp,
};

/// Reads records. It remembers the contents that they name, so that each has one handle however often it is named.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    store: &'a DiskStore,
    contents: HashMap<ContentId, Weak<dyn Content>>,
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
        let change = wire::Entry::decode(bytes)?
            .change
            .ok_or("it is of a kind that this version does not know")?;
        Ok(match change {
            wire::Change::PutContainer(put) => Record::PutContainer {
                at: self.container_path(put.at.account, put.at.container),
                properties: Arc::new(ContainerProperties {
                    tag: Tag::from_number(put.tag),
                    modified: Timestamp::from_ticks(put.modified),
                    metadata: metadata(put.metadata)?,
                    access: AccessControl {
                        public_access: put
                            .public_access
                            .map(|access| PublicAccess::from(access.as_str())),
                        policies: put.policies.into_iter().map(policy).collect(),
                    },
                }),
            },
            wire::Change::DeleteContainer(at) => Record::DeleteContainer {
                at: self.container_path(at.account, at.container),
            },
            wire::Change::PutBlob(put) => {
                let (at, blob) = self.blob(put)?;
                Record::PutBlob { at, blob }
            }
            wire::Change::SetBlob(put) => {
                let (at, blob) = self.blob(put)?;
                Record::SetBlob { at, blob }
            }
            wire::Change::DeleteBlob(at) => Record::DeleteBlob {
                at: self.blob_path(at),
            },
            wire::Change::StageBlock(stage) => {
                let piece = self.piece(stage.piece)?;
                Record::StageBlock {
                    at: self.blob_path(stage.at),
                    id: piece.id.ok_or("its block has no id")?,
                    content: piece.content,
                    now: Timestamp::from_ticks(stage.now),
                    alone: stage.alone,
                }
            }
            wire::Change::DropStaged(at) => Record::DropStaged {
                at: self.blob_path(at),
            },
            wire::Change::LastTag(tag) => Record::LastTag {
                tag: Tag::from_number(tag),
            },
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

    fn container_path(&mut self, account: String, container: String) -> ContainerPath {
        ContainerPath {
            account: self.name(account),
            container: self.name(container),
        }
    }

    fn blob_path(&mut self, at: wire::Path) -> BlobPath {
        BlobPath {
            container: self.container_path(at.account, at.container),
            blob: at.blob.into(),
        }
    }

    fn blob(&mut self, put: wire::PutBlob) -> Result<(BlobPath, Arc<Blob>), BoxError> {
        let text = |value: Option<String>| value.map(String::into_boxed_str);
        let changed = Timestamp::from_ticks(put.tier_changed);
        let tier = put.tier.map(|tier| Tier {
            tier: AccessTier::from(tier.as_str()),
            changed,
        });
        let pieces: Vec<Piece> = put
            .pieces
            .into_iter()
            .map(|piece| self.piece(piece))
            .collect::<Result<_, _>>()?;
        let blob = Blob {
            tag: Tag::from_number(put.tag),
            created: Timestamp::from_ticks(put.created),
            modified: Timestamp::from_ticks(put.modified),
            len: pieces
                .iter()
                .map(|piece| piece.content.len())
                .fold(0, u64::saturating_add),
            headers: ContentHeaders {
                content_type: text(put.content_type),
                encoding: text(put.encoding),
                language: text(put.language),
                cache_control: text(put.cache_control),
                disposition: text(put.disposition),
                md5: text(put.md5),
            },
            metadata: metadata(put.metadata)?,
            tier,
            pieces: pieces.into(),
        };
        Ok((self.blob_path(put.at), Arc::new(blob)))
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
        permission: policy.permission.map(String::into_boxed_str),
    }
}

fn metadata(pairs: BTreeMap<String, String>) -> Result<Metadata, BoxError> {
    let mut metadata = Metadata::new();
    for (name, value) in pairs {
        metadata.insert(&name, value)?;
    }
    Ok(metadata)
}
