//! The layer's options.

use std::sync::Arc;

use http::HeaderValue;
use lazuli_protocol::ApiVersion;
use tower::Layer;

use super::{PrepareService, RandomIds, RequestIds};
use crate::{Error, ErrorKind};

const USER_AGENT: &str = concat!("lazuli/", env!("CARGO_PKG_VERSION"));

/// Completes each request's head, once for all of its tries and before it is signed:
///
/// - `x-ms-client-request-id`: a fresh id, by which the service's logs can be searched;
/// - `x-ms-version`: [`ApiVersion::LATEST`] or the one that was chosen;
/// - `user-agent`: `lazuli/VERSION`, and what was added to it;
/// - `content-length`: the length of the body. It is part of what is signed, and the service asks for it in every `PUT`, of no bytes
///   as well.
///
/// The first three are left alone where the request has them. A wish for content in segments (`x-ms-structured-body` of a `GET`) goes where the version is older than
/// 2025-01-05 and would refuse it, unless the content [must be verified](lazuli_protocol::ContentMustBeVerified).
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) for a write in segments with such a version, before anything is sent: a service that does not know of segments may store
/// them as the content.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{ApiVersion, Body, ResponseBody};
/// use lazuli_transport::PrepareLayer;
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = PrepareLayer::new().api_version(ApiVersion::of(b"2021-12-02")).layer(tower::service_fn(
///     |request: Request<Body>| async move {
///         assert_eq!(request.headers()["x-ms-version"], "2021-12-02");
///         assert_eq!(request.headers()["content-length"], "0");
///         Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
///     },
/// ));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// service.oneshot(Request::put("https://example.blob.core.windows.net/c?restype=container").body(Body::empty())?).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PrepareLayer {
    pub(super) ids: Arc<dyn RequestIds>,
    // `None` for a version that cannot stand in a header: the service then says what it misses.
    pub(super) version: Option<HeaderValue>,
    pub(super) user_agent: HeaderValue,
}

impl PrepareLayer {
    /// Random ids, the latest version, and no addition to the user agent.
    #[must_use]
    pub fn new() -> Self {
        Self {
            ids: Arc::new(RandomIds),
            version: version(ApiVersion::LATEST),
            user_agent: HeaderValue::from_static(USER_AGENT),
        }
    }

    /// Takes ids from elsewhere.
    #[must_use]
    pub fn request_ids(mut self, ids: Arc<dyn RequestIds>) -> Self {
        self.ids = ids;
        self
    }

    /// Speaks another version of the protocol.
    #[must_use]
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = self::version(version);
        self
    }

    /// Adds to the user agent, after a space: `my-program/1.0`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the text is empty or has anything but visible ASCII and spaces.
    pub fn user_agent_suffix(mut self, suffix: &str) -> Result<Self, Error> {
        let shown = |byte: u8| matches!(byte, b' '..=b'~');
        let agent = if !suffix.trim().is_empty() && suffix.bytes().all(shown) {
            HeaderValue::try_from(format!("{USER_AGENT} {}", suffix.trim())).ok()
        } else {
            None
        };
        let Some(agent) = agent else {
            let message = format!(
                "{suffix:?} cannot be added to the user agent: use visible ASCII, such as my-program/1.0"
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        };
        self.user_agent = agent;
        Ok(self)
    }
}

fn version(version: ApiVersion) -> Option<HeaderValue> {
    HeaderValue::from_str(version.as_str()).ok()
}

impl Default for PrepareLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for PrepareLayer {
    type Service = PrepareService<S>;

    fn layer(&self, inner: S) -> PrepareService<S> {
        PrepareService {
            inner,
            layer: self.clone(),
        }
    }
}
