//! How long one try may take.

mod handed;
mod layer;
mod policy;
mod service;
#[cfg(test)]
mod tests;
mod watch;

pub(crate) use handed::{HandedOver, Handing};
pub use layer::TimeoutLayer;
pub use policy::Timeouts;
pub use service::TimeoutService;
