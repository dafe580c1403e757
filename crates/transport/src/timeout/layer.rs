//! The layer's option.

use std::time::Duration;

use tower::Layer;

use super::TimeoutService;

const TRY: Duration = Duration::from_secs(15);

/// Ends one try that has no answer in time, with an error of the kind [`Timeout`](crate::ErrorKind::Timeout), which a
/// [`RetryLayer`](crate::RetryLayer) above takes for [`Trouble::Timeout`](crate::Trouble::Timeout). The time for a call with all of its tries is the
/// [`DeadlineLayer`](crate::DeadlineLayer)'s.
///
/// The time covers getting a connection, sending the request, waiting for the head of the answer, and what a [`GatherLayer`](crate::GatherLayer) below reads of
/// its body. It does not cut off writes ([`OperationKind::Write`](lazuli_protocol::OperationKind::Write)), whose bodies may take any time to be sent: a
/// [`StallLayer`](crate::StallLayer) sees to it that they move.
///
/// No try outlives the deadline of its call. One that it would cut off fails here a moment before, so that a
/// [`CircuitBreakerLayer`](crate::CircuitBreakerLayer) between the two layers sees a timeout and not a call that somebody gave up.
///
/// ```
/// use std::time::Duration;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::TimeoutLayer;
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = TimeoutLayer::new(Some(Duration::from_millis(20))).layer(tower::service_fn(|_: Request<Body>| async {
///     tokio::time::sleep(Duration::from_secs(3600)).await;
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// assert!(service.oneshot(request).await.unwrap_err().is_timeout());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TimeoutLayer {
    time: Option<Duration>,
}

impl TimeoutLayer {
    /// With this time; `None` for no limit but the call's deadline.
    #[must_use]
    pub fn new(time: Option<Duration>) -> Self {
        Self { time }
    }
}

impl Default for TimeoutLayer {
    /// 15 seconds.
    fn default() -> Self {
        Self::new(Some(TRY))
    }
}

impl<S> Layer<S> for TimeoutLayer {
    type Service = TimeoutService<S>;

    fn layer(&self, inner: S) -> TimeoutService<S> {
        TimeoutService {
            inner,
            time: self.time,
        }
    }
}
