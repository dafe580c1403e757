//! The XML bodies of the service, read by events rather than by reflection: a page of 5,000 entries is parsed in milliseconds.
//!
//! Elements that this version does not know are passed over. A byte order mark before the prolog, comments and entities are
//! understood; document types are refused.

mod block_list;
mod error_body;
mod list_blobs;
mod list_containers;
mod reader;
mod writer;

pub use block_list::{Block, BlockId, BlockList, BlockLookup, BlockLookupList};
pub use error_body::ErrorBody;
pub use list_blobs::{BlobItem, BlobPrefix, ListBlobsEntry, ListBlobsPage};
pub use list_containers::{ContainerItem, ListContainersPage};
pub use reader::{Element, XmlReader};
pub use writer::escape;
