//! What a call looks like from outside: one span, one outcome, and its name in every error.

mod layer;
mod record;
mod service;
#[cfg(test)]
mod tests;

pub use layer::TraceLayer;
pub use service::TraceService;
