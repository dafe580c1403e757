//! Counts and times of calls, by the `metrics` façade. Without the crate's feature of that name there is no layer, and what others tell
//! it is not heard.

mod lease;

#[cfg(feature = "metrics")]
mod counted;
#[cfg(feature = "metrics")]
mod labels;
#[cfg(feature = "metrics")]
mod layer;
#[cfg(feature = "metrics")]
mod names;
#[cfg(feature = "metrics")]
mod record;
#[cfg(not(feature = "metrics"))]
#[path = "silent.rs"]
mod record;
#[cfg(feature = "metrics")]
mod service;
#[cfg(feature = "metrics")]
#[cfg(test)]
mod tests;

#[cfg(feature = "metrics")]
pub use layer::MetricsLayer;
pub use lease::ActiveLease;
pub(crate) use record::circuit_breaker_state;
#[cfg(feature = "metrics")]
pub use service::MetricsService;
