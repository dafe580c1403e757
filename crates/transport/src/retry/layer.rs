//! The layer's options.

use std::sync::Arc;

use tower::Layer;

use super::{FullJitter, Jitter, RetryBudget, RetryPolicy, RetryService};

/// Sends a request again when it failed in a way that may be over in a moment, as a [`RetryPolicy`] says.
///
/// # What is sent again
/// - An operation that can be repeated ([`Repeat::Safe`](lazuli_protocol::Repeat)), after any [`Trouble`](crate::Trouble). A request that no operation
///   made counts as one when it is a `GET` or a `HEAD`.
/// - Any other, only when no connection could be made or a circuit breaker was open, so that it cannot have arrived.
/// - Nothing with a body that can be sent only once. The error then is of the kind
///   [`BodyNotReplayable`](crate::ErrorKind::BodyNotReplayable), with the failure as its source; an answer of the service is
///   returned as it is. Only after a circuit breaker that was open such a body is as it was.
/// - Nothing when the [budget](RetryBudget) of retries is spent; but after a circuit breaker that was open no retry is taken from it.
///
/// # When
/// After the wait that is asked for, or else the policy's. The service asks in `x-ms-retry-after-ms` or `Retry-After`
/// ([how it is read](lazuli_protocol::retry_after)), a layer further in by [`Error::retry_after`](crate::Error::retry_after). Many clients may have been told the same
/// time, so up to a quarter of it is added by chance, as the [`Jitter`] has it.
///
/// There is no other try when the wait that is asked for is longer than the policy's longest, or when the wait would not end before the
/// [deadline](crate::DeadlineLayer): the last answer or error is returned at once.
///
/// # What it leaves
/// [`Attempts`](crate::Attempts) in the extensions of the response, and [`Error::attempts`](crate::Error::attempts). Each retry is a
/// `WARN` event. Tries that a layer further in kept back, a circuit breaker say, do not count.
///
/// Where an earlier try may have arrived, an error that speaks of the last one alone says so: one that no connection could be made for, or that a circuit breaker
/// kept back. So does the error that is made of a 404, 409 or 412, unless it was a read: what the request asks for may have been done by then.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{Attempts, RetryLayer, RetryPolicy};
/// use tower::{Layer as _, ServiceExt as _};
///
/// static CALLS: AtomicU32 = AtomicU32::new(0);
/// let service = RetryLayer::new(RetryPolicy::default()).layer(tower::service_fn(|_: Request<Body>| async {
///     let status = if CALLS.fetch_add(1, Ordering::Relaxed) == 0 { 503 } else { 200 };
///     let response = Response::builder().status(status).header("retry-after", "0");
///     Ok::<_, lazuli_transport::Error>(response.body(ResponseBody::empty()).unwrap())
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// let response = service.oneshot(request).await?;
/// assert_eq!((response.status().as_u16(), response.extensions().get()), (200, Some(&Attempts(2))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RetryLayer {
    policy: Arc<RetryPolicy>,
    jitter: Arc<dyn Jitter>,
    budget: RetryBudget,
}

impl RetryLayer {
    /// With this policy, [`FullJitter`] and a [`RetryBudget`] of its own, which all services of this layer and of its clones share.
    #[must_use]
    pub fn new(policy: RetryPolicy) -> Self {
        Self {
            policy: Arc::new(policy),
            jitter: Arc::new(FullJitter),
            budget: RetryBudget::default(),
        }
    }

    /// Takes retries from this budget, which other layers may share.
    #[must_use]
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Takes chance from elsewhere.
    #[must_use]
    pub fn jitter(mut self, jitter: Arc<dyn Jitter>) -> Self {
        self.jitter = jitter;
        self
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = RetryService<S>;

    fn layer(&self, inner: S) -> RetryService<S> {
        RetryService {
            inner,
            policy: Arc::clone(&self.policy),
            jitter: Arc::clone(&self.jitter),
            budget: self.budget.clone(),
        }
    }
}
