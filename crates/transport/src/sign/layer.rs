//! The layer's options.

use std::sync::Arc;

use lazuli_protocol::{Clock, SystemClock};
use lazuli_signing::Credential;
use tower::Layer;

use super::SignService;
use super::skew::Skew;
use crate::credential::{CredentialSource, Fixed};

/// Applies a [`Credential`] to each request that passes: below everything that changes or repeats requests. What is below sees the signature: let that only wait and
/// watch, as a [`TimeoutLayer`](crate::TimeoutLayer) does, whose time then has no part in getting the credential.
///
/// The credential may come from a [`CredentialSource`] that is asked for every request. When the service refuses it with status 401
/// or 403 and the source has another one, the request is sent once more, if its body can start again.
///
/// # The time
/// A signature with an account's key has a date, and the service refuses one that is more than about 15 minutes from its own. When it refuses a
/// request (status 401, or 403 `AuthenticationFailed`) whose date is more than a minute from the `Date` of its answer, the difference is learned: that request
/// is sent once more, and from then on all of this layer and its clones are dated by it. It is learned anew when it is refused, forgotten
/// when an answer shows that the machine's clock is right again, and not believed when it is more than a week.
///
/// A request is sent once more at most. A date that is more than 15 minutes off explains the refusal, and the source is not asked then; when it
/// is less, the other try has the service's date and another credential if the source has one.
///
/// # Batches
/// The requests of a [`BatchRequest`](lazuli_protocol::BatchRequest) in a request's extensions are signed each by itself, and make its body.
///
/// ```
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ResponseBody};
/// use lazuli_signing::{Credential, SasToken};
/// use lazuli_transport::SignLayer;
/// use tower::{Layer as _, ServiceExt as _};
///
/// let token = SasToken::parse("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0")?;
/// let service = SignLayer::new(Credential::from(token)).layer(tower::service_fn(|request: Request<Body>| async move {
///     assert_eq!(request.uri().query(), Some("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0"));
///     Ok::<_, lazuli_transport::Error>(Response::new(ResponseBody::empty()))
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// service.oneshot(Request::get("https://example.blob.core.windows.net/c/b").body(Body::empty())?).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignLayer {
    source: Arc<dyn CredentialSource>,
    clock: Arc<dyn Clock>,
    skew: Skew,
}

impl SignLayer {
    /// With this credential, by the machine's clock.
    #[must_use]
    pub fn new(credential: Credential) -> Self {
        Self::from_source(Fixed::new(credential))
    }

    /// With whatever this source gives, by the machine's clock.
    #[must_use]
    pub fn from_source(source: impl CredentialSource) -> Self {
        Self {
            source: Arc::new(source),
            clock: Arc::new(SystemClock),
            skew: Skew::default(),
        }
    }

    /// By another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        // What is known is about the other clock.
        self.skew = Skew::default();
        self
    }
}

impl<S> Layer<S> for SignLayer {
    type Service = SignService<S>;

    fn layer(&self, inner: S) -> SignService<S> {
        SignService {
            inner,
            source: Arc::clone(&self.source),
            clock: Arc::clone(&self.clock),
            skew: self.skew.clone(),
        }
    }
}
