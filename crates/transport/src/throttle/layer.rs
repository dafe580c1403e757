//! The layer, and the handle to what it shares.

use tower::Layer;

use super::{Throttle, ThrottlePolicy, ThrottleService};

/// Sends no more than may be sent: the requests and bytes a second that a [`ThrottlePolicy`] allows, and the requests a second that each host bears.
///
/// # Chosen limits
/// There is none unless the policy has one. All clones of the layer, and all layers of one [`Throttle`], share them. Who must wait does so in the order of arrival, and
/// takes what it needs of all limits at once when all have it; who is dropped leaves the queue and has used nothing.
///
/// Nobody's progress needs that of another: no lock is held by who waits, and who is not polled when it is its turn, as a future in a stream whose consumer is busy,
/// is passed over by those behind it as soon as they could have had their turns after it (about 10 ms later). What it could have sent is saved up
/// as any unused time is, no further, and it is the first again when it is polled. Each who waits has a timer of its own, and wakes up for its turn, not for that of others.
/// When a rate changes, those who wait keep their places, and the first looks at the new rate within a second.
///
/// The bytes of a request's body count before it is sent, those of an answer's when they arrive, before the next are read. What is larger than all that
/// may be saved up passes at once, and those who come next wait until it is paid for. So in any time there pass no more requests than the rate and one burst
/// allow, and of bytes one body or one piece of an answer beyond that, for each call under way.
///
/// # The rate that a host bears
/// A host that answers 503 `ServerBusy` or 429, and not just once or to a few of very many requests, is asked less often from then on: by a fifth less than what it has
/// taken on in the last second, and again each time it is still busy at the new rate. Then the rate grows, by 5 % in each second, until the host is busy again; after 10 s in which nobody had to wait it
/// is forgotten. No rate is known at first, and requests pass as if there were no layer.
///
/// At most 1,024 hosts are kept. When there are more, those without a limit are forgotten; while all are needed, further hosts have none.
///
/// Below a [`RetryLayer`](crate::RetryLayer) what is sent again counts too, and above a [`TimeoutLayer`](crate::TimeoutLayer) the wait is no part of a
/// try's time. The layer sends nothing again by itself: a busy answer is returned.
///
/// ```
/// use std::time::Duration;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{ThrottleLayer, ThrottlePolicy};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let policy = ThrottlePolicy::default().requests_per_second(100).burst(Duration::from_millis(10));
/// let service = ThrottleLayer::new(policy).layer(tower::service_fn(|_: Request<Body>| async {
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let begun = tokio::time::Instant::now();
/// for _ in 0..11 {
///     let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
///     service.clone().oneshot(request).await?;
/// }
/// assert!(begun.elapsed() >= Duration::from_millis(99));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ThrottleLayer {
    throttle: Throttle,
}

impl ThrottleLayer {
    /// With limits of its own, by this policy.
    #[must_use]
    pub fn new(policy: ThrottlePolicy) -> Self {
        Self::of(Throttle::new(policy))
    }

    pub(super) fn of(throttle: Throttle) -> Self {
        Self { throttle }
    }

    /// The limits, to be read or to be given to another stack.
    #[must_use]
    pub fn throttle(&self) -> Throttle {
        self.throttle.clone()
    }
}

impl Default for ThrottleLayer {
    /// With the default policy.
    fn default() -> Self {
        Self::of(Throttle::default())
    }
}

impl<S> Layer<S> for ThrottleLayer {
    type Service = ThrottleService<S>;

    fn layer(&self, inner: S) -> ThrottleService<S> {
        ThrottleService {
            inner,
            throttle: self.throttle.clone(),
        }
    }
}
