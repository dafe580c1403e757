//! All circuits of a layer, and the handle that reads them.

use std::sync::Arc;

use http::{Request, Uri};

use super::circuit::{Circuit, Pass};
use super::machine::{CircuitState, Refusal};
use super::{CircuitBreakerLayer, CircuitBreakerPolicy, PastCircuit};
use crate::hosts::Hosts;
use crate::{Error, ErrorKind, request};

/// The circuits of a [`CircuitBreakerLayer`], one for each host, shared by all clones of it and of this.
///
/// At most 1,024 hosts are kept. When there are more, those whose circuit is closed and that no call is under way to are forgotten; while all
/// of them are needed, calls to further hosts go through as if there were no breaker.
///
/// The gauge `azure_blob_circuit_breaker_state`, or that of the service which the host was first called for, shows each of them by its host: 0 closed,
/// 1 half-open, 2 open, and 0 when the last clone is dropped. Stacks with circuits of their own for one host overwrite each other there, so
/// give them clones of one of these.
///
/// ```
/// use lazuli_transport::{CircuitBreakerLayer, CircuitBreakerPolicy, CircuitState};
///
/// let layer = CircuitBreakerLayer::new(CircuitBreakerPolicy::default());
/// let breakers = layer.breakers();
/// let host = "https://example.blob.core.windows.net".parse().unwrap();
/// assert_eq!(breakers.state(&host), CircuitState::Closed);
/// ```
#[derive(Clone, Debug)]
pub struct CircuitBreakers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    policy: CircuitBreakerPolicy,
    circuits: Hosts<Circuit>,
}

impl CircuitBreakers {
    /// Circuits with this policy, all closed.
    #[must_use]
    pub fn new(policy: CircuitBreakerPolicy) -> Self {
        Self(Arc::new(Shared {
            policy,
            circuits: Hosts::new(|circuit: &Circuit| circuit.state() == CircuitState::Closed),
        }))
    }

    /// A layer of these circuits. All layers of them share what they know.
    #[must_use]
    pub fn layer(&self) -> CircuitBreakerLayer {
        CircuitBreakerLayer::of(self.clone())
    }

    /// The state of the circuit of a URL's host; closed for one that was never called.
    #[must_use]
    pub fn state(&self, uri: &Uri) -> CircuitState {
        let circuit = self.0.circuits.known(uri);
        circuit.map_or(CircuitState::Closed, |circuit| circuit.state())
    }

    /// Each host that was called, as it stands in a URL (`https://example.blob.core.windows.net`), and the state of its circuit.
    #[must_use]
    pub fn states(&self) -> Vec<(String, CircuitState)> {
        let all = self.0.circuits.all().into_iter();
        all.map(|(host, circuit)| (host.as_str().to_owned(), circuit.state()))
            .collect()
    }

    pub(super) fn policy(&self) -> &CircuitBreakerPolicy {
        &self.0.policy
    }

    /// Lets a call through, or tells why not. `None` for a call that no circuit watches over.
    pub(super) fn admit<B>(&self, request: &Request<B>) -> Result<Option<Pass>, Error> {
        if self.0.policy.is_never() || request.extensions().get() == Some(&PastCircuit) {
            return Ok(None);
        }
        let make = |host| Circuit::new(host, request::service(request), self.0.policy.limits());
        let Some(circuit) = self.0.circuits.of(request.uri(), make) else {
            return Ok(None);
        };
        let pass = circuit.begin().map_err(|refusal| refused(&circuit, refusal))?;
        Ok(Some(pass))
    }
}

impl Default for CircuitBreakers {
    /// With the default policy.
    fn default() -> Self {
        Self::new(CircuitBreakerPolicy::default())
    }
}

impl From<CircuitBreakerPolicy> for CircuitBreakers {
    fn from(policy: CircuitBreakerPolicy) -> Self {
        Self::new(policy)
    }
}

fn refused(circuit: &Circuit, refusal: Refusal) -> Error {
    let Refusal { failures, wait, .. } = refusal;
    let host = circuit.host().as_str();
    let when = if refusal.probing {
        "another call is trying it just now".to_owned()
    } else {
        format!("it will be tried again in {wait:.1?}")
    };
    let times = if failures == 1 { "failure" } else { "failures" };
    let message = format!(
        "the request was kept back, because the circuit breaker of {host} is open after {failures} {times}; {when}"
    );
    Error::new(ErrorKind::CircuitOpen, message).until(wait)
}
