//! The layer.

use tower::Layer;

use super::TraceService;

/// Opens a [`tracing`] span for each call, and says at its end how it went. It also puts the request's name into every error that
/// passes, so it stands outermost.
///
/// The span is `azure_blob` or `azure_files`, with these fields:
///
/// | field | |
/// |---|---|
/// | `operation` | the REST operation's name; empty for a request that no operation made |
/// | `method`, `host`, `path` | what was asked for; never the query, which may hold a token |
/// | `client_request_id` | from a [`PrepareLayer`](crate::PrepareLayer) below |
/// | `status`, `request_id`, `error_code` | from the answer |
/// | `attempts` | from a [`RetryLayer`](crate::RetryLayer) below |
///
/// | level | events |
/// |---|---|
/// | `ERROR` | answers 401 and 403, answers from 500 on after all tries, and calls without an answer |
/// | `WARN` | each retry (by the retry layer) |
/// | `INFO` | every other answer |
/// | `DEBUG` | each try (by the retry layer) |
///
/// The span ends with the head of the answer; reading the body is outside of it.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::TraceLayer;
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = TraceLayer::new().layer(tower::service_fn(|_: Request<Body>| async {
///     Err::<Response<ResponseBody>, _>(Box::<dyn std::error::Error + Send + Sync>::from("unplugged"))
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b?sig=SECRET").body(Body::empty())?;
/// assert_eq!(
///     service.oneshot(request).await.unwrap_err().to_string(),
///     "GET example.blob.core.windows.net/c/b: the connection failed before an answer came"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceLayer(());

impl TraceLayer {
    /// The layer; it has no options.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for TraceLayer {
    type Service = TraceService<S>;

    fn layer(&self, inner: S) -> TraceService<S> {
        TraceService { inner }
    }
}
