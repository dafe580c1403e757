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
    /// Whether the tier is the account's default.
    ACCESS_TIER_INFERRED = "x-ms-access-tier-inferred";
    /// Where an archived blob is on its way to.
    ARCHIVE_STATUS = "x-ms-archive-status";
    /// `Cache-Control` to keep with the blob.
    BLOB_CACHE_CONTROL = "x-ms-blob-cache-control";
    /// How many blocks an append blob was made from.
    BLOB_COMMITTED_BLOCK_COUNT = "x-ms-blob-committed-block-count";
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
    /// Who may read a container without a key.
    BLOB_PUBLIC_ACCESS = "x-ms-blob-public-access";
    /// The sequence number of a page blob.
    BLOB_SEQUENCE_NUMBER = "x-ms-blob-sequence-number";
    /// The kind of a blob.
    BLOB_TYPE = "x-ms-blob-type";
    /// The caller's own id of a request, echoed by the service.
    CLIENT_REQUEST_ID = "x-ms-client-request-id";
    /// The CRC64 of a body.
    CONTENT_CRC64 = "x-ms-content-crc64";
    /// When a copy ended.
    COPY_COMPLETION_TIME = "x-ms-copy-completion-time";
    /// The id of a copy.
    COPY_ID = "x-ms-copy-id";
    /// How far a copy is: bytes done, a slash, bytes in all.
    COPY_PROGRESS = "x-ms-copy-progress";
    /// Where a copy came from.
    COPY_SOURCE = "x-ms-copy-source";
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
    /// What to do with the snapshots of a blob that is deleted.
    DELETE_SNAPSHOTS = "x-ms-delete-snapshots";
    /// Whether a deleted blob is gone for good.
    DELETE_TYPE_PERMANENT = "x-ms-delete-type-permanent";
    /// Whether blobs may choose another encryption scope.
    DENY_ENCRYPTION_SCOPE_OVERRIDE = "x-ms-deny-encryption-scope-override";
    /// The scope that a blob is encrypted with.
    ENCRYPTION_SCOPE = "x-ms-encryption-scope";
    /// The service's error code.
    ERROR_CODE = "x-ms-error-code";
    /// Whether a container has an immutability policy.
    HAS_IMMUTABILITY_POLICY = "x-ms-has-immutability-policy";
    /// Whether a container has a legal hold.
    HAS_LEGAL_HOLD = "x-ms-has-legal-hold";
    /// Whether a container can hold immutable versions.
    IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED = "x-ms-immutable-storage-with-versioning-enabled";
    /// Whether the version that was read is the current one.
    IS_CURRENT_VERSION = "x-ms-is-current-version";
    /// Whether a lease ends by itself.
    LEASE_DURATION = "x-ms-lease-duration";
    /// The id that proves a lease.
    LEASE_ID = "x-ms-lease-id";
    /// Where a lease is in its life.
    LEASE_STATE = "x-ms-lease-state";
    /// Whether a lease keeps others out.
    LEASE_STATUS = "x-ms-lease-status";
    /// The range of bytes asked for.
    RANGE = "x-ms-range";
    /// Asks for the CRC64 of a range.
    RANGE_GET_CONTENT_CRC64 = "x-ms-range-get-content-crc64";
    /// Asks for the MD5 of a range.
    RANGE_GET_CONTENT_MD5 = "x-ms-range-get-content-md5";
    /// The service's own id of a request.
    REQUEST_ID = "x-ms-request-id";
    /// Whether the service encrypted what was written.
    REQUEST_SERVER_ENCRYPTED = "x-ms-request-server-encrypted";
    /// How long to wait before another try, in milliseconds.
    RETRY_AFTER_MS = "x-ms-retry-after-ms";
    /// Whether the service keeps the blob encrypted.
    SERVER_ENCRYPTED = "x-ms-server-encrypted";
    /// The version of the protocol.
    VERSION = "x-ms-version";
    /// The id of a version of a blob.
    VERSION_ID = "x-ms-version-id";
}
