//! Signing: a fresh date and a fresh signature for every try.

mod batch;
mod layer;
mod service;
mod skew;
#[cfg(test)]
mod tests;

pub use layer::SignLayer;
pub use service::SignService;
