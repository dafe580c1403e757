//! The clients: a service, a container, a blob. Each is a cheap handle that can be cloned and shared.

mod account;
mod batch;
mod blob;
mod container;
mod find;
mod lease;
#[cfg(feature = "provisioning")]
mod restore;
mod service;

pub use batch::{Batch, BatchCall, BatchOutcome};
pub use blob::BlobClient;
pub use container::ContainerClient;
pub use service::BlobServiceClient;
