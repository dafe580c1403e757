//! Reading small answers whole while they can still be asked for again.

mod body;
mod layer;
mod read;
mod service;
#[cfg(test)]
mod tests;

pub use layer::GatherLayer;
pub use service::GatherService;
