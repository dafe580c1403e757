//! The names of the service's own headers.

use http::HeaderName;

/// The MD5 of a body. It is the one standard header that the services use and `http` does not name.
pub const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

macro_rules! headers {
    ($($(#[$doc:meta])* $name:ident = $wire:literal;)*) => {
        $($(#[$doc])* pub const $name: HeaderName = HeaderName::from_static($wire);)*

        #[cfg(test)]
        mod tests {
            #[test]
            fn every_name_is_its_own_constant() {
                let names = [$(($wire, stringify!($name)),)*];
                for (wire, constant) in names {
                    let short = wire.strip_prefix("x-ms-").unwrap();
                    assert_eq!(short.replace('-', "_").to_uppercase(), constant);
                }
            }
        }
    };
}

headers! {
    /// The price class of a blob.
    ACCESS_TIER = "x-ms-access-tier";
    /// When the tier was last set.
    ACCESS_TIER_CHANGE_TIME = "x-ms-access-tier-change-time";
    /// In a part of a batch: only if the tier was set after this.
    ACCESS_TIER_IF_MODIFIED_SINCE = "x-ms-access-tier-if-modified-since";
    /// In a part of a batch: only if the tier was not set after this.
    ACCESS_TIER_IF_UNMODIFIED_SINCE = "x-ms-access-tier-if-unmodified-since";
    /// Whether the tier is the account's default.
    ACCESS_TIER_INFERRED = "x-ms-access-tier-inferred";
    /// The kind of an account.
    ACCOUNT_KIND = "x-ms-account-kind";
    /// Where an archived blob is on its way to.
    ARCHIVE_STATUS = "x-ms-archive-status";
    /// Where an append began, in bytes.
    BLOB_APPEND_OFFSET = "x-ms-blob-append-offset";
    /// `Cache-Control` to keep with the blob.
    BLOB_CACHE_CONTROL = "x-ms-blob-cache-control";
    /// How many blocks an append blob was made from.
    BLOB_COMMITTED_BLOCK_COUNT = "x-ms-blob-committed-block-count";
    /// Append only if the blob has exactly this many bytes.
    BLOB_CONDITION_APPENDPOS = "x-ms-blob-condition-appendpos";
    /// Append only if the blob has at most this many bytes afterwards.
    BLOB_CONDITION_MAXSIZE = "x-ms-blob-condition-maxsize";
    /// `Content-Disposition` to keep with the blob.
    BLOB_CONTENT_DISPOSITION = "x-ms-blob-content-disposition";
    /// `Content-Encoding` to keep with the blob.
    BLOB_CONTENT_ENCODING = "x-ms-blob-content-encoding";
    /// `Content-Language` to keep with the blob.
    BLOB_CONTENT_LANGUAGE = "x-ms-blob-content-language";
    /// The size of a blob, in bytes.
    BLOB_CONTENT_LENGTH = "x-ms-blob-content-length";
    /// The MD5 of a whole blob.
    BLOB_CONTENT_MD5 = "x-ms-blob-content-md5";
    /// `Content-Type` to keep with the blob.
    BLOB_CONTENT_TYPE = "x-ms-blob-content-type";
    /// Get or set tags only if the blob is in this state.
    BLOB_IF_MATCH = "x-ms-blob-if-match";
    /// Get or set tags only if the blob changed after this.
    BLOB_IF_MODIFIED_SINCE = "x-ms-blob-if-modified-since";
    /// Get or set tags only if the blob is not in this state.
    BLOB_IF_NONE_MATCH = "x-ms-blob-if-none-match";
    /// Get or set tags only if the blob did not change after this.
    BLOB_IF_UNMODIFIED_SINCE = "x-ms-blob-if-unmodified-since";
    /// Who may read a container without a key.
    BLOB_PUBLIC_ACCESS = "x-ms-blob-public-access";
    /// Whether an append blob is closed for good.
    BLOB_SEALED = "x-ms-blob-sealed";
    /// The sequence number of a page blob.
    BLOB_SEQUENCE_NUMBER = "x-ms-blob-sequence-number";
    /// The kind of a blob.
    BLOB_TYPE = "x-ms-blob-type";
    /// The caller's own id of a request, echoed by the service.
    CLIENT_REQUEST_ID = "x-ms-client-request-id";
    /// The CRC64 of a body.
    CONTENT_CRC64 = "x-ms-content-crc64";
    /// What to do with a copy that is under way: `abort`.
    COPY_ACTION = "x-ms-copy-action";
    /// When a copy ended.
    COPY_COMPLETION_TIME = "x-ms-copy-completion-time";
    /// The snapshot that an incremental copy made last.
    COPY_DESTINATION_SNAPSHOT = "x-ms-copy-destination-snapshot";
    /// The id of a copy.
    COPY_ID = "x-ms-copy-id";
    /// How far a copy is: bytes done, a slash, bytes in all.
    COPY_PROGRESS = "x-ms-copy-progress";
    /// Where a copy came from.
    COPY_SOURCE = "x-ms-copy-source";
    /// How a source is read: `Bearer` and a token.
    COPY_SOURCE_AUTHORIZATION = "x-ms-copy-source-authorization";
    /// Whether the headers of a source are taken over.
    COPY_SOURCE_BLOB_PROPERTIES = "x-ms-copy-source-blob-properties";
    /// What the source of a copy was refused with.
    COPY_SOURCE_ERROR_CODE = "x-ms-copy-source-error-code";
    /// The status that the source of a copy answered with.
    COPY_SOURCE_STATUS_CODE = "x-ms-copy-source-status-code";
    /// Whether the tags of a source are taken over.
    COPY_SOURCE_TAG_OPTION = "x-ms-copy-source-tag-option";
    /// How a copy stands.
    COPY_STATUS = "x-ms-copy-status";
    /// Why a copy failed.
    COPY_STATUS_DESCRIPTION = "x-ms-copy-status-description";
    /// When a blob was made.
    CREATION_TIME = "x-ms-creation-time";
    /// The time of a request, signed.
    DATE = "x-ms-date";
    /// The encryption scope of a container's blobs.
    DEFAULT_ENCRYPTION_SCOPE = "x-ms-default-encryption-scope";
    /// The name of the container to restore.
    DELETED_CONTAINER_NAME = "x-ms-deleted-container-name";
    /// The version of the container to restore.
    DELETED_CONTAINER_VERSION = "x-ms-deleted-container-version";
    /// What to do with the snapshots of a blob that is deleted.
    DELETE_SNAPSHOTS = "x-ms-delete-snapshots";
    /// Whether a deleted blob is gone for good.
    DELETE_TYPE_PERMANENT = "x-ms-delete-type-permanent";
    /// Whether blobs may choose another encryption scope.
    DENY_ENCRYPTION_SCOPE_OVERRIDE = "x-ms-deny-encryption-scope-override";
    /// The algorithm of a customer-provided key.
    ENCRYPTION_ALGORITHM = "x-ms-encryption-algorithm";
    /// A customer-provided key.
    ENCRYPTION_KEY = "x-ms-encryption-key";
    /// The SHA-256 of a customer-provided key.
    ENCRYPTION_KEY_SHA256 = "x-ms-encryption-key-sha256";
    /// The scope that a blob is encrypted with.
    ENCRYPTION_SCOPE = "x-ms-encryption-scope";
    /// The service's error code.
    ERROR_CODE = "x-ms-error-code";
    /// How an expiry is meant.
    EXPIRY_OPTION = "x-ms-expiry-option";
    /// When a blob goes by itself.
    EXPIRY_TIME = "x-ms-expiry-time";
    /// Why a file share is read with a token.
    FILE_REQUEST_INTENT = "x-ms-file-request-intent";
    /// Whether a container has an immutability policy.
    HAS_IMMUTABILITY_POLICY = "x-ms-has-immutability-policy";
    /// Whether a container has a legal hold.
    HAS_LEGAL_HOLD = "x-ms-has-legal-hold";
    /// Only if the sequence number is this.
    IF_SEQUENCE_NUMBER_EQ = "x-ms-if-sequence-number-eq";
    /// Only if the sequence number is at most this.
    IF_SEQUENCE_NUMBER_LE = "x-ms-if-sequence-number-le";
    /// Only if the sequence number is less than this.
    IF_SEQUENCE_NUMBER_LT = "x-ms-if-sequence-number-lt";
    /// Only if the tags of a blob are so.
    IF_TAGS = "x-ms-if-tags";
    /// How firm an immutability policy is.
    IMMUTABILITY_POLICY_MODE = "x-ms-immutability-policy-mode";
    /// Until when a blob cannot be changed.
    IMMUTABILITY_POLICY_UNTIL_DATE = "x-ms-immutability-policy-until-date";
    /// Whether a container can hold immutable versions.
    IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED = "x-ms-immutable-storage-with-versioning-enabled";
    /// Whether a blob is the destination of incremental copies.
    INCREMENTAL_COPY = "x-ms-incremental-copy";
    /// Whether the version that was read is the current one.
    IS_CURRENT_VERSION = "x-ms-is-current-version";
    /// Whether an account has a hierarchical namespace.
    IS_HNS_ENABLED = "x-ms-is-hns-enabled";
    /// When a blob was last read or written.
    LAST_ACCESS_TIME = "x-ms-last-access-time";
    /// What to do with a lease.
    LEASE_ACTION = "x-ms-lease-action";
    /// How long a lease that is broken goes on, in seconds.
    LEASE_BREAK_PERIOD = "x-ms-lease-break-period";
    /// Whether a lease ends by itself.
    LEASE_DURATION = "x-ms-lease-duration";
    /// The id that proves a lease.
    LEASE_ID = "x-ms-lease-id";
    /// Where a lease is in its life.
    LEASE_STATE = "x-ms-lease-state";
    /// Whether a lease keeps others out.
    LEASE_STATUS = "x-ms-lease-status";
    /// How long a broken lease goes on, in seconds.
    LEASE_TIME = "x-ms-lease-time";
    /// Whether a blob is under a legal hold.
    LEGAL_HOLD = "x-ms-legal-hold";
    /// The policy that replicated a blob to here.
    OR_POLICY_ID = "x-ms-or-policy-id";
    /// What to do with pages: `update` or `clear`.
    PAGE_WRITE = "x-ms-page-write";
    /// The snapshot that pages are compared with, by its URL.
    PREVIOUS_SNAPSHOT_URL = "x-ms-previous-snapshot-url";
    /// The id that a lease is to have.
    PROPOSED_LEASE_ID = "x-ms-proposed-lease-id";
    /// The range of bytes asked for.
    RANGE = "x-ms-range";
    /// Asks for the CRC64 of a range.
    RANGE_GET_CONTENT_CRC64 = "x-ms-range-get-content-crc64";
    /// Asks for the MD5 of a range.
    RANGE_GET_CONTENT_MD5 = "x-ms-range-get-content-md5";
    /// How urgently an archived blob is brought back.
    REHYDRATE_PRIORITY = "x-ms-rehydrate-priority";
    /// The service's own id of a request.
    REQUEST_ID = "x-ms-request-id";
    /// Whether the service encrypted what was written.
    REQUEST_SERVER_ENCRYPTED = "x-ms-request-server-encrypted";
    /// Whether a copy is to be done before the answer.
    REQUIRES_SYNC = "x-ms-requires-sync";
    /// How long to wait before another try, in milliseconds.
    RETRY_AFTER_MS = "x-ms-retry-after-ms";
    /// Whether the destination of a copy is closed for good.
    SEAL_BLOB = "x-ms-seal-blob";
    /// What to do with a sequence number.
    SEQUENCE_NUMBER_ACTION = "x-ms-sequence-number-action";
    /// Whether the service keeps the blob encrypted.
    SERVER_ENCRYPTED = "x-ms-server-encrypted";
    /// The redundancy and performance of an account.
    SKU_NAME = "x-ms-sku-name";
    /// The tier that a blob in `Smart` is in now.
    SMART_ACCESS_TIER = "x-ms-smart-access-tier";
    /// The id of a snapshot.
    SNAPSHOT = "x-ms-snapshot";
    /// The name of the container to rename.
    SOURCE_CONTAINER_NAME = "x-ms-source-container-name";
    /// The CRC64 that a source must have.
    SOURCE_CONTENT_CRC64 = "x-ms-source-content-crc64";
    /// The MD5 that a source must have.
    SOURCE_CONTENT_MD5 = "x-ms-source-content-md5";
    /// The algorithm of the customer-provided key of a source.
    SOURCE_ENCRYPTION_ALGORITHM = "x-ms-source-encryption-algorithm";
    /// The customer-provided key of a source.
    SOURCE_ENCRYPTION_KEY = "x-ms-source-encryption-key";
    /// The SHA-256 of the customer-provided key of a source.
    SOURCE_ENCRYPTION_KEY_SHA256 = "x-ms-source-encryption-key-sha256";
    /// Only if the source is in this state.
    SOURCE_IF_MATCH = "x-ms-source-if-match";
    /// Only if the source changed after this.
    SOURCE_IF_MODIFIED_SINCE = "x-ms-source-if-modified-since";
    /// Only if the source is not in this state.
    SOURCE_IF_NONE_MATCH = "x-ms-source-if-none-match";
    /// Only if the tags of the source are so.
    SOURCE_IF_TAGS = "x-ms-source-if-tags";
    /// Only if the source did not change after this.
    SOURCE_IF_UNMODIFIED_SINCE = "x-ms-source-if-unmodified-since";
    /// The id that proves a lease on the source.
    SOURCE_LEASE_ID = "x-ms-source-lease-id";
    /// The bytes of the source.
    SOURCE_RANGE = "x-ms-source-range";
    /// How a body is framed.
    STRUCTURED_BODY = "x-ms-structured-body";
    /// The length of what a framed body holds, in bytes.
    STRUCTURED_CONTENT_LENGTH = "x-ms-structured-content-length";
    /// The tags of a blob, encoded as a query.
    TAGS = "x-ms-tags";
    /// How many tags a blob has.
    TAG_COUNT = "x-ms-tag-count";
    /// The version of the protocol.
    VERSION = "x-ms-version";
    /// The id of a version of a blob.
    VERSION_ID = "x-ms-version-id";
}
