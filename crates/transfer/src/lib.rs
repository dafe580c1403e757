//! Moves files and trees between local disks and Azure Storage.
//!
//! A [`Transfer`] keeps many requests in flight, cuts large files into blocks, and checks what arrives. Its memory does not grow
//! with the size of a file or the number of files.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use lazuli_blob::BlobServiceClient;
//! use lazuli_transfer::{Options, Transfer};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let blobs = BlobServiceClient::from_connection_string("UseDevelopmentStorage=true")?;
//! let transfer = Transfer::new(Options::default().requests(32));
//!
//! let sent = transfer.upload_tree(Path::new("docs"), &blobs.container("quickstart"), "docs").await?;
//! println!("{} files, {} bytes, {:?}", sent.files, sent.bytes, sent.elapsed);
//! for failure in &sent.failures {
//!     eprintln!("{}: {}", failure.name, failure.error);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Integrity
//! Every upload carries the CRC64 of what was read from disk, block by block, and the service refuses what does not match. A file
//! that changes while it is read is an error, and the blob stays what it was. A download asks for the CRC64 of each range of at
//! most 4 MiB and is held against it. Where a service computes none (Azurite does not), the MD5 of each range takes its place, or that
//! of the whole blob if one is kept, and else the length alone. [`Summary::verified`] says how often each was the case.
//!
//! # What is on disk is whole
//! A download is written beside its destination under a temporary name, which starts with a dot and ends in `.lazuli-part`, and renamed
//! when all of it is there and checked. A name that would lead out of the destination is an error, and nothing is written.
//!
//! # Memory
//! A request in flight holds at most about 1 MiB: two pieces of 256 KiB on their way between disk and socket, and the buffers of the
//! connection. A tree adds the names of the files at work, at most [`Options::files`], and one page of a list. So the whole is
//! below [`Options::requests`] MiB plus a few, whatever is moved.
//!
//! # Cancellation
//! Dropping a transfer's future stops it: requests are cancelled and temporary files removed. Blocks that were put and not committed
//! are dropped by the service after a week.

mod batch;
mod blocks;
mod content_type;
mod delete;
mod download;
mod engine;
mod error;
mod jobs;
mod names;
mod observer;
mod options;
mod positioned;
mod source;
mod summary;
mod upload;

pub use engine::Transfer;
pub use error::{Error, ErrorKind};
pub use observer::{Event, Observer};
pub use options::Options;
pub use summary::{Failure, Summary, Verified};
