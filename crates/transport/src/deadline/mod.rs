//! How long a call may take, with all of its tries.

mod expires;
mod layer;
mod policy;
mod service;
#[cfg(test)]
mod tests;

pub(crate) use expires::Expires;
pub use layer::DeadlineLayer;
pub use policy::{Deadline, Deadlines};
pub use service::DeadlineService;
