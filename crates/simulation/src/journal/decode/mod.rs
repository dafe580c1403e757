//! From bytes to a record: which kind it is, and what is about containers. Edits of blobs and blobs themselves are beside it.

mod blob;
mod edits;

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use lazuli_protocol::{BoxError, PublicAccess};
use prost::Message;

use self::blob::{metadata, text};
use self::edits::{deletion, lease};
use super::wire::{self, Change};
use crate::content::{Content as Stored, ContentId, DiskStore};
use crate::state::{
    AccessControl, BlobPath, ContainerPath, ContainerProperties, Edit, Encryption, Record, StoredPolicy, Tag,
    Timestamp,
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

    /// Reads a record, or a part of one. Tells whether another part goes on with it.
    pub(super) fn decode(&mut self, bytes: &[u8]) -> Result<(Record, bool), BoxError> {
        let wire::Entry { change, more } = wire::Entry::decode(bytes)?;
        Ok((self.record(change.ok_or(UNKNOWN)?)?, more))
    }

    fn record(&mut self, change: Change) -> Result<Record, BoxError> {
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
}

fn policy(policy: wire::StoredPolicy) -> StoredPolicy {
    StoredPolicy {
        id: policy.id.into(),
        start: policy.start.map(Timestamp::from_ticks),
        expiry: policy.expiry.map(Timestamp::from_ticks),
        permission: text(policy.permission),
    }
}
