//! What events say of a change beyond the blob as it is now.

use std::collections::BTreeMap;

use lazuli_protocol::AccessTier;

use super::fields::Fields;
use crate::avro::Value;

/// What a blob was before a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreviousBlobInfo {
    /// The snapshot that soft delete made of the blob.
    pub soft_delete_snapshot: Option<String>,
    /// Whether the blob was kept by soft delete.
    pub was_blob_soft_deleted: Option<bool>,
    /// The blob's version before the change.
    pub blob_version: Option<String>,
    /// The last version of the blob before the change.
    pub last_version: Option<String>,
    /// The tier that it was in.
    pub previous_tier: Option<AccessTier>,
    /// What this version of the crate does not know, by its name, in JSON.
    pub other: BTreeMap<String, String>,
}

/// A property that was changed. What was not set is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdatedProperty {
    /// What it is now.
    pub current: Option<String>,
    /// What it was.
    pub previous: Option<String>,
}

/// What a change said of work that the service does by and by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AsyncOperationInfo {
    /// The tier that the blob is on its way to.
    pub destination_tier: Option<AccessTier>,
    /// Whether the change was the end of such work.
    pub was_async_operation: Option<bool>,
    /// The id of the copy.
    pub copy_id: Option<String>,
    /// What this version of the crate does not know, by its name, in JSON.
    pub other: BTreeMap<String, String>,
}

/// The tags of a blob before and after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdatedTags {
    /// What they are now.
    pub current: BTreeMap<String, String>,
    /// What they were.
    pub previous: BTreeMap<String, String>,
}

impl PreviousBlobInfo {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        Some(Self {
            soft_delete_snapshot: fields.text("SoftDeleteSnapshot"),
            was_blob_soft_deleted: fields.flag("WasBlobSoftDeleted"),
            blob_version: fields.text("BlobVersion"),
            last_version: fields.text("LastVersion"),
            previous_tier: fields.word("PreviousTier"),
            other: fields.rest(),
        })
    }
}

impl UpdatedProperty {
    /// The properties by their names.
    pub(super) fn read_all(value: &Value) -> Option<BTreeMap<String, Self>> {
        let read = |(name, value)| {
            let mut fields = Fields::of(value)?;
            let property = Self {
                current: fields.text("current"),
                previous: fields.text("previous"),
            };
            Some((name, property))
        };
        Fields::of(value)?.into_iter().map(read).collect()
    }
}

impl AsyncOperationInfo {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        Some(Self {
            destination_tier: fields.word("DestinationTier"),
            was_async_operation: fields.flag("WasAsyncOperation"),
            copy_id: fields.text("CopyId"),
            other: fields.rest(),
        })
    }
}

impl UpdatedTags {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        Some(Self {
            current: fields.with("current", tags).unwrap_or_default(),
            previous: fields.with("previous", tags).unwrap_or_default(),
        })
    }
}

fn tags(value: &Value) -> Option<BTreeMap<String, String>> {
    let read = |(name, value): (String, &Value)| Some((name, super::fields::text(value)?));
    Fields::of(value)?.into_iter().map(read).collect()
}
