//! Limits of the service, as constants.

/// The largest block of a block blob, in bytes (4,000 MiB).
pub const BLOCK_BYTES: u64 = 4000 * 1024 * 1024;
/// The most blocks that a block blob is committed from.
pub const COMMITTED_BLOCKS: u64 = 50_000;
/// The most uncommitted blocks that a blob may have.
pub const UNCOMMITTED_BLOCKS: usize = 100_000;
/// The largest body of a single Put Blob, in bytes (5,000 MiB).
pub const PUT_BLOB_BYTES: u64 = 5000 * 1024 * 1024;
/// The longest block id before it is written in base64, in bytes.
pub const BLOCK_ID_BYTES: usize = 64;
/// The largest range that a read may ask a checksum for, in bytes (4 MiB).
pub const RANGE_CHECKSUM_BYTES: u64 = 4 * 1024 * 1024;
/// All metadata of a resource, names and values, in bytes (8 KiB).
pub const METADATA_BYTES: usize = 8 * 1024;
/// The largest page of a list, in entries; a larger wish is cut down to it.
pub const LIST_PAGE: u32 = 5000;
/// The longest blob name, in UTF-16 units as the service counts.
pub const BLOB_NAME_CHARS: usize = 1024;
/// The most path segments of a blob name.
pub const BLOB_NAME_SEGMENTS: usize = 254;
/// The longest `x-ms-client-request-id`, in bytes (1 KiB).
pub const CLIENT_REQUEST_ID_BYTES: usize = 1024;
/// The most stored access policies of a container or a share.
pub const STORED_POLICIES: usize = 5;
/// The longest name of a stored access policy, in characters.
pub const STORED_POLICY_ID_CHARS: usize = 64;
/// The longest that a user delegation key is valid, in seconds from when it is asked for (seven days).
pub const USER_DELEGATION_KEY_SECONDS: i64 = 7 * 24 * 60 * 60;
/// The most tags of a blob.
pub const TAGS: usize = 10;
/// The longest key of a tag, in characters.
pub const TAG_KEY_CHARS: usize = 128;
/// The longest value of a tag, in characters.
pub const TAG_VALUE_CHARS: usize = 256;
/// The most blocks of an append blob.
pub const APPEND_BLOCKS: u64 = 50_000;
/// The largest block of an append, in bytes (100 MiB).
pub const APPEND_BLOCK_BYTES: u64 = 100 * 1024 * 1024;
/// The size of a page, in bytes: what sizes and ranges of page blobs are multiples of.
pub const PAGE_BYTES: u64 = 512;
/// The most that one Put Page writes, in bytes (4 MiB).
pub const PUT_PAGE_BYTES: u64 = 4 * 1024 * 1024;
/// The largest page blob, in bytes (8 TiB).
pub const PAGE_BLOB_BYTES: u64 = 8 * 1024 * 1024 * 1024 * 1024;
/// The most requests in a batch.
pub const BATCH_PARTS: usize = 256;
/// The largest body of a batch, in bytes (4 MiB).
pub const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// The shortest lease that ends by itself, in seconds.
pub const LEASE_SECONDS_MIN: u32 = 15;
/// The longest lease that ends by itself, in seconds.
pub const LEASE_SECONDS_MAX: u32 = 60;
/// The longest that a broken lease can go on, in seconds.
pub const LEASE_BREAK_SECONDS_MAX: u32 = 60;
/// The most rules for requests from other origins.
pub const CORS_RULES: usize = 5;
/// The largest source of a copy that is done before the answer, in bytes (256 MiB).
pub const SYNC_COPY_BYTES: u64 = 256 * 1024 * 1024;
