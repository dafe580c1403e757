//! Keeping to a rate, a chosen one and the one that the service can bear.

mod body;
mod bucket;
#[cfg(test)]
mod busy_account;
#[cfg(test)]
mod chance;
mod gate;
mod layer;
mod line;
mod meter;
mod pace;
mod policy;
mod service;
#[cfg(test)]
mod tests;
mod throttling;
mod turn;
#[cfg(test)]
mod unpolled;

pub use layer::ThrottleLayer;
pub use policy::ThrottlePolicy;
pub use service::ThrottleService;
pub use throttling::Throttle;
