//! The layer.

use tower::Layer;

use super::TraceService;

/// Opens a [`tracing`] span for each call, and says at its end how it went. It also puts the request's name into every error that
/// passes, so it stands outermost.
///
/// The span is `azure_blob.call`, `azure_files.call` or `azure_entra.call`, of the level `INFO`. Its fields have the names of OpenTelemetry's
/// conventions for HTTP clients and for Azure, where there is one:
///
/// | field | |
/// |---|---|
/// | `otel.name` | `azure_blob.GetBlob`: the name for OpenTelemetry, as the name of a `tracing` span cannot vary |
/// | `otel.kind`, `otel.status_code` | `client`; `ERROR` for answers from 400 on and for calls without an answer |
/// | `operation` | the REST operation's name; the method, for a request that no operation made |
/// | `azure.resource_provider.namespace` | `Microsoft.Storage` |
/// | `azure.container` or `azure.share` | what the first segment of the path below the account names |
/// | `azure.path` | the rest of the path, as it stands in the URL |
/// | `azure.range` | the range of bytes that is asked for or written |
/// | `az.client_request_id` | the request's id, from the caller or from a [`PrepareLayer`](crate::PrepareLayer) below |
/// | `azure.service.request.id` | the service's own id of the request: at most 64 letters, digits and hyphens |
/// | `http.request.method`, `server.address`, `server.port`, `url.scheme`, `url.path` | what was asked for; never the query, which may hold a token |
/// | `http.request.body.size`, `http.response.body.size` | in bytes, where there is a body and its length is known |
/// | `http.response.status_code` | from the answer |
/// | `http.request.resend_count` | how often it was sent again, from a [`RetryLayer`](crate::RetryLayer) below |
/// | `error.type` | the service's error code, which is at most 64 letters and digits, or else the status, for answers from 400 on; the [kind](crate::ErrorKind) of any other failure, as in `circuit_open` |
///
/// | level | events |
/// |---|---|
/// | `ERROR` | answers 401 and 403, answers from 500 on after all tries, and calls without an answer |
/// | `WARN` | each retry (by the retry layer); conflicts with leases: 409 and 412 with a code such as `LeaseIdMissing` |
/// | `INFO` | every other answer |
/// | `DEBUG` | each request that is sent, and its answer (by a [`TraceTryLayer`](crate::TraceTryLayer), in a span for each try) |
/// | `TRACE` | ranges (by the same) |
///
/// The span ends with the head of the answer; reading the body is outside of it. A call that its caller gives up before, by dropping its
/// future, ends its span then and there, without a status, an `error.type` or an event.
///
/// Of an answer's headers no more gets into spans and events than the table says; what is spelled in another way is left out.
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
