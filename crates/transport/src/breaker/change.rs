//! The one place that hears of every change of a circuit's state.

use lazuli_protocol::Service;
use tracing::{info, warn};

use super::CircuitState;
use crate::metrics::circuit_breaker_state;
use crate::request::Host;

/// Tells of a circuit that has just come into this state. No lock is held meanwhile, for a subscriber may do anything.
pub(crate) fn changed(host: &Host, service: Service, state: CircuitState) {
    let host = host.as_str();
    circuit_breaker_state(service, host, state.gauge());
    match state {
        CircuitState::Open => warn!(
            host,
            ?service,
            "the circuit breaker opened: the host has failed too often, and is not called for now"
        ),
        CircuitState::HalfOpen => info!(
            host,
            ?service,
            "the circuit breaker is half-open: the host is tried again"
        ),
        CircuitState::Closed => info!(host, ?service, "the circuit breaker closed: the host works again"),
    }
}

/// Tells of a circuit that is gone before it closed. What nobody holds back any more must not look as if it were; but that the host
/// works again, nobody has seen.
pub(crate) fn gone(host: &Host, service: Service) {
    circuit_breaker_state(service, host.as_str(), CircuitState::Closed.gauge());
}
