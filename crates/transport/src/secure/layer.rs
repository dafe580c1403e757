//! The layer's option.

use tower::Layer;

use super::SecureService;

/// Refuses requests over plain `http`, before anything of them is signed or sent, unless they stay on this machine or `http` was allowed.
///
/// The names and addresses of this machine are `localhost`, all names that end in `.localhost`, `127.0.0.0/8` and `::1`. Requests to a
/// service in the same process are held to the same rule, so that a program that works on it works on the network.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_transport::{ErrorKind, SecureLayer};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = SecureLayer::new().layer(tower::service_fn(|_: Request<Body>| async {
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = Request::get("http://example.blob.core.windows.net/c/b").body(Body::empty())?;
/// assert_eq!(service.oneshot(request).await.unwrap_err().kind(), ErrorKind::InsecureUrl);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SecureLayer {
    allow_http: bool,
}

impl SecureLayer {
    /// `https` everywhere, and `http` to this machine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `http` may leave this machine. What it carries, signatures and content, can then be read and changed on its way. Keys of the
    /// customer's own, and tokens for the source of a copy, go over `https` all the same or not at all.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }
}

impl<S> Layer<S> for SecureLayer {
    type Service = SecureService<S>;

    fn layer(&self, inner: S) -> SecureService<S> {
        SecureService {
            inner,
            allow_http: self.allow_http,
        }
    }
}
