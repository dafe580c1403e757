//! What every request carries besides its operation: an id, the protocol's version, who sends it, and its length.

mod ids;
mod layer;
mod service;
#[cfg(test)]
mod tests;

pub use ids::{RandomIds, RequestIds};
pub use layer::PrepareLayer;
pub use service::PrepareService;
