//! The layer.

use tower::Layer;

use super::{MetricsService, names};

/// Counts and times calls, by the façade of the `metrics` crate: whatever recorder the program has installed gets them, and without one
/// they cost next to nothing. It stands right below a [`TraceLayer`](crate::TraceLayer), where it sees calls as their callers do.
///
/// The names begin with `azure_blob`, `azure_files` or `azure_entra`:
///
/// | metric | kind | labels | |
/// |---|---|---|---|
/// | `…_operations_total` | counter | `operation`, `status` | calls that have ended; `error` is the status of one without an answer, `other` one that storage services do not send |
/// | `…_latency_seconds` | histogram | `operation` | seconds until the head of the answer or the failure, with all tries |
/// | `…_bytes_total` | counter | `direction` | `upload`: the body of a call that was answered, once whatever its tries; `download`: what was read of the answer, when its body ends or is dropped |
/// | `…_errors_total` | counter | `operation`, `error_type` | answers from 400 on, by the service's [error code](lazuli_protocol::ErrorCode) (`service` without one, and for one that is not known); calls without an answer, and bodies that break off, by the [kind](crate::ErrorKind) of failure (`circuit_open`) |
/// | `…_retry_attempts` | counter | `operation` | requests that were sent again, by a [`RetryLayer`](crate::RetryLayer) below |
/// | `…_circuit_breaker_state` | gauge | `host` | 0 closed, 1 half-open, 2 open; 0 again when the circuit is dropped with its [`CircuitBreakers`](crate::CircuitBreakers) |
/// | `…_active_leases` | gauge | | leases that are held: see [`ActiveLease`](crate::ActiveLease) |
///
/// `operation` is the REST operation's name, or the method for a request that no operation made. Nothing that an answer says makes a label that
/// is not known beforehand, so the number of series is bounded.
///
/// A call that its caller gives up before the head of the answer, by dropping its future, is in no metric, and neither are its tries.
///
/// # One gauge a host
/// A circuit's gauge is that of its host in the whole process. Stacks that call one host should share their
/// [`CircuitBreakers`](crate::CircuitBreakers): those of their own overwrite each other, and the gauge shows what changed last. It changes with calls only, so the
/// circuit of a host that nobody calls any more stays open in it for as long as the circuit is kept.
///
/// # Install the recorder first
/// What the metrics mean is told to the recorder when the layer is made, so a recorder that comes later gets the numbers without descriptions.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::MetricsLayer;
/// use tower::{Layer as _, ServiceExt as _};
///
/// let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
/// let numbers = recorder.handle();
/// let _installed = metrics::set_default_local_recorder(&recorder);
///
/// let service = MetricsLayer::new().layer(tower::service_fn(|_: Request<Body>| async {
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// service.oneshot(request).await?;
/// assert!(numbers.render().contains(r#"azure_blob_operations_total{operation="GET",status="200"} 1"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MetricsLayer(());

impl MetricsLayer {
    /// The layer; it has no options. The installed recorder is told what the metrics mean.
    #[must_use]
    pub fn new() -> Self {
        names::describe();
        Self(())
    }
}

impl Default for MetricsLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for MetricsLayer {
    type Service = MetricsService<S>;

    fn layer(&self, inner: S) -> MetricsService<S> {
        MetricsService { inner }
    }
}
