//! The layer's options.

use std::sync::Arc;

use tower::Layer;

use super::{ReadFrom, SecondaryHosts, SecondaryService};

/// Reads from the secondary place of an account when the primary fails, for accounts that are kept in two regions and can be read in both
/// (RA-GRS, RA-GZRS).
///
/// # When
/// A read that met trouble at the primary is sent to the secondary at once, once a try:
///
/// | at the primary | then |
/// |---|---|
/// | [`Unavailable`](crate::Trouble::Unavailable), [`InternalError`](crate::Trouble::InternalError), [`Timeout`](crate::Trouble::Timeout), [`Connection`](crate::Trouble::Connection) | the secondary |
/// | an open circuit breaker | the secondary |
/// | [`ServerBusy`](crate::Trouble::ServerBusy) | its failure: the service is well and asks for time |
/// | any other answer or error | that |
///
/// But not when no time is left until the [deadline](crate::DeadlineLayer).
///
/// Only what is asked by `GET` or `HEAD` and may be sent twice counts as a read. Nothing else ever goes to the secondary.
///
/// # What comes of it
/// - A success or a 304 is returned, with [`ServedBy::Secondary`](crate::ServedBy::Secondary) in the response's extensions: it may be older than what the
///   primary has.
/// - A refusal, such as 404 or 412, may only mean that the secondary has not got it yet: the primary's failure is returned. A
///   [`RetryLayer`](crate::RetryLayer) above goes on, and the secondary is not asked again in the later tries of the call.
/// - With trouble at the secondary too, the primary's failure is returned, and later tries may ask both again.
///
/// A failure that is returned after the secondary was asked says in its error what came of that. The answer of the primary is held until then, and
/// its connection with it. Each request to the secondary after a failure is a `WARN` event.
///
/// # On purpose
/// [`ReadFrom`] in a request's extensions says where this request goes, whatever the layer's own option says. A request for the secondary whose URL
/// has none fails with [`InvalidInput`](crate::ErrorKind::InvalidInput).
///
/// # Signatures
/// Both URLs are signed by a [`SignLayer`](crate::SignLayer) below, with the same credential: the account's name in a signature is the one without
/// `-secondary`.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{SecondaryHosts, SecondaryLayer, ServedBy};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = SecondaryLayer::new(SecondaryHosts::azure()).layer(tower::service_fn(|request: Request<Body>| async move {
///     let status = match request.uri().host() {
///         Some("example-secondary.blob.core.windows.net") => 200,
///         _ => 503,
///     };
///     let response = Response::builder().status(status);
///     Ok::<_, lazuli_transport::Error>(response.body(ResponseBody::empty()).unwrap())
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// let response = service.oneshot(request).await?;
/// assert_eq!((response.status().as_u16(), ServedBy::of(response.extensions())), (200, ServedBy::Secondary));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SecondaryLayer {
    hosts: Arc<SecondaryHosts>,
    read_from: ReadFrom,
}

impl SecondaryLayer {
    /// With these secondaries, which are asked when the primary fails.
    #[must_use]
    pub fn new(hosts: SecondaryHosts) -> Self {
        Self {
            hosts: Arc::new(hosts),
            read_from: ReadFrom::default(),
        }
    }

    /// Where reads go that do not say it themselves; [`PrimaryThenSecondary`](ReadFrom::PrimaryThenSecondary) unless said otherwise.
    #[must_use]
    pub fn read_from(mut self, read_from: ReadFrom) -> Self {
        self.read_from = read_from;
        self
    }
}

impl<S> Layer<S> for SecondaryLayer {
    type Service = SecondaryService<S>;

    fn layer(&self, inner: S) -> SecondaryService<S> {
        SecondaryService {
            inner,
            hosts: Arc::clone(&self.hosts),
            read_from: self.read_from,
        }
    }
}
