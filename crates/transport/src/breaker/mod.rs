//! Not asking a host that has failed too often just now: a circuit breaker per host.

mod breakers;
mod change;
mod circuit;
mod layer;
mod machine;
#[cfg(test)]
mod model;
mod policy;
mod service;
#[cfg(test)]
mod tests;
mod verdict;

pub use breakers::CircuitBreakers;
pub use layer::CircuitBreakerLayer;
pub use machine::CircuitState;
pub use policy::{CircuitBreakerPolicy, PastCircuit};
pub use service::CircuitBreakerService;
