//! What a list tells of a blob, fact by fact, whatever form it is written in.

use lazuli_protocol::AccessTier;

use super::Told;
use crate::service::operations::blob_headers::inferred_tier;
use crate::service::operations::holds::mode;
use crate::state::{Content, Encryption, LeaseShown, Listed, StateId, Timestamp};

/// Something that facts are written into, each under the name that its element has in XML, in the order of the elements.
pub(super) trait Facts {
    /// A text, that may be empty.
    fn text(&mut self, name: &'static str, text: &str);

    fn flag(&mut self, name: &'static str, flag: bool);

    fn number(&mut self, name: &'static str, number: u64);

    /// A time, as exact as HTTP's dates are.
    fn time(&mut self, name: &'static str, time: Timestamp);

    /// A text, if there is one.
    fn some(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.text(name, text);
        }
    }
}

/// Which state of the blob it is.
pub(super) fn tell_identity(facts: &mut impl Facts, listed: &Listed) {
    if let Some(StateId::Snapshot(at)) = listed.id {
        facts.text("Snapshot", &at.iso8601());
    }
    if listed.deletion.is_some() {
        facts.flag("Deleted", true);
    }
    if let Some(version) = listed.version() {
        facts.text("VersionId", &version.iso8601());
        // The last version of a blob that was deleted is called its current one, as recorded.
        if listed.id.is_none() || listed.versions_only {
            facts.flag("IsCurrentVersion", true);
        }
    }
    if listed.versions_only {
        facts.flag("HasVersionsOnly", true);
    }
}

/// What is told of all blobs, and what the list was asked to tell beside that.
pub(super) fn tell_properties(facts: &mut impl Facts, listed: &Listed, told: Told) {
    let blob = &listed.blob;
    let headers = &blob.headers;
    let text = |value: &Option<Box<str>>| value.as_deref().unwrap_or_default().to_owned();
    facts.time("Creation-Time", blob.created);
    facts.time("Last-Modified", blob.modified);
    if let Some(expires) = blob.expires {
        facts.time("Expiry-Time", expires);
    }
    facts.text("Etag", &blob.tag.to_string());
    facts.number("Content-Length", blob.len);
    facts.text("Content-Type", &text(&headers.content_type));
    facts.text("Content-Encoding", &text(&headers.encoding));
    facts.text("Content-Language", &text(&headers.language));
    facts.text("Content-CRC64", "");
    facts.text("Content-MD5", &text(&headers.md5));
    facts.text("Cache-Control", &text(&headers.cache_control));
    facts.text("Content-Disposition", &text(&headers.disposition));
    if let Some(access) = blob
        .last_access()
        .filter(|_| told.last_access && listed.id.is_none())
    {
        facts.time("LastAccessTime", access);
    }
    if let Content::Page { sequence, .. } = &blob.content {
        facts.number("x-ms-blob-sequence-number", *sequence);
    }
    facts.text("BlobType", blob.content.kind().as_str());
    tell_tier(facts, listed, told);
    // What was has no lease, and what stands for a name has the name's.
    if listed.id.is_none() || listed.versions_only {
        let lease = LeaseShown::of(listed.lease.as_ref(), told.now);
        facts.text("LeaseStatus", lease.status.as_str());
        facts.text("LeaseState", lease.state.as_str());
        facts.some("LeaseDuration", lease.duration.as_ref().map(AsRef::as_ref));
    }
    if told.copy {
        tell_copy(facts, listed);
    }
    facts.flag("ServerEncrypted", true);
    if let Content::Append { sealed: true, .. } = &blob.content {
        facts.flag("Sealed", true);
    }
    if let Encryption::CustomerKey(sha256) = &blob.encryption {
        facts.text("CustomerProvidedKeySha256", sha256);
    }
    if let Some(deletion) = listed.deletion {
        facts.time("DeletedTime", deletion.at);
        facts.number("RemainingRetentionDays", deletion.days_left(told.now));
    }
    if let Encryption::Scope(name) = &blob.encryption {
        facts.text("EncryptionScope", name);
    }
    if !blob.tags.is_empty() {
        facts.number("TagCount", u64::try_from(blob.tags.len()).unwrap_or(u64::MAX));
    }
    if let Some(policy) = blob.immutability.filter(|_| told.immutability) {
        facts.time("ImmutabilityPolicyUntilDate", policy.until);
        let mode = mode(policy);
        facts.text("ImmutabilityPolicyMode", mode);
    }
    if told.legal_hold && blob.legal_hold {
        facts.flag("LegalHold", true);
    }
}

fn tell_tier(facts: &mut impl Facts, listed: &Listed, told: Told) {
    let blob = &listed.blob;
    let Some(tier) = blob.tier(told.now) else {
        if let Some(tier) = inferred_tier(blob, told.premium) {
            facts.text("AccessTier", tier.as_str());
            facts.flag("AccessTierInferred", true);
        }
        return;
    };
    facts.text("AccessTier", tier.tier.as_str());
    if tier.tier == AccessTier::Smart {
        facts.text("SmartAccessTier", "Hot");
    }
    if let Some(way) = blob.rehydration(told.now) {
        facts.text("ArchiveStatus", way.status().as_str());
        facts.text("RehydratePriority", way.priority.as_str());
    }
    facts.time("AccessTierChangeTime", tier.changed);
}

fn tell_copy(facts: &mut impl Facts, listed: &Listed) {
    let Some(copy) = &listed.blob.copy else {
        return;
    };
    facts.text("CopyId", &copy.id);
    facts.text("CopySource", &copy.source);
    facts.text("CopyStatus", copy.status.as_str());
    facts.text(
        "CopyProgress",
        &format!("{}/{}", copy.bytes_done, copy.bytes_total),
    );
    if let Some(completed) = copy.completed {
        facts.time("CopyCompletionTime", completed);
    }
    facts.some("CopyStatusDescription", copy.description.as_deref());
    if copy.incremental {
        facts.flag("IncrementalCopy", true);
    }
    facts.some(
        "CopyDestinationSnapshot",
        copy.destination_snapshot.map(Timestamp::iso8601).as_deref(),
    );
}

/// Of a blob that was never committed nothing is known but that.
pub(super) fn tell_uncommitted(facts: &mut impl Facts) {
    facts.number("Content-Length", 0);
    facts.text("BlobType", "BlockBlob");
    facts.text("AccessTier", "Hot");
    facts.flag("AccessTierInferred", true);
    facts.text("LeaseStatus", "unlocked");
    facts.text("LeaseState", "available");
    facts.flag("ServerEncrypted", false);
}
