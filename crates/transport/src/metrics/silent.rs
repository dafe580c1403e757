//! In a build without metrics: nobody hears what is said.

use lazuli_protocol::Service;

pub(crate) fn circuit_breaker_state(_: Service, _: &str, _: f64) {}

pub(super) fn one_lease_more(_: Service) {}

pub(super) fn one_lease_less(_: Service) {}
