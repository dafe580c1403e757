//! The XML bodies of the service, read by events rather than by reflection: a page of 5,000 entries is parsed in milliseconds.
//!
//! Elements that this version does not know are passed over, or kept aside in lists. A byte order mark before the prolog, comments and entities are
//! understood; document types are refused.

mod block_list;
mod cell;
mod error_body;
mod filter_blobs;
mod iso8601;
mod list_blobs;
mod list_containers;
mod markup;
mod page_list;
mod query_request;
mod reader;
mod room;
mod service_properties;
mod service_stats;
mod signed_identifiers;
mod tags;
mod user_delegation_key;
mod writer;

pub use block_list::{Block, BlockId, BlockList, BlockLookup, BlockLookupList};
#[cfg(feature = "arrow")]
pub(crate) use cell::Cell;
pub use error_body::ErrorBody;
pub use filter_blobs::{FoundBlob, FoundBlobsPage};
pub use iso8601::{format_iso8601, parse_iso8601};
pub use list_blobs::{BlobItem, BlobItemAccess, BlobItemCopy, BlobPrefix, ListBlobsEntry, ListBlobsPage};
pub use list_containers::{ContainerItem, ListContainersPage};
pub use page_list::{PageList, PageRange};
pub use query_request::{ArrowField, DelimitedText, JsonText, QueryInput, QueryOutput, QueryRequest};
pub use reader::{Content, Element, XmlReader};
#[cfg(feature = "arrow")]
pub(crate) use room::make_room;
pub use service_properties::{
    BlobServiceProperties, CorsRule, Logging, Metrics, RetentionPolicy, StaticWebsite,
};
pub use service_stats::{GeoReplication, ServiceStats};
pub use signed_identifiers::{AccessPolicy, SignedIdentifier, SignedIdentifiers};
pub use user_delegation_key::{KeyInfo, UserDelegationKey};
pub use writer::escape;
