//! Sending again what failed, when it may be sent again and is worth it.

mod backoff;
mod budget;
mod decision;
mod layer;
mod past;
mod policy;
mod service;
#[cfg(test)]
mod tests;
mod trouble;

pub(crate) use backoff::spread;
pub use backoff::{Backoff, FullJitter, Jitter};
pub use budget::RetryBudget;
pub use layer::RetryLayer;
pub use policy::{RetryConflicts, RetryPolicy, Rule};
pub use service::RetryService;
pub use trouble::Trouble;
