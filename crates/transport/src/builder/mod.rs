//! The default stack: which layers, in which order, with which options.

mod stack;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use lazuli_protocol::{ApiVersion, BoxError, Clock, SystemClock};
use lazuli_signing::Credential;
use tower::Service;

use trouble::Trouble;

use crate::bottom::HyperOptions;
use crate::credential::{CredentialSource, Fixed};
use crate::{Bottom, Error, OutgoingBody, RandomIds, RequestIds, SecureLayer, Transport};

/// Builds a [`Transport`] with the default stack. The [crate's documentation](crate#the-default-stack) says which layers there are, and why each
/// stands where it does.
///
/// What calls of a stack share, the retries that they may have together, the circuits and the rates, is shared by all transports that are
/// built from clones of one builder.
///
/// ```
/// use std::time::Duration;
/// use lazuli_protocol::OperationKind;
/// use lazuli_signing::{AccountKey, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
/// use lazuli_transport::{Deadlines, RetryPolicy, Transport};
///
/// let key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
/// let transport = Transport::builder()
///     .credential(key)
///     .deadlines(Deadlines::default().with(OperationKind::List, Duration::from_secs(10)))
///     .retry(RetryPolicy::default().longest_wait(Duration::from_secs(5)))
///     .user_agent_suffix("my-program/1.0")
///     .build()?;
/// # let _ = transport;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TransportBuilder {
    credential: Arc<dyn CredentialSource>,
    clock: Arc<dyn Clock>,
    request_ids: Arc<dyn RequestIds>,
    secure: SecureLayer,
    trouble: Trouble,
    api_version: ApiVersion,
    user_agent_suffix: Option<String>,
    pub(crate) hyper: HyperOptions,
}

impl TransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            credential: Arc::new(Fixed::new(Credential::Anonymous)),
            clock: Arc::new(SystemClock),
            request_ids: Arc::new(RandomIds),
            secure: SecureLayer::new(),
            trouble: Trouble::default(),
            api_version: ApiVersion::LATEST,
            user_agent_suffix: None,
            hyper: HyperOptions::default(),
        }
    }

    /// What every try is signed with; nothing unless said otherwise.
    pub fn credential(self, credential: impl Into<Credential>) -> Self {
        self.credential_source(Fixed::new(credential.into()))
    }

    /// Where the credential of every try comes from, when it can change while the transport is in use: [`Rotating`](crate::Rotating),
    /// [`Renewing`](crate::Renewing), or a source of one's own.
    pub fn credential_source(mut self, source: impl CredentialSource) -> Self {
        self.credential = Arc::new(source);
        self
    }

    /// The clock that dates signatures; the machine's unless said otherwise.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where request ids come from.
    pub fn request_ids(mut self, ids: Arc<dyn RequestIds>) -> Self {
        self.request_ids = ids;
        self
    }

    /// Whether plain `http` may leave this machine; see [`SecureLayer::allow_http`].
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.secure = self.secure.allow_http(allow);
        self
    }

    /// The version of the protocol; [`ApiVersion::LATEST`] unless said otherwise.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.api_version = version;
        self
    }

    /// What is added to the user agent: `my-program/1.0`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// How long making a connection may take, from the lookup of the host's name to the end of the TLS handshake; 5 s unless said
    /// otherwise. A bottom other than hyper takes no notice.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.hyper.connect_timeout = timeout;
        self
    }

    /// The stack over hyper: HTTP/1.1 over TCP and TLS 1.2 or 1.3, with a pool of connections.
    ///
    /// The pool keeps at most 256 idle connections a host, for 90 s. It does not limit how many are in use, unless
    /// [told to](Self::most_connections_per_host): who sends requests side by side decides that. The certificates that are trusted are those
    /// that the machine trusts when this is called, and those that were [added](Self::root_certificates_pem).
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a suffix that is no header text and options that contradict themselves,
    /// [`Tls`](crate::ErrorKind::Tls) when TLS cannot be set up, or a certificate or key not be read. A machine that trusts no certificate, or a build without TLS, fails only when `https` is called.
    pub fn build(self) -> Result<Transport, Error> {
        let stalls = self.trouble.stall.window_of_requests();
        let bottom = self.hyper.clone().outlasting(stalls).connect()?;
        self.stack(bottom)
    }

    /// The stack over a service in this process, or over any HTTP client: see [`Bottom`].
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a suffix that is no header text.
    pub fn build_on<S, B>(self, service: S) -> Result<Transport, Error>
    where
        S: Service<Request<OutgoingBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.stack(Bottom::new(service))
    }
}
