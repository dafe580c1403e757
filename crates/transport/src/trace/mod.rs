//! What a call looks like from outside: one span, one outcome, and its name in every error; and a span for each of its tries.

mod fields;
mod layer;
mod place;
mod record;
mod sends;
mod service;
#[cfg(test)]
mod tests;
mod try_layer;
mod try_service;

pub use layer::TraceLayer;
pub(crate) use place::EndpointSegments;
pub use service::TraceService;
pub use try_layer::TraceTryLayer;
pub use try_service::TraceTryService;
