//! The layer's option.

use tower::Layer;

use super::GatherService;

/// A page of a list, with 5,000 blobs and their metadata, is a few MiB.
const LIMIT: usize = 16 * 1024 * 1024;

/// Reads small answers whole before it hands them on, so that one that breaks off in the middle is met by those who can ask again: by a
/// [`RetryLayer`](crate::RetryLayer) above, within the [deadline](crate::DeadlineLayer).
///
/// # Which answers
/// - All but those of large reads ([`OperationKind::LargeRead`](lazuli_protocol::OperationKind::LargeRead), and any `GET` that no operation made), whose bodies are streamed.
/// - Refusals (a status from 400 on) of large reads as well.
///
/// What has no body costs nothing, and nothing is copied: the pieces that came are handed on. An answer that is larger than the limit is not read
/// to its end: the pieces that were read are followed by the rest. The limit is one of memory: each piece counts 128 bytes more than it brings, so that
/// an answer in very many small ones cannot take more.
///
/// # When one breaks off
/// That is when the connection fails before the end, and when there are fewer or more bytes than `Content-Length` says (but for a `HEAD`). The
/// call fails with [`ErrorKind::Connection`](crate::ErrorKind::Connection), or [`Timeout`](crate::ErrorKind::Timeout) when a layer further in had
/// waited too long for more, and so is sent again as the policy says. But what has come is handed on, up to the place where it broke,
/// where asking again could do harm or no good:
/// - The request must not be sent twice ([`Repeat::Unsafe`](lazuli_protocol::Repeat::Unsafe)).
/// - It was a write, or work on a lease, and the answer's status says that it is done. What is done shall not look like a failure to those who need nothing of
///   the body.
/// - The status and headers of a refusal say already what is wrong.
///
/// Whoever reads such a body comes upon [`ErrorKind::Body`](crate::ErrorKind::Body).
///
/// Nor is the body of such an answer waited for longer than two seconds, or half of the time that is left until the [deadline](crate::DeadlineLayer): what has come by
/// then is handed on. The rest follows as it comes, until the deadline; a refusal with an error code among its headers has no rest, for all is said. Whoever reads on comes upon
/// [`ErrorKind::Body`](crate::ErrorKind::Body).
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, OperationInfo, OperationKind, ResponseBody};
/// use lazuli_transport::{ErrorKind, GatherLayer};
/// use tower::{Layer as _, ServiceExt as _};
///
/// // It says 100 bytes and sends 5.
/// let service = GatherLayer::default().layer(tower::service_fn(|_: Request<Body>| async {
///     let answer = Response::builder().header("content-length", "100");
///     Ok::<_, lazuli_transport::Error>(answer.body(ResponseBody::from(Bytes::from_static(b"hello"))).unwrap())
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let list = OperationInfo::blob("ListBlobs", OperationKind::List);
/// let request = Request::get("https://example.blob.core.windows.net/c?comp=list").extension(list);
/// let error = service.oneshot(request.body(Body::empty())?).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Connection);
/// assert_eq!(error.to_string(), "the answer broke off after 5 bytes");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GatherLayer {
    limit: usize,
}

impl GatherLayer {
    /// Reads answers whole that take up to `limit` bytes, of which each piece takes 128 beside its own.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { limit }
    }
}

impl Default for GatherLayer {
    /// Up to 16 MiB.
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl<S> Layer<S> for GatherLayer {
    type Service = GatherService<S>;

    fn layer(&self, inner: S) -> GatherService<S> {
        GatherService {
            inner,
            limit: u64::try_from(self.limit).unwrap_or(u64::MAX),
        }
    }
}
