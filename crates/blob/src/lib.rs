//! Azure Blob Storage from Rust.
//!
//! Calls read like sentences and are sent when they are awaited. Underneath, every call is a plain
//! [operation](operations): a value that turns into an HTTP request and reads the answer, without any I/O of its own, so it can be
//! tested with bytes and carried by any HTTP client.
//!
//! ```no_run
//! use futures_util::TryStreamExt as _;
//! use lazuli_blob::BlobServiceClient;
//! use lazuli_protocol::EtagMatch;
//!
//! # async fn example() -> Result<(), lazuli_blob::Error> {
//! let blobs = BlobServiceClient::from_connection_string("UseDevelopmentStorage=true")?;
//! let blob = blobs.container("models").blob("llama/weights.bin");
//!
//! blob.upload("bytes").content_type("application/octet-stream").if_none_match(EtagMatch::Any).await?;
//! let first = blob.download().range(0..1024).await?.bytes().await?;
//!
//! let mut items = blobs.container("models").list().prefix("llama/").items();
//! while let Some(entry) = items.try_next().await? {
//!     println!("{entry:?}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Integrity
//! *Up:* content in memory is sent with its CRC64, or [its MD5](Call::md5), which the service checks before it answers. Of a stream or a file without a
//! checksum, the CRC64 is computed while it is sent, and held against that of what the service says to have received.
//!
//! *Down:* content is asked for in segments of 4 MiB, each with its CRC64, and a [`Download`] brings only what was right. What is damaged is read again, as what broke off
//! is. A service that does not know of segments sends the content alone; then its length is checked, and [`Download::is_checked`] says `false`.
//! [`checked`](Call::checked) takes no such answer, [`unchecked`](Call::unchecked) does not ask for segments, and [`range_checksum`](Call::range_checksum)
//! asks for one CRC64 or MD5 of a range of up to 4 MiB.
//!
//! # Questions to a blob
//! With the feature `query`, [`BlobClient::query`] has the service run SQL over CSV, JSON or Parquet and gives the answer as a stream. What the
//! service reports on the way is not lost: progress, and records that it could not read.
//!
//! # What has changed in an account
//! With the feature `change-feed`, [`BlobServiceClient::change_feed`] reads the log that the service keeps of every change to every blob, as a stream of
//! typed events that can be left and taken up again where it was.
//!
//! # Features
//! - `arrow`, off by default: lists of blobs as Apache Arrow tables.
//! - `change-feed` and `query`, off by default: see above. Both read Avro.
//! - `cache`, off by default: `cache::BlobCache`, which reads through memory and disk.
//! - `provisioning`, off by default: creating, deleting, listing and re-configuring containers, and setting the properties of the service. Without it, a program cannot do so by mistake.
//! - `aws-lc-rs`, on by default, or `ring`: who does the cryptography of TLS.
//! - `metrics`, on by default: counts and times of calls for the recorder that a program installs.

mod answered;
mod attributes;
#[cfg(any(feature = "query", feature = "change-feed"))]
mod avro;
mod blob_conditions;
#[cfg(feature = "cache")]
pub mod cache;
mod call;
#[cfg(feature = "change-feed")]
mod change_feed;
mod client;
mod content_headers;
mod copied_from;
mod copy_attributes;
mod copy_source;
mod copying;
mod customer_key;
mod delegation;
mod download;
mod encrypted_with;
mod lease;
mod listing;
mod options;
mod page_range;
mod pages;
mod polling;
mod properties;
#[cfg(feature = "query")]
mod query;
mod rehydration;
mod replication;
mod tag_query;

pub mod operations;

pub use answered::{Answered, WithHead};
pub use attributes::{BlobAttributes, ImmutabilityPolicy};
pub use blob_conditions::{AppendConditions, SequenceNumberConditions};
pub use call::{
    Appends, Call, Conditional, CustomerKeyed, Describes, Leased, ReadsBlob, ReadsByUrl, Retained, Scoped,
    SendsContent, Sequenced, TagConditional, Tagged, Tiered, WritesMetadata,
};
#[cfg(feature = "change-feed")]
pub use change_feed::{
    AsyncOperationInfo, ChangeFeed, ChangeFeedCall, ChangeFeedCursor, ChangeFeedEvent, ChangeFeedEventData,
    PreviousBlobInfo, UpdatedProperty, UpdatedTags,
};
pub use client::{Batch, BatchCall, BatchOutcome, BlobClient, BlobServiceClient, ContainerClient};
pub use content_headers::ContentHeaders;
pub use copied_from::CopiedFrom;
pub use copy_attributes::CopyAttributes;
pub use copy_source::{CopySource, SourcePart};
pub use copying::{CopyFailure, CopyPoller, CopyProgress};
pub use customer_key::CustomerKey;
pub use delegation::delegation_key;
pub use download::Download;
pub use encrypted_with::EncryptedWith;
pub use lazuli_transport::{Error, ErrorKind, ReadFrom};
pub use lease::{KeptLease, Lease, LeaseGuard, LeaseLost};
#[cfg(feature = "provisioning")]
pub use listing::ListContainersCall;
pub use listing::{ListBlobsCall, ListBlobsItems, ListCursor};
pub use polling::Polling;
pub use properties::BlobProperties;
#[cfg(feature = "query")]
pub use query::{QueryError, QueryEvent, QueryProgress, QueryResult};
pub use rehydration::Rehydration;
pub use replication::{Replication, ReplicationRule};
pub use tag_query::{TagCondition, TagKey, TagQuery, tag};
