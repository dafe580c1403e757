//! Lists: calls that give a page at a time, as streams of pages and of what is on them.

mod blobs;
#[cfg(feature = "provisioning")]
mod containers;
mod cursor;
mod items;

pub use blobs::ListBlobsCall;
#[cfg(feature = "provisioning")]
pub use containers::ListContainersCall;
pub use cursor::ListCursor;
pub use items::ListBlobsItems;
