//! Deciding on whole blobs: making them, and setting what they keep beside their bytes.

use std::sync::Arc;

use lazuli_protocol::{AccessTier, BlobTags, ErrorCode, Metadata};

use super::overwrite::check_mutable;
use crate::state::{
    Access, Blob, BlobPath, Content, ContentHeaders, Denied, Edit, Encryption, Immutability, Lease, Record,
    Slot, State, Tier, Timestamp,
};

/// A blob to be made: everything but its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewBlob {
    pub(crate) headers: ContentHeaders,
    pub(crate) metadata: Metadata,
    pub(crate) tags: BlobTags,
    pub(crate) tier: Option<AccessTier>,
    pub(crate) encryption: Encryption,
    pub(crate) immutability: Option<Immutability>,
    pub(crate) legal_hold: bool,
    /// When it is to go by itself.
    pub(crate) expires: Option<Timestamp>,
}

impl State {
    /// The blob of this content, to stand under a name from now on.
    pub(crate) fn build(
        &self,
        now: Timestamp,
        at: &BlobPath,
        new: NewBlob,
        content: Content,
        len: u64,
    ) -> Blob {
        Blob {
            tag: self.last_tag.next(now),
            created: now,
            modified: now,
            len,
            content,
            headers: new.headers,
            metadata: new.metadata,
            tags: new.tags,
            tier: new.tier.map(|tier| Tier { tier, changed: now }),
            rehydration: None,
            version: self.new_version(now, at),
            encryption: new.encryption,
            immutability: new.immutability,
            legal_hold: new.legal_hold,
            copy: None,
            expires: new.expires,
            read: None,
        }
    }

    /// The record that puts a blob under a name, in place of the one that was there before.
    pub(crate) fn put(&self, now: Timestamp, at: BlobPath, blob: &Arc<Blob>) -> Result<Record, Denied> {
        let mut edits = self.before_overwrite(now, &at)?;
        edits.push(Edit::Put(blob.clone()));
        Ok(Record::Edit { at, edits })
    }

    /// Put Blob, of any kind.
    pub(crate) fn put_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        mut new: NewBlob,
        content: Content,
        len: u64,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        access.check_create(now, self.slot(&at)?)?;
        new.encryption = self.encrypt(&at.container, new.encryption)?;
        let mut blob = self.build(now, &at, new, content, len);
        // A page blob or an append blob that replaces a blob is a new one, made now.
        if matches!(blob.content, Content::Block(_)) {
            blob.created = self.made(now, &at);
        }
        let blob = Arc::new(blob);
        Ok((self.put(now, at, &blob)?, blob))
    }

    /// When a block blob that is written now was made: to write over one leaves that as it was, unless each write makes a version. So the
    /// service was recorded to do.
    pub(super) fn made(&self, now: Timestamp, at: &BlobPath) -> Timestamp {
        let before = self.slot(at).ok().flatten().and_then(|slot| slot.current(now));
        let versions = self.options(&at.container.account).versioning;
        match before {
            Some(blob) if !versions && matches!(blob.content, Content::Block(_)) => blob.created,
            _ => now,
        }
    }

    /// Set Blob Metadata. It is a write: where versions are kept, it makes one.
    pub(crate) fn set_blob_metadata(
        &self,
        now: Timestamp,
        at: BlobPath,
        metadata: Metadata,
        encryption: &Encryption,
        access: &Access,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let version = self.new_version(now, &at);
        let (mut edits, blob) = self.edit_blob(now, &at, access, |blob| {
            if blob.is_archived(now) {
                return Err(ErrorCode::BlobArchived.into());
            }
            self.check_shown(&at.container, blob, encryption)?;
            blob.metadata = metadata;
            if version.is_some() {
                blob.version = version;
            }
            Ok(())
        })?;
        if version.is_some() {
            let mut before = self.before_overwrite(now, &at)?;
            before.append(&mut edits);
            edits = before;
        }
        Ok((Record::Edit { at, edits }, blob))
    }

    /// Changes what the current blob keeps beside its bytes: a new state of it, with a new tag, but no new version.
    pub(crate) fn set_blob(
        &self,
        now: Timestamp,
        at: BlobPath,
        access: &Access,
        change: impl FnOnce(&mut Blob) -> Result<(), Denied>,
    ) -> Result<(Record, Arc<Blob>), Denied> {
        let (edits, blob) = self.edit_blob(now, &at, access, change)?;
        Ok((Record::Edit { at, edits }, blob))
    }

    pub(super) fn edit_blob(
        &self,
        now: Timestamp,
        at: &BlobPath,
        access: &Access,
        change: impl FnOnce(&mut Blob) -> Result<(), Denied>,
    ) -> Result<(Vec<Edit>, Arc<Blob>), Denied> {
        let old = self.blob(now, at)?;
        let slot = self.slot(at)?;
        access.check_write(now, slot, old)?;
        check_mutable(now, old)?;
        if old.is_incremental() {
            return Err(ErrorCode::OperationNotAllowedOnIncrementalCopyBlob.into());
        }
        let mut blob = Blob {
            tag: self.last_tag.next(now),
            modified: now,
            ..(**old).clone()
        };
        let left = self.leave_version(at, old);
        if left.is_some() {
            blob.version = None;
        }
        change(&mut blob)?;
        let blob = Arc::new(blob);
        let ended = slot.and_then(|slot| slot.end_of_lease(now));
        let mut edits: Vec<Edit> = left.into_iter().chain(ended).collect();
        edits.push(Edit::Set(blob.clone()));
        Ok((edits, blob))
    }

    /// Sets or takes away the lease on the blob that stands under a name.
    pub(crate) fn lease_blob<T>(
        &self,
        now: Timestamp,
        at: BlobPath,
        access: &Access,
        act: impl FnOnce(&Slot) -> Result<(Option<Lease>, T), Denied>,
    ) -> Result<(Record, (Arc<Blob>, T)), Denied> {
        let blob = self.blob(now, &at)?.clone();
        let slot = self.slot(&at)?.ok_or(ErrorCode::BlobNotFound)?;
        access.conditions.check_write(blob.tag, blob.modified)?;
        access.check_tags(Some(&blob))?;
        if blob.is_copying(now) {
            return Err(ErrorCode::PendingCopyOperation.into());
        }
        let (lease, outcome) = act(slot)?;
        Ok((Record::edit(at, Edit::Lease(lease)), (blob, outcome)))
    }
}
