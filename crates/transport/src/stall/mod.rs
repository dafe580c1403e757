//! Cutting off bodies that do not move.

mod bell;
mod body;
mod layer;
mod policy;
mod progress;
mod service;
#[cfg(test)]
mod tests;
mod watch;

pub use layer::StallLayer;
pub use policy::StallPolicy;
pub(crate) use progress::{Meter, Progress};
pub use service::StallService;
