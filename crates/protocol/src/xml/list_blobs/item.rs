//! An entry of a list of blobs.

use std::fmt;

use time::OffsetDateTime;

use crate::{
    AccessTier, ArchiveStatus, BlobTags, BlobType, CopyStatus, Crc64, Etag, ImmutabilityPolicyMode,
    LeaseDuration, LeaseState, LeaseStatus, Md5, Metadata, RehydratePriority, redacted_uri,
};

/// A blob, or the part of names up to the delimiter that some blobs share.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ListBlobsEntry {
    /// A blob, or one of its snapshots or versions.
    Blob(Box<BlobItem>),
    /// A prefix, which looks like a folder. Only lists with a delimiter have any.
    Prefix(BlobPrefix),
}

impl ListBlobsEntry {
    /// The name of the blob, or the prefix.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Blob(blob) => &blob.name,
            Self::Prefix(prefix) => &prefix.name,
        }
    }
}

/// A prefix that some blobs share.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlobPrefix {
    /// The prefix, with the delimiter at its end.
    pub name: String,
    /// What the service says of the folder itself, where folders are more than names: on accounts with a hierarchical namespace.
    pub folder: Option<Box<BlobItem>>,
}

impl BlobPrefix {
    /// The prefix that `item` describes, or only names.
    pub(crate) fn of(mut item: Box<BlobItem>) -> Self {
        let name = std::mem::take(&mut item.name);
        let described = *item != BlobItem::default();
        item.name.clone_from(&name);
        Self {
            name,
            folder: described.then_some(item),
        }
    }
}

/// A blob in a list. What the service left out is `None`, and so is what it sent empty.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BlobItem {
    /// The whole name.
    pub name: String,
    /// The time of the snapshot, which is its id, if this is one.
    pub snapshot: Option<String>,
    /// The id of the version.
    pub version_id: Option<String>,
    /// Whether that is the current version.
    pub is_current_version: Option<bool>,
    /// Whether there is no current version: the blob was deleted, and its versions are there.
    pub has_versions_only: Option<bool>,
    /// Whether the blob was deleted and can be brought back.
    pub deleted: bool,
    /// Which of the deleted blobs of the same name this is, on accounts with a hierarchical namespace.
    pub deletion_id: Option<String>,
    /// When it was deleted.
    pub deleted_time: Option<OffsetDateTime>,
    /// For how many days more it can be brought back.
    pub remaining_retention_days: Option<u32>,
    /// When the blob was made.
    pub creation_time: Option<OffsetDateTime>,
    /// When it last changed; whole seconds.
    pub last_modified: Option<OffsetDateTime>,
    /// When it was last read or written, where the account keeps track; whole seconds.
    pub last_access_time: Option<OffsetDateTime>,
    /// When it will be deleted.
    pub expiry_time: Option<OffsetDateTime>,
    /// The identity of this state of the blob.
    pub etag: Option<Etag>,
    /// The size, in bytes.
    pub content_length: u64,
    /// The kept `Content-Type`.
    pub content_type: Option<String>,
    /// The kept `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// The kept `Content-Language`.
    pub content_language: Option<String>,
    /// The CRC64 of the content, if one is kept.
    pub content_crc64: Option<Crc64>,
    /// The MD5 of the content, if one is kept.
    pub content_md5: Option<Md5>,
    /// The kept `Cache-Control`.
    pub cache_control: Option<String>,
    /// The kept `Content-Disposition`.
    pub content_disposition: Option<String>,
    /// The sequence number of a page blob.
    pub blob_sequence_number: Option<u64>,
    /// The kind of the blob.
    pub blob_type: Option<BlobType>,
    /// The price class.
    pub access_tier: Option<AccessTier>,
    /// Whether the tier is the account's default.
    pub access_tier_inferred: Option<bool>,
    /// When the tier was last set.
    pub access_tier_change_time: Option<OffsetDateTime>,
    /// The tier that a blob is in which the service moves itself.
    pub smart_access_tier: Option<AccessTier>,
    /// Where an archived blob is on its way to.
    pub archive_status: Option<ArchiveStatus>,
    /// How urgently it is brought back.
    pub rehydrate_priority: Option<RehydratePriority>,
    /// Whether a lease keeps writers out.
    pub lease_status: Option<LeaseStatus>,
    /// Where the lease is in its life.
    pub lease_state: Option<LeaseState>,
    /// Whether the lease ends by itself.
    pub lease_duration: Option<LeaseDuration>,
    /// The last copy to this blob; listed when it was asked for.
    pub copy: Option<Box<BlobItemCopy>>,
    /// Whether nothing can be appended any more.
    pub sealed: Option<bool>,
    /// Whether the service encrypted it.
    pub server_encrypted: Option<bool>,
    /// The SHA-256, in base64, of the key that the customer provided.
    pub customer_provided_key_sha256: Option<String>,
    /// The encryption scope.
    pub encryption_scope: Option<String>,
    /// Until when it cannot be changed.
    pub immutability_policy_until: Option<OffsetDateTime>,
    /// How firm that is.
    pub immutability_policy_mode: Option<ImmutabilityPolicyMode>,
    /// Whether it cannot be changed until the hold is taken away.
    pub legal_hold: Option<bool>,
    /// How many tags it has.
    pub tag_count: Option<u32>,
    /// Its tags; listed when they were asked for.
    pub tags: BlobTags,
    /// The caller's own pairs; listed when they were asked for.
    pub metadata: Metadata,
    /// What the service says of metadata that is encrypted, in place of the pairs.
    pub metadata_encrypted: Option<String>,
    /// How the blob stands under each rule of object replication, by the ids of policy and rule.
    pub replication: Vec<(String, String)>,
    /// `file` or `directory`, on accounts with a hierarchical namespace.
    pub resource_type: Option<String>,
    /// Who may do what, on accounts with a hierarchical namespace; listed when it was asked for.
    pub access: Option<Box<BlobItemAccess>>,
    /// What else the service said: the names and texts of elements that are not known, or that cannot be read as what they should be.
    pub other: Vec<(String, String)>,
}

/// The last copy to a blob in a list.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobItemCopy {
    /// The id of the copy.
    pub id: Option<String>,
    /// The URL of the source, as whoever started the copy wrote it: perhaps with a SAS, whose signature `Debug` does not show.
    pub source: Option<String>,
    /// How the copy stands.
    pub status: Option<CopyStatus>,
    /// Why it failed, or what holds it up.
    pub status_description: Option<String>,
    /// How far it is: bytes done, a slash, bytes in all.
    pub progress: Option<String>,
    /// When it ended.
    pub completion_time: Option<OffsetDateTime>,
    /// Whether it is an incremental copy of a page blob.
    pub incremental: Option<bool>,
    /// The snapshot that an incremental copy made last.
    pub destination_snapshot: Option<String>,
}

impl fmt::Debug for BlobItemCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.source.as_ref().map(|source| match source.parse() {
            Ok(url) => redacted_uri(&url),
            Err(_) => "(no URL)".to_owned(),
        });
        f.debug_struct("BlobItemCopy")
            .field("id", &self.id)
            .field("source", &source)
            .field("status", &self.status)
            .field("status_description", &self.status_description)
            .field("progress", &self.progress)
            .field("completion_time", &self.completion_time)
            .field("incremental", &self.incremental)
            .field("destination_snapshot", &self.destination_snapshot)
            .finish()
    }
}

/// Who may do what with a blob or a folder, on accounts with a hierarchical namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobItemAccess {
    /// The owner.
    pub owner: Option<String>,
    /// The owning group.
    pub group: Option<String>,
    /// What owner, group and others may do: `rwxr-x---`.
    pub permissions: Option<String>,
    /// The access control list.
    pub acl: Option<String>,
}
