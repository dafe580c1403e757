//! Plain `http` only where nobody can listen.

mod layer;
mod policy;
mod service;
#[cfg(test)]
mod tests;

pub use layer::SecureLayer;
pub(crate) use policy::{is_localhost, is_loopback};
pub use service::SecureService;
