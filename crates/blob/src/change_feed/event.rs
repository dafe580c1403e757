//! The events of the change feed.

use std::collections::BTreeMap;

use lazuli_protocol::{AccessTier, BlobType, ChangeFeedEventType, Error, Etag};
use time::OffsetDateTime;

use super::fields::Fields;
use super::{AsyncOperationInfo, PreviousBlobInfo, UpdatedProperty, UpdatedTags, unreadable};
use crate::avro::Value;

/// A change of a blob. What the service left out is `None`, or empty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeFeedEvent {
    /// What happened. Events of the type [`Control`](ChangeFeedEventType::Control) are the service's own and change no blob.
    pub event_type: ChangeFeedEventType,
    /// When.
    pub event_time: OffsetDateTime,
    /// The account, as the Resource Manager names it.
    pub topic: String,
    /// The blob: `/blobServices/default/containers/…/blobs/…`. See [`container_name`](Self::container_name) and [`blob_name`](Self::blob_name).
    pub subject: String,
    /// The event's own id.
    pub id: String,
    /// The version of what is in `data`.
    pub data_version: Option<String>,
    /// The version of what is beside it.
    pub metadata_version: Option<String>,
    /// More of the change.
    pub data: ChangeFeedEventData,
    /// What this version of the crate does not know, by its name, in JSON.
    pub other: BTreeMap<String, String>,
}

/// What an event says of the change and of the blob.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeFeedEventData {
    /// The operation: `PutBlob`, `DeleteBlob`.
    pub api: Option<String>,
    /// The id that whoever asked for it gave the request.
    pub client_request_id: Option<String>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// The identity of the blob's new state.
    pub etag: Option<Etag>,
    /// The blob's `Content-Type`.
    pub content_type: Option<String>,
    /// The blob's size, in bytes.
    pub content_length: Option<u64>,
    /// Where a write to an account with a hierarchical namespace ended, in bytes.
    pub content_offset: Option<u64>,
    /// The kind of the blob.
    pub blob_type: Option<BlobType>,
    /// The blob's version.
    pub blob_version: Option<String>,
    /// The container's version.
    pub container_version: Option<String>,
    /// The price class.
    pub blob_tier: Option<AccessTier>,
    /// Where the blob is.
    pub url: Option<String>,
    /// Where a renamed file is now.
    pub destination_url: Option<String>,
    /// Where a renamed file was.
    pub source_url: Option<String>,
    /// Whether the operation was on all that is in a directory.
    pub recursive: Option<bool>,
    /// Orders the events of one blob: compare as text.
    pub sequencer: Option<String>,
    /// What the blob was before.
    pub previous_info: Option<PreviousBlobInfo>,
    /// The snapshot that the event is about.
    pub snapshot: Option<String>,
    /// The properties that were changed, by their names: `ContentType`.
    pub blob_properties_updated: BTreeMap<String, UpdatedProperty>,
    /// What the service is doing by and by.
    pub async_operation_info: Option<AsyncOperationInfo>,
    /// The tags, before and after.
    pub blob_tags_updated: Option<UpdatedTags>,
    /// The mark of a restore point, in JSON.
    pub restore_point_marker: Option<String>,
    /// For the service's own use, in JSON.
    pub storage_diagnostics: Option<String>,
    /// What this version of the crate does not know, by its name, in JSON.
    pub other: BTreeMap<String, String>,
}

impl ChangeFeedEvent {
    /// The name of the container that the subject names.
    #[must_use]
    pub fn container_name(&self) -> Option<&str> {
        Some(self.names()?.0)
    }

    /// The name of the blob that the subject names.
    #[must_use]
    pub fn blob_name(&self) -> Option<&str> {
        self.names()?.1
    }

    fn names(&self) -> Option<(&str, Option<&str>)> {
        let (_, names) = self.subject.split_once("/containers/")?;
        Some(match names.split_once("/blobs/") {
            Some((container, blob)) => (container, Some(blob)),
            None => (names, None),
        })
    }

    pub(super) fn read(value: &Value) -> Result<Self, Error> {
        let lacks = |what: &str| unreadable("an event", format!("it has no readable {what:?}"));
        let mut fields = Fields::of(value).ok_or_else(|| unreadable("an event", "it is no record"))?;
        Ok(Self {
            event_type: fields.word("eventType").ok_or_else(|| lacks("eventType"))?,
            event_time: fields.time("eventTime").ok_or_else(|| lacks("eventTime"))?,
            topic: fields.text("topic").unwrap_or_default(),
            subject: fields.text("subject").unwrap_or_default(),
            id: fields.text("id").unwrap_or_default(),
            data_version: fields.text("dataVersion"),
            metadata_version: fields.text("metadataVersion"),
            data: fields.with("data", ChangeFeedEventData::read).unwrap_or_default(),
            other: fields.rest(),
        })
    }
}

impl ChangeFeedEventData {
    fn read(value: &Value) -> Option<Self> {
        let mut fields = Fields::of(value)?;
        Some(Self {
            api: fields.text("api"),
            client_request_id: fields.text("clientRequestId"),
            request_id: fields.text("requestId"),
            etag: fields.parsed("etag"),
            content_type: fields.text("contentType"),
            content_length: fields.number("contentLength"),
            content_offset: fields.number("contentOffset"),
            blob_type: fields.word("blobType"),
            blob_version: fields.text("blobVersion"),
            container_version: fields.text("containerVersion"),
            blob_tier: fields.word("blobTier"),
            url: fields.text("url"),
            destination_url: fields.text("destinationUrl"),
            source_url: fields.text("sourceUrl"),
            recursive: fields.flag("recursive"),
            sequencer: fields.text("sequencer"),
            previous_info: fields.with("previousInfo", PreviousBlobInfo::read),
            snapshot: fields.text("snapshot"),
            blob_properties_updated: fields
                .with("blobPropertiesUpdated", UpdatedProperty::read_all)
                .unwrap_or_default(),
            async_operation_info: fields.with("asyncOperationInfo", AsyncOperationInfo::read),
            blob_tags_updated: fields.with("blobTagsUpdated", UpdatedTags::read),
            restore_point_marker: fields.json("restorePointMarker"),
            storage_diagnostics: fields.json("storageDiagnostics"),
            other: fields.rest(),
        })
    }
}
