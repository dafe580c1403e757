//! The wire vocabulary of Azure Storage, without any I/O.
//!
//! Everything above this crate, the clients and the simulation alike, speaks in these words: header names, error
//! codes, names and their rules, byte ranges, conditions, metadata, checksums, XML bodies, and the [`Operation`]
//! that turns a typed call into an [`http::Request`] and an [`http::Response`] back into a typed answer.
//!
//! Nothing here opens a socket, reads a clock on its own, or draws a random number. A test can feed it bytes, and any
//! HTTP client can carry what it makes.
//!
//! ```
//! use lazuli_protocol::{BlobName, ByteRange, ContainerName, Endpoint};
//!
//! let endpoint = Endpoint::parse("https://example.blob.core.windows.net")?;
//! let uri = endpoint
//!     .uri()
//!     .container(&ContainerName::new("models")?)
//!     .blob(&BlobName::new("llama/weights v2.bin")?)
//!     .query("versionid", "2026-01-02T03:04:05.1234567Z")
//!     .build()?;
//! assert_eq!(uri.path(), "/models/llama/weights%20v2.bin");
//! assert_eq!(ByteRange::from(0..1024).to_string(), "bytes=0-1023");
//! # Ok::<(), lazuli_protocol::Error>(())
//! ```

mod answer;
mod api_version;
#[cfg(feature = "arrow")]
mod arrow;
mod batch;
mod body;
mod checksum;
mod clock;
mod conditions;
mod date;
mod endpoint;
mod error;
mod error_code;
mod etag;
mod lease_id;
mod metadata;
mod names;
mod operation;
mod percent;
mod range;
mod redact;
mod response_body;
mod service_error;
mod structured_message;
mod tags;
mod vocabulary;

pub mod header;
pub mod limits;
pub mod xml;

pub use answer::Answer;
pub use api_version::ApiVersion;
pub use batch::{BatchPart, BatchRequest, parse_batch_answer};
pub use body::{Body, BodyKind, ByteStream, FilePart};
pub use checksum::{Checksum, Crc64, Crc64Hasher, Md5, Md5Hasher};
pub use clock::{Clock, ManualClock, SystemClock};
pub use conditions::{Conditions, EtagMatch};
pub use date::{format_rfc1123, parse_rfc1123};
pub use endpoint::{AddressStyle, Endpoint, UriBuilder};
pub use error::{BoxError, Error, ErrorKind};
pub use error_code::ErrorCode;
pub use etag::Etag;
pub use lease_id::LeaseId;
pub use metadata::Metadata;
pub use names::{BlobName, ContainerName};
pub use operation::{Operation, OperationInfo, OperationKind, Repeat, Service};
pub use percent::{decode as percent_decode, encode_path, encode_query};
pub use range::{ByteRange, ContentRange};
pub use redact::redacted_uri;
pub use response_body::ResponseBody;
pub use service_error::{ServiceError, retry_after};
pub use structured_message::{
    ContentMustBeVerified, ContentVerified, STRUCTURED_BODY, StructuredDecoder, StructuredEncoder,
    structured_length, structured_message,
};
pub use tags::{BlobTags, check_tag_key, check_tag_value};
pub use vocabulary::{
    AccessTier, AccountKind, ArchiveStatus, ArrowFieldType, BlobType, BlockListKind, ChangeFeedEventType,
    CopySourceTags, CopyStatus, ExpiryOption, GeoReplicationStatus, ImmutabilityPolicyMode, LeaseDuration,
    LeaseState, LeaseStatus, PublicAccess, RehydratePriority, SequenceNumberAction, SkuName,
};
