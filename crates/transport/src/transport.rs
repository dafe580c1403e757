//! The one type that clients hold: any stack, boxed, and the way from an operation through it and back.

use std::fmt;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use lazuli_protocol::{Body, BoxError, Endpoint, Operation, ResponseBody};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt as _};

use crate::error::{AnswerHead, RequestLine};
use crate::trace::EndpointSegments;
use crate::{AnswerFuture, Bottom, Error, OutgoingBody, TransportBuilder};

/// Carries requests to a service and brings its answers: a stack of layers, cheap to clone and to share.
///
/// [`Transport::builder`] makes the default stack. It is a [`tower::Service`] itself, so that more layers can go around it.
///
/// ```
/// use http::{Request, Response, response};
/// use lazuli_protocol::{
///     Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody, ServiceError,
/// };
/// use lazuli_transport::{OutgoingBody, Transport};
///
/// struct GetGreeting;
///
/// impl Operation for GetGreeting {
///     type Output = bytes::Bytes;
///     const INFO: OperationInfo = OperationInfo::blob("GetGreeting", OperationKind::SmallRead);
///
///     fn request(&self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
///         let uri = endpoint.uri().query("comp", "greeting").build()?;
///         Request::get(uri)
///             .body(Body::empty())
///             .map_err(|source| Error::new(lazuli_protocol::ErrorKind::InvalidInput, "no request").with_source(source))
///     }
///
///     async fn response(parts: response::Parts, body: ResponseBody) -> Result<bytes::Bytes, Error> {
///         if parts.status != 200 {
///             return Err(ServiceError::read(parts, body).await.into());
///         }
///         body.collect(1024).await
///     }
/// }
///
/// let transport = Transport::builder().build_on(tower::service_fn(|request: Request<OutgoingBody>| async move {
///     let greets = request.uri().host() == Some("127.0.0.1");
///     let response = Response::builder().status(if greets { 200 } else { 404 });
///     response.body(ResponseBody::from(bytes::Bytes::from_static(b"hello")))
/// }))?;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let endpoint = Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1")?;
/// assert_eq!(transport.send(&GetGreeting, &endpoint).await?, "hello");
///
/// let elsewhere = Endpoint::parse("https://example.blob.core.windows.net")?;
/// let error = transport.send(&GetGreeting, &elsewhere).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "GetGreeting GET example.blob.core.windows.net/: the service answered 404"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Transport(BoxCloneSyncService<Request<Body>, Response<ResponseBody>, Error>);

impl Transport {
    /// The default stack, to be adjusted and put on a bottom.
    pub fn builder() -> TransportBuilder {
        TransportBuilder::new()
    }

    /// A stack of one's own.
    pub fn new<S>(stack: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + Sync + 'static,
        S::Error: Into<Error>,
        S::Future: Send + 'static,
    {
        Self(BoxCloneSyncService::new(stack.map_err(Into::into)))
    }

    /// A service of this process, or any HTTP client, with no layers at all: nothing is signed, and nothing tried again. With the default
    /// layers it is [`TransportBuilder::build_on`].
    pub fn from_service<S, B>(service: S) -> Self
    where
        S: Service<Request<OutgoingBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::new(Bottom::new(service))
    }

    /// Sends an operation to a service, and reads the answer as the operation does.
    ///
    /// # Errors
    /// Everything that can go wrong: [`Error::kind`] says what did.
    pub async fn send<O: Operation>(&self, operation: &O, endpoint: &Endpoint) -> Result<O::Output, Error> {
        self.send_with(operation, endpoint, |_| {}).await
    }

    /// Sends an operation, with a request that is adjusted first: one more header, say, or a [`Deadline`](crate::Deadline) of its own.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with<O: Operation>(
        &self,
        operation: &O,
        endpoint: &Endpoint,
        adjust: impl FnOnce(&mut Request<Body>) + Send,
    ) -> Result<O::Output, Error> {
        let mut request = operation.request(endpoint)?;
        let extensions = request.extensions_mut();
        extensions.insert(operation.info());
        extensions.insert(EndpointSegments::of(endpoint));
        adjust(&mut request);
        let line = RequestLine::of(&request);
        let stack = self.0.clone();
        let response = stack.oneshot(request).await.map_err(|error| error.on(&line))?;
        let (parts, body) = response.into_parts();
        let head = AnswerHead::of(&parts);
        let read = O::response(parts, body).await;
        read.map_err(|error| Error::from(error).answered(&head).on(&line))
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> AnswerFuture {
        self.0.call(request)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}
