//! Deciding on requests about containers and whole blobs: what is there, and what is asked for, make a record or a refusal.

use std::sync::Arc;

use lazuli_protocol::{AccessTier, ErrorCode, Metadata};

use super::{
    AccessControl, Blob, BlobPath, Conditions, ContainerPath, ContainerProperties, ContentHeaders, Denied,
    Piece, Record, State, Tier, Timestamp,
};

/// A container to be made.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewContainer {
    pub(crate) metadata: Metadata,
    pub(crate) access: AccessControl,
}

/// A blob to be made: everything but its pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewBlob {
    pub(crate) headers: ContentHeaders,
    pub(crate) metadata: Metadata,
    pub(crate) tier: Option<AccessTier>,
}

impl NewBlob {
    /// The blob of these pieces, in place of the one that was there before.
    pub(super) fn build(
        self,
        state: &State,
        now: Timestamp,
        before: Option<&Arc<Blob>>,
        pieces: Vec<Piece>,
    ) -> Arc<Blob> {
        Arc::new(Blob {
            tag: state.last_tag.next(now),
            created: before.map_or(now, |blob| blob.created),
            modified: now,
            len: pieces
                .iter()
                .map(|piece| piece.content.len())
                .fold(0, u64::saturating_add),
            headers: self.headers,
            metadata: self.metadata,
            tier: self.tier.map(|tier| Tier { tier, changed: now }),
            pieces: pieces.into(),
        })
    }
}

impl State {
    /// Create Container.
    pub(crate) fn create_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        new: NewContainer,
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        if self.container(&at).is_ok() {
            return Err(ErrorCode::ContainerAlreadyExists.into());
        }
        let properties = Arc::new(ContainerProperties {
            tag: self.last_tag.next(now),
            modified: now,
            metadata: new.metadata,
            access: new.access,
        });
        Ok((
            Record::PutContainer {
                at,
                properties: properties.clone(),
            },
            properties,
        ))
    }

    /// Set Container Metadata.
    pub(crate) fn set_container_metadata(
        &self,
        now: Timestamp,
        at: ContainerPath,
        metadata: Metadata,
        conditions: &Conditions,
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        self.set_container(now, at, conditions, |container| container.metadata = metadata)
    }

    /// Set Container ACL.
    pub(crate) fn set_container_access(
        &self,
        now: Timestamp,
        at: ContainerPath,
        access: AccessControl,
        conditions: &Conditions,
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        self.set_container(now, at, conditions, |container| container.access = access)
    }

    fn set_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        conditions: &Conditions,
        change: impl FnOnce(&mut ContainerProperties),
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        let old = &self.container(&at)?.properties;
        conditions.check_write(old.tag, old.modified)?;
        let mut new = ContainerProperties {
            tag: self.last_tag.next(now),
            modified: now,
            ..(**old).clone()
        };
        change(&mut new);
        let properties = Arc::new(new);
        Ok((
            Record::PutContainer {
                at,
                properties: properties.clone(),
            },
            properties,
        ))
    }

    /// Delete Container.
    pub(crate) fn delete_container(
        &self,
        at: ContainerPath,
        conditions: &Conditions,
    ) -> Result<Record, Denied> {
        let old = &self.container(&at)?.properties;
        conditions.check_write(old.tag, old.modified)?;
        Ok(Record::DeleteContainer { at })
    }

    /// Put Blob.
    pub(crate) fn put_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        new: NewBlob,
        piece: Option<Piece>,
        conditions: &Conditions,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let before = self.slot(&at)?.and_then(|slot| slot.committed.as_ref());
        conditions.check_create(before.map(|blob| (blob.tag, blob.modified)))?;
        // What replaces a blob is a new one, made now.
        let blob = new.build(self, now, None, piece.into_iter().collect());
        Ok((
            Record::PutBlob {
                at,
                blob: blob.clone(),
            },
            blob,
        ))
    }

    /// Set Blob Metadata.
    pub(crate) fn set_blob_metadata(
        &self,
        now: Timestamp,
        at: BlobPath,
        metadata: Metadata,
        conditions: &Conditions,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        self.set_blob(now, at, conditions, |blob| blob.metadata = metadata)
    }

    /// Set Blob Properties. When one header is given, those that are not are cleared.
    pub(crate) fn set_blob_headers(
        &self,
        now: Timestamp,
        at: BlobPath,
        headers: Option<ContentHeaders>,
        conditions: &Conditions,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        self.set_blob(now, at, conditions, |blob| {
            if let Some(headers) = headers {
                blob.headers = headers;
            }
        })
    }

    /// Delete Blob.
    pub(crate) fn delete_blob(&self, at: BlobPath, conditions: &Conditions) -> Result<Record, Denied> {
        let blob = self.blob(&at)?;
        conditions.check_write(blob.tag, blob.modified)?;
        Ok(Record::DeleteBlob { at })
    }

    fn set_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        conditions: &Conditions,
        change: impl FnOnce(&mut Blob),
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let old = self.blob(&at)?;
        conditions.check_write(old.tag, old.modified)?;
        let mut blob = Blob {
            tag: self.last_tag.next(now),
            modified: now,
            ..(**old).clone()
        };
        change(&mut blob);
        let blob = Arc::new(blob);
        Ok((
            Record::SetBlob {
                at,
                blob: blob.clone(),
            },
            blob,
        ))
    }
}
