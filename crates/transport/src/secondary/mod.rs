//! Reading from the secondary place of an account when the primary fails.

mod hosts;
mod layer;
mod outcome;
mod places;
mod service;
#[cfg(test)]
mod tests;

pub use hosts::SecondaryHosts;
pub use layer::SecondaryLayer;
pub(crate) use outcome::refused;
pub use places::{ReadFrom, ServedBy};
pub use service::SecondaryService;
