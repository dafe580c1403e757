//! What the service tells of a blob, on every read and on Get Blob Properties.

use http::header as standard;
use lazuli_protocol::{
    AccessTier, Answer, ArchiveStatus, BlobType, CopyStatus, Error, Etag, LeaseDuration, LeaseState,
    LeaseStatus, Md5, Metadata, RehydratePriority, header,
};
use time::OffsetDateTime;

use crate::{CopiedFrom, EncryptedWith, ImmutabilityPolicy, Replication};

/// The properties of a blob. What the service left out is `None`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlobProperties {
    /// The identity of this state of the blob.
    pub etag: Etag,
    /// When the blob last changed; whole seconds.
    pub last_modified: OffsetDateTime,
    /// When the blob was made.
    pub creation_time: Option<OffsetDateTime>,
    /// The size of the whole blob, in bytes, also where only a range was read. The answer to a query does not tell it: it is 0 there, whatever the blob
    /// has.
    pub content_length: u64,
    /// The kind of the blob.
    pub blob_type: Option<BlobType>,
    /// The kept `Content-Type`.
    pub content_type: Option<String>,
    /// The kept `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// The kept `Content-Language`.
    pub content_language: Option<String>,
    /// The kept `Content-Disposition`.
    pub content_disposition: Option<String>,
    /// The kept `Cache-Control`.
    pub cache_control: Option<String>,
    /// The MD5 of the whole blob, if whoever wrote it had one kept.
    pub content_md5: Option<Md5>,
    /// The caller's own pairs.
    pub metadata: Metadata,
    /// The id of the version that was read.
    pub version_id: Option<String>,
    /// Whether that version is the current one.
    pub is_current_version: Option<bool>,
    /// The price class.
    pub access_tier: Option<AccessTier>,
    /// Whether the tier is the account's default.
    pub access_tier_inferred: Option<bool>,
    /// When the tier was last set.
    pub access_tier_change_time: Option<OffsetDateTime>,
    /// The tier that the service has put a blob of [`Smart`](AccessTier::Smart) in for now.
    pub smart_access_tier: Option<AccessTier>,
    /// Where an archived blob is on its way to. Get Blob Properties alone tells.
    pub archive_status: Option<ArchiveStatus>,
    /// How urgently it is brought back. Get Blob Properties alone tells.
    pub rehydrate_priority: Option<RehydratePriority>,
    /// Whether a lease keeps writers out.
    pub lease_status: Option<LeaseStatus>,
    /// Where the lease is in its life.
    pub lease_state: Option<LeaseState>,
    /// Whether the lease ends by itself.
    pub lease_duration: Option<LeaseDuration>,
    /// The id of the last copy to this blob.
    pub copy_id: Option<String>,
    /// How that copy stands.
    pub copy_status: Option<CopyStatus>,
    /// How far it is: bytes done, a slash, bytes in all.
    pub copy_progress: Option<String>,
    /// Where it came from.
    pub copy_source: Option<CopiedFrom>,
    /// When it ended.
    pub copy_completion_time: Option<OffsetDateTime>,
    /// Why it failed.
    pub copy_status_description: Option<String>,
    /// Whether the blob is the destination of incremental copies. Get Blob Properties alone tells.
    pub incremental_copy: Option<bool>,
    /// The snapshot that the last incremental copy made. Get Blob Properties alone tells.
    pub copy_destination_snapshot: Option<String>,
    /// What the blob is encrypted with.
    pub encryption: EncryptedWith,
    /// How many blocks an append blob was made from.
    pub committed_block_count: Option<u64>,
    /// Whether an append blob is closed for good.
    pub sealed: Option<bool>,
    /// The sequence number of a page blob.
    pub sequence_number: Option<u64>,
    /// How many tags the blob has. Without a right to read tags, nothing is told.
    pub tag_count: Option<u64>,
    /// When the blob goes by itself. Get Blob Properties alone tells.
    pub expiry_time: Option<OffsetDateTime>,
    /// When the blob was last read or written, where the account keeps account of it.
    pub last_access_time: Option<OffsetDateTime>,
    /// Until when the blob cannot be changed.
    pub immutability_policy: Option<ImmutabilityPolicy>,
    /// Whether the blob cannot be changed until a hold is taken away.
    pub legal_hold: Option<bool>,
    /// How the blob stands with object replication.
    pub replication: Replication,
}

impl BlobProperties {
    /// Reads the headers of an answer about a whole blob of `content_length` bytes.
    pub(crate) fn read(answer: &Answer, content_length: u64) -> Result<Self, Error> {
        // A ranged read gives the MD5 of the whole blob apart from that of the range.
        let whole_md5 = answer.parsed(&header::BLOB_CONTENT_MD5);
        let ranged = answer.status() == http::StatusCode::PARTIAL_CONTENT;
        let body_md5 = || {
            if ranged {
                None
            } else {
                answer.parsed(&header::CONTENT_MD5)
            }
        };
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            creation_time: answer.date(&header::CREATION_TIME),
            content_length,
            blob_type: answer.value(&header::BLOB_TYPE),
            content_type: answer.string(&standard::CONTENT_TYPE),
            content_encoding: answer.string(&standard::CONTENT_ENCODING),
            content_language: answer.string(&standard::CONTENT_LANGUAGE),
            content_disposition: answer.string(&standard::CONTENT_DISPOSITION),
            cache_control: answer.string(&standard::CACHE_CONTROL),
            content_md5: whole_md5.or_else(body_md5),
            metadata: Metadata::from_headers(answer.headers()),
            version_id: answer.string(&header::VERSION_ID),
            is_current_version: answer.flag(&header::IS_CURRENT_VERSION),
            access_tier: answer.value(&header::ACCESS_TIER),
            access_tier_inferred: answer.flag(&header::ACCESS_TIER_INFERRED),
            access_tier_change_time: answer.date(&header::ACCESS_TIER_CHANGE_TIME),
            smart_access_tier: answer.value(&header::SMART_ACCESS_TIER),
            archive_status: answer.value(&header::ARCHIVE_STATUS),
            rehydrate_priority: answer.value(&header::REHYDRATE_PRIORITY),
            lease_status: answer.value(&header::LEASE_STATUS),
            lease_state: answer.value(&header::LEASE_STATE),
            lease_duration: answer.value(&header::LEASE_DURATION),
            copy_id: answer.string(&header::COPY_ID),
            copy_status: answer.value(&header::COPY_STATUS),
            copy_progress: answer.string(&header::COPY_PROGRESS),
            copy_source: answer.string(&header::COPY_SOURCE).map(CopiedFrom::new),
            copy_completion_time: answer.date(&header::COPY_COMPLETION_TIME),
            copy_status_description: answer.string(&header::COPY_STATUS_DESCRIPTION),
            incremental_copy: answer.flag(&header::INCREMENTAL_COPY),
            copy_destination_snapshot: answer.string(&header::COPY_DESTINATION_SNAPSHOT),
            encryption: EncryptedWith::kept(answer),
            committed_block_count: answer.parsed(&header::BLOB_COMMITTED_BLOCK_COUNT),
            sealed: answer.flag(&header::BLOB_SEALED),
            sequence_number: answer.parsed(&header::BLOB_SEQUENCE_NUMBER),
            tag_count: answer.parsed(&header::TAG_COUNT),
            expiry_time: answer.date(&header::EXPIRY_TIME),
            last_access_time: answer.date(&header::LAST_ACCESS_TIME),
            immutability_policy: ImmutabilityPolicy::read(answer),
            legal_hold: answer.flag(&header::LEGAL_HOLD),
            replication: Replication::read(answer),
        })
    }
}
