//! Azure Storage on the desk: a second, independent reading of the service, as a [`tower::Service`].
//!
//! A [`Simulation`] holds storage accounts, in memory or in a folder that survives `kill -9`, and its [`BlobService`] answers requests as
//! the real service does: the same statuses, headers, XML and error bodies. Any HTTP client can talk to it, through a socket
//! ([`serve`], with the feature of that name) or in the same process.
//!
//! It shares its vocabulary with the clients of this workspace and nothing else. The clock and the randomness are inputs, so whatever a
//! test sees can be seen again.
//!
//! # What is simulated
//! Shared Key and Shared Key Lite; shared access signatures of every kind, with stored access policies; access tokens of Microsoft
//! Entra, and those who issue them ([`entra`]). List Containers; Create, Get Properties, Get and Set Metadata of, and Delete Container;
//! Get and Set Container ACL; Get User Delegation Key; List Blobs, in XML and as Arrow tables; Put Blob of every kind, Put Block,
//! Put Block List, Get Block List; Append Block and Seal; Put Page, and Get Page Ranges with what changed since a snapshot; Get Blob, its
//! properties and metadata; Set Blob Metadata and Properties; Snapshot Blob, and versions; Delete Blob; copies of every kind, from blobs of the same simulation;
//! Blob Batch; Query Blob Contents, of delimited text, of JSON and, with the feature `parquet`, of Parquet; conditions on all of these; tags,
//! protection, customer-provided keys, encryption scopes and structured bodies wherever they go. What is not simulated is answered with status 501 and the code
//! `NotImplemented`: nothing is pretended.
//!
//! # What it takes
//! An upload holds at most two batches of 1 MiB and one frame in memory, and a download two batches of 1 MiB, whatever the size of
//! the blob. A query of Parquet holds at most 256 MiB of pages. A simulation in memory holds the contents of all blobs, and one on disk their names and properties only.

mod account_options;
mod arrow;
mod avro;
mod batch;
mod builder;
mod content;
mod engine;
pub mod entra;
mod error;
mod journal;
mod metadata_case;
mod random;
mod service;
mod simulation;
mod sql;
mod state;
mod structured;
mod tag_query;

#[cfg(feature = "serve")]
pub mod serve;

pub use account_options::AccountOptions;
pub use builder::Builder;
pub use error::{Error, ErrorKind};
pub use journal::Durability;
pub use metadata_case::MetadataCase;
pub use service::{Answering, BlobService, SimulationBody};
pub use simulation::Simulation;
