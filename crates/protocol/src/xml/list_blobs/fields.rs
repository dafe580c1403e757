//! Where each element of a blob goes. XML has them as elements and Arrow as columns, by the same names.

use super::{BlobItem, BlobItemAccess, BlobItemCopy};
use crate::Error;
use crate::xml::cell::Cell;
use crate::xml::room::keep_aside;

macro_rules! fields {
    ($item:ident; $($($name:literal)|+ => $place:expr,)*) => {
        /// Puts a value in its place; whether the name is known, and the value could be read.
        pub(crate) fn set(&mut self, name: &str, cell: Cell<'_>) -> bool {
            let $item = self;
            match name {
                $($($name)|+ => cell.put(&mut $place),)*
                "Content-Length" => put(cell, &mut $item.content_length),
                "Deleted" => put(cell, &mut $item.deleted),
                _ => false,
            }
        }
    };
}

impl BlobItem {
    // The most frequent ones first, in the order in which the service sends them.
    fields! { item;
        "Creation-Time" => item.creation_time,
        "Last-Modified" => item.last_modified,
        "Etag" => item.etag,
        "Content-Type" => item.content_type,
        "Content-Encoding" => item.content_encoding,
        "Content-Language" => item.content_language,
        "Content-CRC64" => item.content_crc64,
        "Content-MD5" => item.content_md5,
        "Cache-Control" => item.cache_control,
        "Content-Disposition" => item.content_disposition,
        "BlobType" => item.blob_type,
        "AccessTier" => item.access_tier,
        "AccessTierInferred" => item.access_tier_inferred,
        "LeaseStatus" => item.lease_status,
        "LeaseState" => item.lease_state,
        "ServerEncrypted" => item.server_encrypted,
        "LeaseDuration" => item.lease_duration,
        "AccessTierChangeTime" => item.access_tier_change_time,
        "SmartAccessTier" => item.smart_access_tier,
        "ArchiveStatus" => item.archive_status,
        "RehydratePriority" => item.rehydrate_priority,
        "Expiry-Time" => item.expiry_time,
        "LastAccessTime" => item.last_access_time,
        "x-ms-blob-sequence-number" => item.blob_sequence_number,
        "Sealed" => item.sealed,
        "TagCount" => item.tag_count,
        "CustomerProvidedKeySha256" => item.customer_provided_key_sha256,
        "EncryptionScope" => item.encryption_scope,
        "ImmutabilityPolicyUntilDate" => item.immutability_policy_until,
        "ImmutabilityPolicyMode" => item.immutability_policy_mode,
        "LegalHold" => item.legal_hold,
        "Snapshot" => item.snapshot,
        "VersionId" => item.version_id,
        "IsCurrentVersion" => item.is_current_version,
        "HasVersionsOnly" => item.has_versions_only,
        "DeletionId" => item.deletion_id,
        "DeletedTime" => item.deleted_time,
        "RemainingRetentionDays" => item.remaining_retention_days,
        "CopyId" => item.copy().id,
        "CopySource" => item.copy().source,
        "CopyStatus" => item.copy().status,
        "CopyStatusDescription" => item.copy().status_description,
        "CopyProgress" => item.copy().progress,
        "CopyCompletionTime" => item.copy().completion_time,
        "IncrementalCopy" => item.copy().incremental,
        "CopyDestinationSnapshot" | "DestinationSnapshot" => item.copy().destination_snapshot,
        "Owner" => item.access().owner,
        "Group" => item.access().group,
        "Permissions" => item.access().permissions,
        "Acl" => item.access().acl,
        "ResourceType" => item.resource_type,
    }

    fn copy(&mut self) -> &mut BlobItemCopy {
        self.copy.get_or_insert_default()
    }

    fn access(&mut self) -> &mut BlobItemAccess {
        self.access.get_or_insert_default()
    }

    /// Keeps what has no place of its own.
    ///
    /// # Errors
    /// When there is too much of it.
    pub(crate) fn keep(&mut self, name: &str, text: String) -> Result<(), Error> {
        keep_aside(&mut self.other, name, text)
    }

    /// Keeps how the blob stands under a rule of object replication.
    ///
    /// # Errors
    /// When there are too many of them.
    pub(crate) fn keep_replication(&mut self, rule: &str, text: String) -> Result<(), Error> {
        keep_aside(&mut self.replication, rule, text)
    }
}

fn put<T: crate::xml::cell::Value>(cell: Cell<'_>, place: &mut T) -> bool {
    let mut value = None;
    let read = cell.put(&mut value);
    if let Some(value) = value {
        *place = value;
    }
    read
}
