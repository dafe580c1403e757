//! The layer's options.

use std::sync::Arc;

use tower::Layer;

use super::{ResumePolicy, ResumeService};
use crate::{FullJitter, Jitter};

/// Goes on with a download that breaks in the middle: the reader notices nothing but the time that it takes.
///
/// # What is gone on with
/// The body of an answer to a `GET` that [reads much](lazuli_protocol::OperationKind::LargeRead), when it has status 200 or 206, a strong
/// `ETag` and a `Content-Length`, and with status 206 a `Content-Range`. Everything else passes untouched.
///
/// # How
/// When the body fails or ends too early, the rest is asked for by a request of its own through the layers below, once the reader asks for more: the same
/// request, but for the range, with `If-Match` for the `ETag`, and without conditions or wishes for checksums, which the first answer has
/// settled. The checksum that came with the first answer is that of the whole, which its reader checks. Content that a [`VerifyLayer`](crate::VerifyLayer)
/// below verifies is asked for in segments again, so that the rest is verified too. The answer must be
/// exactly the rest of the same blob.
///
/// The request for the rest has a [deadline](crate::DeadlineLayer), retries and a signature of its own, where those layers are below.
///
/// # Errors
/// The body fails with an [`Error`](crate::Error), its cause being the break:
/// - [`Body`](crate::ErrorKind::Body) when the blob was changed meanwhile (412 `ConditionNotMet`, or an answer with another `ETag`), when the
///   [policy](ResumePolicy) says that it is enough, and when there are more bytes than were announced;
/// - [`Service`](crate::ErrorKind::Service) when the service refuses the rest, with its status and code; after the policy's resumptions, when
///   that is trouble which may pass (408, 429, 500, 502, 503, 504);
/// - [`InvalidResponse`](crate::ErrorKind::InvalidResponse) when what it sends is not the rest;
/// - [`ChecksumMismatch`](crate::ErrorKind::ChecksumMismatch) when a [`VerifyLayer`](crate::VerifyLayer) below finds the same place damaged every time, or
///   cannot say up to where all was good;
/// - the kind of the failure, when the rest could not be asked for and another try would not help.
///
/// Each resumption is a `WARN` event, and each wait for a circuit breaker, which sends nothing, a `DEBUG` event.
///
/// ```
/// use std::io;
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body::Frame;
/// use http_body_util::StreamBody;
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{Error, ResumeLayer, ResumePolicy};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = ResumeLayer::new(ResumePolicy::default()).layer(tower::service_fn(|request: Request<Body>| async move {
///     let response = Response::builder().header("etag", "\"1\"");
///     Ok::<_, Error>(match request.headers().get("x-ms-range") {
///         None => {
///             let broken = [Ok(Frame::data(Bytes::from("Hello, "))), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
///             let body = StreamBody::new(futures_util::stream::iter(broken));
///             response.header("content-length", "12").body(ResponseBody::new(body)).unwrap()
///         }
///         Some(range) => {
///             assert_eq!(range, "bytes=7-11");
///             let response = response.status(206).header("content-range", "bytes 7-11/12");
///             response.body(ResponseBody::from(Bytes::from("world"))).unwrap()
///         }
///     })
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// let body = service.oneshot(request).await?.into_body();
/// assert_eq!(body.collect(12).await?, "Hello, world");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ResumeLayer {
    policy: ResumePolicy,
    jitter: Arc<dyn Jitter>,
}

impl ResumeLayer {
    /// With this policy and [`FullJitter`].
    #[must_use]
    pub fn new(policy: ResumePolicy) -> Self {
        Self {
            policy,
            jitter: Arc::new(FullJitter),
        }
    }

    /// Takes chance from elsewhere.
    #[must_use]
    pub fn jitter(mut self, jitter: Arc<dyn Jitter>) -> Self {
        self.jitter = jitter;
        self
    }
}

impl Default for ResumeLayer {
    fn default() -> Self {
        Self::new(ResumePolicy::default())
    }
}

impl<S> Layer<S> for ResumeLayer {
    type Service = ResumeService<S>;

    fn layer(&self, inner: S) -> ResumeService<S> {
        ResumeService {
            inner,
            policy: self.policy,
            jitter: Arc::clone(&self.jitter),
        }
    }
}
