//! The layer's option.

use tower::Layer;

use super::{TimeoutService, Timeouts};

/// Ends one try that has no answer in time, with an error of the kind [`Timeout`](crate::ErrorKind::Timeout), which a
/// [`RetryLayer`](crate::RetryLayer) above takes for [`Trouble::Timeout`](crate::Trouble::Timeout). [`Timeouts`] says how long each kind of request has;
/// the time for a call with all of its tries is the [`DeadlineLayer`](crate::DeadlineLayer)'s.
///
/// # What the time covers
/// Getting a connection, sending the request, and waiting for the head of the answer. The body of the answer is not covered: a
/// [`StallLayer`](crate::StallLayer) sees to it that it moves.
///
/// Of a write ([`OperationKind::Write`](lazuli_protocol::OperationKind::Write)) with a body it covers only what comes after the last byte was handed to the client
/// below, or the client has let go of the body: sending may take any time, as long as the body moves, which is the [`StallLayer`](crate::StallLayer)'s as well.
/// It is a [`Bottom`](crate::Bottom) below that tells when this is. Where there is none, nobody knows whether such a body is still on its way, and only the
/// deadline ends the try.
///
/// # When the deadline comes first
/// No try outlives the deadline of its call, and none begins when no time is left. One that the deadline cuts off fails here, so that a
/// [`CircuitBreakerLayer`](crate::CircuitBreakerLayer) between the two layers sees a failure and not a call that somebody gave up. It counts it as the host's only when
/// the host had the try's own time to answer, or 5 seconds where that is less. It is never the host's that a part of a try's time went by in line for a
/// [connection](crate::TransportBuilder::most_connections_per_host).
///
/// ```
/// use std::time::Duration;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, OperationKind, ResponseBody};
/// use lazuli_transport::{TimeoutLayer, Timeouts};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let timeouts = Timeouts::default().with(OperationKind::LargeRead, Some(Duration::from_millis(20)));
/// let service = TimeoutLayer::new(timeouts).layer(tower::service_fn(|_: Request<Body>| async {
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
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeoutLayer {
    timeouts: Timeouts,
    few_places: bool,
}

impl TimeoutLayer {
    /// With these times.
    #[must_use]
    pub fn new(timeouts: Timeouts) -> Self {
        Self {
            timeouts,
            few_places: false,
        }
    }

    /// Whether the client below has few places for connections, so that a call may have to wait for one.
    pub(crate) fn few_places(mut self, few: bool) -> Self {
        self.few_places = few;
        self
    }
}

impl<S> Layer<S> for TimeoutLayer {
    type Service = TimeoutService<S>;

    fn layer(&self, inner: S) -> TimeoutService<S> {
        TimeoutService {
            inner,
            timeouts: self.timeouts,
            few_places: self.few_places,
        }
    }
}
