//! The layer's options.

use tower::Layer;

use super::{DeadlineService, Deadlines};

/// Ends calls that take too long, with an error of the kind [`Timeout`](crate::ErrorKind::Timeout).
///
/// # What the time covers
/// From the call to the head of the answer: waiting for a connection, sending the whole body of the request, the service's work, and every
/// try and wait of a [`RetryLayer`](crate::RetryLayer) below. The body of the answer is not covered: it is read at its reader's pace.
///
/// A retry layer below knows the deadline. It does not begin a wait that would pass it, and returns the last answer or error instead,
/// which says more than a timeout does.
///
/// ```
/// use std::time::Duration;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{Deadline, DeadlineLayer, Deadlines};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = DeadlineLayer::new(Deadlines::default()).layer(tower::service_fn(|_: Request<Body>| async {
///     tokio::time::sleep(Duration::from_secs(3600)).await;
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").extension(Deadline(Duration::from_millis(20)));
/// assert!(service.oneshot(request.body(Body::empty())?).await.unwrap_err().is_timeout());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DeadlineLayer {
    deadlines: Deadlines,
}

impl DeadlineLayer {
    /// With these times.
    #[must_use]
    pub fn new(deadlines: Deadlines) -> Self {
        Self { deadlines }
    }
}

impl<S> Layer<S> for DeadlineLayer {
    type Service = DeadlineService<S>;

    fn layer(&self, inner: S) -> DeadlineService<S> {
        DeadlineService {
            inner,
            deadlines: self.deadlines,
        }
    }
}
