//! The headers that Get Blob and Get Blob Properties share.

use http::header;
use lazuli_protocol::{AccessTier, header as names};

use super::holds::mode;
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::state::{Blob, Content, Encryption, Found, Lease, LeaseShown, Rehydration, Timestamp};

impl Call {
    /// Adds what a blob says of itself. `md5` is the checksum of the whole, where the answer holds it.
    pub(super) fn blob_headers(&self, answer: Answer, found: &Found, md5: Option<&str>) -> Answer {
        let blob = &found.blob;
        let headers = &blob.headers;
        // A shared access signature may say how the blob is to be read, whatever was kept with it.
        let given = self.caller.overrides().cloned().unwrap_or_default();
        let said = |given: Option<String>, kept: &Option<Box<str>>| {
            given.or_else(|| kept.as_deref().map(str::to_owned))
        };
        // Before 2011-08-18 tags had no quotes, and ranges were not spoken of.
        let old = !self.since(b"2011-08-18");
        let tag = if old {
            blob.tag.to_string()
        } else {
            blob.tag.quoted()
        };
        let answer = answer
            .some(
                header::CONTENT_TYPE,
                said(given.content_type, &headers.content_type),
            )
            .some(
                header::CONTENT_ENCODING,
                said(given.content_encoding, &headers.encoding),
            )
            .some(
                header::CONTENT_LANGUAGE,
                said(given.content_language, &headers.language),
            )
            .some(names::CONTENT_MD5, md5)
            .some(
                header::CACHE_CONTROL,
                said(given.cache_control, &headers.cache_control),
            )
            .header(header::LAST_MODIFIED, blob.modified.rfc1123())
            .some(header::ACCEPT_RANGES, (!old).then_some("bytes"))
            .header(header::ETAG, tag)
            .some(
                header::CONTENT_DISPOSITION,
                said(given.content_disposition, &headers.disposition),
            )
            .metadata(&blob.metadata)
            .header(names::CREATION_TIME, blob.created.rfc1123())
            .some(
                names::LAST_ACCESS_TIME,
                self.last_access(found).map(Timestamp::rfc1123),
            )
            .some(names::VERSION_ID, found.version().map(Timestamp::iso8601))
            .some(
                names::IS_CURRENT_VERSION,
                (blob.version.is_some() && found.id.is_none()).then_some("true"),
            );
        // What was has no lease, and who asks for a version is not told of one, even if it is the current one.
        let answer = if found.id.is_none() && self.query.some("versionid").is_none() {
            self.lease_headers(answer, found.lease.as_ref())
        } else {
            answer
        };
        let tags = blob.tags.len();
        answer
            .some(names::TAG_COUNT, (tags > 0).then(|| tags.to_string()))
            .some(names::EXPIRY_TIME, blob.expires.map(Timestamp::rfc1123))
            .protection(blob)
    }

    /// Adds where a lease is in its life.
    pub(super) fn lease_headers(&self, answer: Answer, lease: Option<&Lease>) -> Answer {
        let shown = LeaseShown::of(lease, self.engine.now());
        let answer = answer.header(names::LEASE_STATUS, shown.status);
        // Before 2011-08-18 a lease was there or not.
        answer
            .some(
                names::LEASE_STATE,
                self.since(b"2011-08-18").then_some(shown.state),
            )
            .some(names::LEASE_DURATION, shown.duration)
    }

    /// Adds what kind of blob it is, with what blobs of that kind have beside others, and what it is encrypted with.
    pub(super) fn kind_headers(&self, answer: Answer, blob: &Blob) -> Answer {
        let answer = answer.header(names::BLOB_TYPE, blob.content.kind());
        let answer = match &blob.content {
            Content::Block(_) => answer,
            Content::Append { pieces, sealed } => answer
                .header(names::BLOB_COMMITTED_BLOCK_COUNT, pieces.count().to_string())
                .some(names::BLOB_SEALED, sealed.then_some("true")),
            Content::Page { sequence, .. } => {
                answer.header(names::BLOB_SEQUENCE_NUMBER, sequence.to_string())
            }
        };
        answer
            .copied(blob)
            .header(names::SERVER_ENCRYPTED, "true")
            .encryption(blob)
    }

    /// Adds the tier that a blob is in.
    pub(super) fn tier_headers(&self, answer: Answer, blob: &Blob) -> Answer {
        match blob.tier(self.engine.now()) {
            Some(tier) => answer
                .header(names::ACCESS_TIER, tier.tier.as_str())
                // Of disks it is not told, as recorded.
                .some(
                    names::ACCESS_TIER_CHANGE_TIME,
                    (!matches!(blob.content, Content::Page { .. })).then(|| tier.changed.rfc1123()),
                )
                // The service moves such a blob from tier to tier. Here it stays where it comes in.
                .some(
                    names::SMART_ACCESS_TIER,
                    (tier.tier == AccessTier::Smart && self.since(b"2026-06-06")).then_some("Hot"),
                )
                .some(
                    names::ARCHIVE_STATUS,
                    blob.rehydration(self.engine.now()).map(Rehydration::status),
                )
                .some(
                    names::REHYDRATE_PRIORITY,
                    blob.rehydration(self.engine.now())
                        .filter(|_| self.since(b"2019-12-12"))
                        .map(|way| way.priority.clone()),
                ),
            None => match inferred_tier(blob, self.is_premium()) {
                Some(tier) => answer
                    .header(names::ACCESS_TIER, tier.as_str())
                    .header(names::ACCESS_TIER_INFERRED, "true"),
                None => answer,
            },
        }
    }
}

impl Answer {
    /// Adds how the last copy to a blob went.
    fn copied(self, blob: &Blob) -> Self {
        let Some(copy) = &blob.copy else {
            return self;
        };
        let progress = format!("{}/{}", copy.bytes_done, copy.bytes_total);
        self.header(names::COPY_ID, &copy.id)
            .header(names::COPY_SOURCE, &copy.source)
            .header(names::COPY_STATUS, copy.status.as_str())
            .some(names::COPY_STATUS_DESCRIPTION, copy.description.as_deref())
            .header(names::COPY_PROGRESS, progress)
            .some(
                names::COPY_COMPLETION_TIME,
                copy.completed.map(Timestamp::rfc1123),
            )
            .some(names::INCREMENTAL_COPY, copy.incremental.then_some("true"))
            .some(
                names::COPY_DESTINATION_SNAPSHOT,
                copy.destination_snapshot.map(Timestamp::iso8601),
            )
    }

    /// Adds what keeps a blob from being changed.
    fn protection(self, blob: &Blob) -> Self {
        let answer = match blob.immutability {
            Some(policy) => self
                .header(names::IMMUTABILITY_POLICY_UNTIL_DATE, policy.until.rfc1123())
                .header(names::IMMUTABILITY_POLICY_MODE, mode(policy)),
            None => self,
        };
        answer.some(names::LEGAL_HOLD, blob.legal_hold.then_some("true"))
    }

    /// Adds what every write to a blob answers: the version that it made, and what it is encrypted with.
    pub(super) fn written(self, blob: &Blob) -> Self {
        self.some(names::VERSION_ID, blob.version.map(Timestamp::iso8601))
            .header(names::REQUEST_SERVER_ENCRYPTED, "true")
            .encryption(blob)
    }

    /// Adds what a blob is encrypted with, where that is not the account's own key.
    pub(super) fn encryption(self, blob: &Blob) -> Self {
        self.encrypted(&blob.encryption)
    }

    /// Adds what something is encrypted with, where that is not the account's own key.
    pub(super) fn encrypted(self, with: &Encryption) -> Self {
        match with {
            Encryption::Account => self,
            Encryption::Scope(name) => self.header(names::ENCRYPTION_SCOPE, name),
            Encryption::CustomerKey(sha256) => self.header(names::ENCRYPTION_KEY_SHA256, sha256),
        }
    }
}

/// The tier that a blob is in when nobody asked for one: block blobs in that of the account, and page blobs of premium accounts in
/// the smallest that holds them.
pub(super) fn inferred_tier(blob: &Blob, premium: bool) -> Option<AccessTier> {
    const GIB: u64 = 1024 * 1024 * 1024;
    const HOLDS: [(u64, AccessTier); 5] = [
        (128, AccessTier::P10),
        (512, AccessTier::P20),
        (1024, AccessTier::P30),
        (2048, AccessTier::P40),
        (4096, AccessTier::P50),
    ];
    match blob.content {
        Content::Block(_) => Some(AccessTier::Hot),
        Content::Page { .. } if premium => {
            let holds = |most: u64| blob.len <= most.saturating_mul(GIB);
            let tier = HOLDS.into_iter().find(|(most, _)| holds(*most));
            Some(tier.map_or(AccessTier::P60, |(_, tier)| tier))
        }
        _ => None,
    }
}
