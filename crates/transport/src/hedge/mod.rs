//! Asking a second time when the first answer is later than most.

mod histogram;
mod layer;
mod learned;
mod policy;
mod race;
mod reads;
mod service;
#[cfg(test)]
mod tests;

pub use layer::HedgeLayer;
pub use policy::HedgePolicy;
pub use race::Hedged;
pub use service::HedgeService;
