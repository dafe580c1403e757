//! The layer that watches tries.

use tower::Layer;

use super::TraceTryService;

/// Opens a [`tracing`] span for each time that a request is sent, inside of the span that a [`TraceLayer`](crate::TraceLayer) opens for the
/// call. It stands below everything that sends again, and above signing, so that it sees no signature.
///
/// The span is `azure_blob.try`, `azure_files.try` or `azure_entra.try`, of the level `DEBUG`. It has the fields of a call's span that begin with
/// `http`, `server`, `url` and `otel`, with the method for `otel.name`; `error.type`; and `azure.service.request.id`. What
/// `http.request.resend_count` counts is how often the call was sent before.
///
/// | level | events |
/// |---|---|
/// | `DEBUG` | a request is sent; it was answered, or has no answer |
/// | `TRACE` | the range that is asked for, and the range that comes, if its `Content-Range` names a first byte, a last byte and a size |
///
/// A try that is given up before its answer (by a caller, or as the slower one of two) ends its span without an outcome, and has no event of
/// its end.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::TraceTryLayer;
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = TraceTryLayer::new().layer(tower::service_fn(|_: Request<Body>| async {
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// assert_eq!(service.oneshot(request).await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceTryLayer(());

impl TraceTryLayer {
    /// The layer; it has no options.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for TraceTryLayer {
    type Service = TraceTryService<S>;

    fn layer(&self, inner: S) -> TraceTryService<S> {
        TraceTryService { inner }
    }
}
