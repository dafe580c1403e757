//! Content against its checksums, both ways.

mod body;
mod layer;
mod service;
mod sum;
#[cfg(test)]
mod tests;

pub use layer::VerifyLayer;
pub use service::VerifyService;
pub(crate) use sum::{OutgoingSum, Summing};
