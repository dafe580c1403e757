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
