//! The layer, and the handle to what it knows.

use tower::Layer;

use super::{CircuitBreakerPolicy, CircuitBreakerService, CircuitBreakers};

/// Stops calling a host that has failed too often just now, so that callers hear of it at once and the host is left to recover.
///
/// Each host, which is a URL's scheme, name and port, has a circuit of its own, with numbers from the [`CircuitBreakerPolicy`]:
///
/// - **Closed**: calls go through. After 5 failures it opens.
/// - **Open**: calls fail at once with an error of the kind [`CircuitOpen`](crate::ErrorKind::CircuitOpen), whose
///   [`retry_after`](crate::Error::retry_after) says how long that will last. After 30 s it is half-open.
/// - **Half-open**: one call at a time goes through, the others fail as before, to be asked again in a second. After 2 successes it closes; a
///   failure opens it again. A host that only asks for time (503 `ServerBusy`, 429) works, and counts as a success here.
///
/// A call counts when the head of its answer is there, in the state in which it began: what comes late from before a change counts for nothing. A call
/// that is dropped counts for nothing either, and frees its place among the probes.
///
/// Below a [`RetryLayer`](crate::RetryLayer) every try counts, and none follows once the circuit is open. A
/// [`TimeoutLayer`](crate::TimeoutLayer) belongs below it, for a call that a [`DeadlineLayer`](crate::DeadlineLayer) above ends is one that was dropped.
///
/// Opening is a `WARN` event, half-opening and closing are `INFO`. All clones of the layer, and [its handle](Self::breakers), share the
/// circuits.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{CircuitBreakerLayer, CircuitBreakerPolicy, CircuitState, ErrorKind};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let layer = CircuitBreakerLayer::new(CircuitBreakerPolicy::default());
/// let service = layer.layer(tower::service_fn(|_: Request<Body>| async {
///     Ok::<_, lazuli_transport::Error>(Response::builder().status(500).body(ResponseBody::empty()).unwrap())
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let get = || Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty()).unwrap();
/// for _ in 0..5 {
///     assert_eq!(service.clone().oneshot(get()).await?.status(), 500);
/// }
/// let error = service.oneshot(get()).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::CircuitOpen);
/// assert!(error.retry_after().is_some());
/// assert_eq!(layer.breakers().state(get().uri()), CircuitState::Open);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CircuitBreakerLayer {
    breakers: CircuitBreakers,
}

impl CircuitBreakerLayer {
    /// With circuits of its own, and this policy.
    #[must_use]
    pub fn new(policy: CircuitBreakerPolicy) -> Self {
        Self::of(CircuitBreakers::new(policy))
    }

    pub(super) fn of(breakers: CircuitBreakers) -> Self {
        Self { breakers }
    }

    /// The circuits, to be read or to be given to another stack.
    #[must_use]
    pub fn breakers(&self) -> CircuitBreakers {
        self.breakers.clone()
    }
}

impl Default for CircuitBreakerLayer {
    /// With the default policy.
    fn default() -> Self {
        Self::of(CircuitBreakers::default())
    }
}

impl<S> Layer<S> for CircuitBreakerLayer {
    type Service = CircuitBreakerService<S>;

    fn layer(&self, inner: S) -> CircuitBreakerService<S> {
        CircuitBreakerService {
            inner,
            breakers: self.breakers.clone(),
        }
    }
}
