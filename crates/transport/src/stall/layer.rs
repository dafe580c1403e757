//! The layer's option.

use tower::Layer;

use super::{StallPolicy, StallService};

/// Cuts off bodies that move slower than a floor for too long, by a [`StallPolicy`].
///
/// # Bodies of answers
/// Only time counts in which the reader waits and there is nothing for it to read; a reader that takes its time is no stall, nor is one that asks,
/// goes elsewhere, and comes back long after there was something for it. A body that is cut off fails
/// with an [`Error`](crate::Error) of the kind [`Timeout`](crate::ErrorKind::Timeout) that names the rate, its connection is closed, and a
/// [`ResumeLayer`](crate::ResumeLayer) further out goes on with it.
///
/// # Bodies of requests
/// A try whose body is taken too slowly by the client below ends with an error of the kind [`Timeout`](crate::ErrorKind::Timeout), which a
/// [`RetryLayer`](crate::RetryLayer) further out takes for [`Trouble::Timeout`](crate::Trouble::Timeout). Time in which the client asks for a piece and the
/// source of the body (a file, a stream) has none yet does not count: that is not the network's. Nor does the time before the client asks for the first
/// piece, in which it makes a connection or waits in line for one. Once the last byte was taken, or the client has
/// let go of the body, the guard is off, and the try's time and the deadline say how long the answer may take.
///
/// A [`Bottom`](crate::Bottom) must be below, since it is the bodies that it makes whose progress is seen. Without one, bodies of requests are left alone.
///
/// # Cost
/// One timer for a body that has to be waited for, set once a window and not with every piece, and a waker of its own that keeps the time at which it was
/// called. A body that is always there when it is asked for has neither; a request without a body has no timer.
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body::Frame;
/// use http_body_util::StreamBody;
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{StallLayer, StallPolicy};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let policy = StallPolicy::new(1024, Duration::from_millis(50));
/// let service = StallLayer::new(policy).layer(tower::service_fn(|_: Request<Body>| async {
///     let silence = futures_util::stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::new(StreamBody::new(silence))))
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// let body = service.oneshot(request).await?.into_body();
/// assert!(body.collect(1024).await.is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct StallLayer {
    policy: StallPolicy,
}

impl StallLayer {
    /// With this policy.
    #[must_use]
    pub fn new(policy: StallPolicy) -> Self {
        Self { policy }
    }
}

impl<S> Layer<S> for StallLayer {
    type Service = StallService<S>;

    fn layer(&self, inner: S) -> StallService<S> {
        StallService {
            inner,
            receiving: self.policy.of_answers(),
            sending: self.policy.of_requests(),
        }
    }
}
