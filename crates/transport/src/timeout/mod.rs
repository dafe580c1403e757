//! How long one try may take.

mod layer;
mod service;
#[cfg(test)]
mod tests;

pub use layer::TimeoutLayer;
pub use service::TimeoutService;
