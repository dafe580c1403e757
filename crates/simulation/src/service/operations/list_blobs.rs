//! List Blobs, flat and by delimiter.

use http::StatusCode;
use lazuli_protocol::AccessTier;

use super::blob_headers::inferred_tier;
use super::marker;
use super::tags::put_tag_set;
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{
    BlobEntry, BlobQuery, Content, Encryption, LeaseShown, Listed, Position, Shown, StateId, Timestamp,
};

/// What can be included. Nobody has permissions of their own here: they are included as they are, not at all.
const INCLUDE: [&str; 11] = [
    "metadata",
    "uncommittedblobs",
    "snapshots",
    "copy",
    "deleted",
    "tags",
    "versions",
    "deletedwithversions",
    "immutabilitypolicy",
    "legalhold",
    "permissions",
];

/// What of each blob is told, besides what always is.
#[derive(Clone, Copy)]
struct Told {
    metadata: bool,
    copy: bool,
    tags: bool,
    immutability: bool,
    legal_hold: bool,
    /// Whether the account keeps page blobs on solid state.
    premium: bool,
}

/// List Blobs.
pub(in crate::service) fn list_blobs(call: &Call) -> Outcome {
    let include = call.include(&INCLUDE)?;
    let asked = |what| include.contains(&what);
    let marker = call.query.some("marker");
    let (from, from_time) = match marker {
        Some(marker) => {
            let Position { name, time } =
                marker::blob(marker).ok_or_else(|| Refusal::bad_query("marker", marker, ""))?;
            (name, Some(time))
        }
        None => {
            let start = call.query.some("startfrom").filter(|_| call.since(b"2026-02-06"));
            (start.unwrap_or_default().to_owned(), None)
        }
    };
    let delimiter = call.query.some("delimiter");
    // Before 2021-06-08 snapshots were not listed with a delimiter.
    if delimiter.is_some() && asked("snapshots") && !call.since(b"2021-06-08") {
        return Err(Refusal::bad_query(
            "include",
            call.query.get("include").unwrap_or_default(),
            "",
        ));
    }
    let query = BlobQuery {
        prefix: call.query.some("prefix").unwrap_or_default().to_owned(),
        delimiter: delimiter.map(str::to_owned),
        from,
        from_time,
        limit: call.page_size()?,
        shown: Shown {
            uncommitted: asked("uncommittedblobs"),
            snapshots: asked("snapshots"),
            versions: asked("versions"),
            deleted: asked("deleted") || asked("deletedwithversions"),
            versions_only: asked("deletedwithversions"),
        },
    };
    let told = Told {
        metadata: asked("metadata"),
        copy: asked("copy"),
        tags: asked("tags"),
        immutability: asked("immutabilitypolicy"),
        legal_hold: asked("legalhold"),
        premium: call.is_premium(),
    };
    let (at, now) = (call.container(), call.engine.now());
    let page = call.engine.read(|state| state.list_blobs(now, &at, &query))?;

    let mut xml = Xml::new();
    let container = ("ContainerName", &*at.container);
    xml.open_with(
        "EnumerationResults",
        &[("ServiceEndpoint", &call.target.endpoint), container],
    );
    if let Some(prefix) = call.query.some("prefix") {
        xml.name("Prefix", prefix);
    }
    xml.some("Marker", marker);
    xml.some("MaxResults", call.query.get("maxresults"));
    xml.some("Delimiter", call.query.get("delimiter"));
    xml.list("Blobs", &page.entries, |xml, entry| {
        put_entry(xml, call, entry, told, now)
    });
    let next = page.next.map(|at| marker::of_blob(&at));
    xml.text("NextMarker", next.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(Answer::new(StatusCode::OK).xml(xml))
}

fn put_entry(xml: &mut Xml, call: &Call, entry: &BlobEntry, told: Told, now: Timestamp) {
    match entry {
        BlobEntry::Prefix(prefix) => {
            xml.open("BlobPrefix");
            xml.name("Name", prefix);
            xml.close("BlobPrefix");
            return;
        }
        BlobEntry::Blob(listed) => {
            xml.open("Blob");
            xml.name("Name", &listed.name);
            put_identity(xml, listed);
            put_properties(xml, listed, told, now);
            if told.metadata {
                xml.list("Metadata", listed.blob.metadata.iter(), |xml, (key, value)| {
                    xml.text(key, value)
                });
            }
            if told.tags && !listed.blob.tags.is_empty() {
                xml.open("Tags");
                put_tag_set(xml, &listed.blob.tags);
                xml.close("Tags");
            }
        }
        BlobEntry::Uncommitted(name) => {
            xml.open("Blob");
            xml.name("Name", name);
            put_uncommitted_properties(xml);
        }
    }
    if call.since(b"2019-12-12") {
        xml.text("OrMetadata", "");
    }
    xml.close("Blob");
}

/// Which state of the blob it is.
fn put_identity(xml: &mut Xml, listed: &Listed) {
    if let Some(StateId::Snapshot(at)) = listed.id {
        xml.text("Snapshot", &at.iso8601());
    }
    if listed.deletion.is_some() || listed.versions_only {
        xml.text("Deleted", "true");
    }
    if listed.versions_only {
        xml.text("HasVersionsOnly", "true");
        return;
    }
    if let Some(version) = listed.blob.version
        && !matches!(listed.id, Some(StateId::Snapshot(_)))
    {
        xml.text("VersionId", &version.iso8601());
        if listed.id.is_none() {
            xml.text("IsCurrentVersion", "true");
        }
    }
}

fn put_properties(xml: &mut Xml, listed: &Listed, told: Told, now: Timestamp) {
    let blob = &listed.blob;
    let headers = &blob.headers;
    let text = |value: &Option<Box<str>>| value.as_deref().unwrap_or_default().to_owned();
    xml.open("Properties");
    xml.text("Creation-Time", &blob.created.rfc1123());
    xml.text("Last-Modified", &blob.modified.rfc1123());
    xml.some("Expiry-Time", blob.expires.map(Timestamp::rfc1123).as_deref());
    xml.text("Etag", &blob.tag.to_string());
    xml.text("Content-Length", &blob.len.to_string());
    xml.text("Content-Type", &text(&headers.content_type));
    xml.text("Content-Encoding", &text(&headers.encoding));
    xml.text("Content-Language", &text(&headers.language));
    xml.text("Content-CRC64", "");
    xml.text("Content-MD5", &text(&headers.md5));
    xml.text("Cache-Control", &text(&headers.cache_control));
    xml.text("Content-Disposition", &text(&headers.disposition));
    if let Content::Page { sequence, .. } = &blob.content {
        xml.text("x-ms-blob-sequence-number", &sequence.to_string());
    }
    xml.text("BlobType", blob.content.kind().as_str());
    put_tier(xml, listed, told, now);
    // What was has no lease.
    if listed.id.is_none() {
        let lease = LeaseShown::of(listed.lease.as_ref(), now);
        xml.text("LeaseStatus", lease.status.as_str());
        xml.text("LeaseState", lease.state.as_str());
        xml.some("LeaseDuration", lease.duration.as_ref().map(AsRef::as_ref));
    }
    if told.copy {
        put_copy(xml, listed);
    }
    xml.text("ServerEncrypted", "true");
    if let Content::Append { sealed: true, .. } = &blob.content {
        xml.text("Sealed", "true");
    }
    if let Encryption::CustomerKey(sha256) = &blob.encryption {
        xml.text("CustomerProvidedKeySha256", sha256);
    }
    if let Some(deletion) = listed.deletion {
        xml.text("DeletedTime", &deletion.at.rfc1123());
        xml.text("RemainingRetentionDays", &deletion.days_left(now).to_string());
    }
    if let Encryption::Scope(name) = &blob.encryption {
        xml.text("EncryptionScope", name);
    }
    if !blob.tags.is_empty() {
        xml.text("TagCount", &blob.tags.len().to_string());
    }
    if let Some(policy) = blob.immutability.filter(|_| told.immutability) {
        xml.text("ImmutabilityPolicyUntilDate", &policy.until.rfc1123());
        let mode = super::holds::mode(policy);
        xml.text("ImmutabilityPolicyMode", mode);
    }
    if told.legal_hold && blob.legal_hold {
        xml.text("LegalHold", "true");
    }
    xml.close("Properties");
}

fn put_tier(xml: &mut Xml, listed: &Listed, told: Told, now: Timestamp) {
    let blob = &listed.blob;
    let Some(tier) = blob.tier(now) else {
        if let Some(tier) = inferred_tier(blob, told.premium) {
            xml.text("AccessTier", tier.as_str());
            xml.text("AccessTierInferred", "true");
        }
        return;
    };
    xml.text("AccessTier", tier.tier.as_str());
    if tier.tier == AccessTier::Smart {
        xml.text("SmartAccessTier", "Hot");
    }
    if let Some(way) = blob.rehydration(now) {
        xml.text("ArchiveStatus", way.status().as_str());
        xml.text("RehydratePriority", way.priority.as_str());
    }
    xml.text("AccessTierChangeTime", &tier.changed.rfc1123());
}

fn put_copy(xml: &mut Xml, listed: &Listed) {
    let Some(copy) = &listed.blob.copy else {
        return;
    };
    xml.text("CopyId", &copy.id);
    xml.text("CopySource", &copy.source);
    xml.text("CopyStatus", copy.status.as_str());
    xml.text(
        "CopyProgress",
        &format!("{}/{}", copy.bytes_done, copy.bytes_total),
    );
    xml.some(
        "CopyCompletionTime",
        copy.completed.map(Timestamp::rfc1123).as_deref(),
    );
    xml.some("CopyStatusDescription", copy.description.as_deref());
    if copy.incremental {
        xml.text("IncrementalCopy", "true");
    }
    xml.some(
        "CopyDestinationSnapshot",
        copy.destination_snapshot.map(Timestamp::iso8601).as_deref(),
    );
}

/// Of a blob that was never committed nothing is known but that.
fn put_uncommitted_properties(xml: &mut Xml) {
    xml.open("Properties");
    xml.text("Content-Length", "0");
    xml.text("BlobType", "BlockBlob");
    xml.text("AccessTier", "Hot");
    xml.text("AccessTierInferred", "true");
    xml.text("LeaseStatus", "unlocked");
    xml.text("LeaseState", "available");
    xml.text("ServerEncrypted", "false");
    xml.close("Properties");
}
