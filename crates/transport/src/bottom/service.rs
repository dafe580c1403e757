//! The step from descriptions to bytes: opens a request's body and hands it to an HTTP client, or to a service as one would.

use std::fmt;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use lazuli_protocol::{Body, BoxError, ResponseBody};
use tower::Service;

use super::outgoing::Failure;
use crate::answer::failed;
use crate::ready::take_ready;
use crate::stall::Progress;
use crate::timeout::HandedOver;
use crate::verify::OutgoingSum;
use crate::{AnswerFuture, Error, OutgoingBody};

/// Puts any HTTP client, or any service of this process, under the layers.
///
/// What it wraps gets requests with an [`OutgoingBody`], a plain [`http_body::Body`], and absolute URLs. Whatever it fails with is
/// looked through for its cause: an [`Error`] of this crate and a refused connection are recognized, and everything
/// else counts as a [connection](crate::ErrorKind::Connection) that failed.
///
/// A stream that says it has no bytes is asked for them before anything is sent: a client would not, and write nothing where there is something.
///
/// # Errors
/// Besides those, [`BodyNotReplayable`](crate::ErrorKind::BodyNotReplayable) for a body that was sent before and cannot be sent again, and
/// [`RequestBody`](crate::ErrorKind::RequestBody) for one that fails on its way, whatever is answered to what there was of it.
#[derive(Clone)]
pub struct Bottom<S>(S);

impl<S> Bottom<S> {
    /// The bottom that this service is.
    pub fn new(service: S) -> Self {
        Self(service)
    }
}

impl<S, B> Service<Request<Body>> for Bottom<S>
where
    S: Service<Request<OutgoingBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(cx).map_err(|error| Error::from(error.into()))
    }

    fn call(&mut self, request: Request<Body>) -> AnswerFuture {
        let (mut parts, body) = request.into_parts();
        let progress = parts.extensions.remove::<Progress>();
        let handed = parts.extensions.remove::<HandedOver>();
        let sum = parts.extensions.remove::<OutgoingSum>();
        let body = match OutgoingBody::open(&body) {
            Ok(body) => body.watched(progress, handed).summed(sum),
            Err(error) => return failed(error),
        };
        if body.claims_to_be_empty() {
            let mut service = take_ready(&mut self.0);
            return Box::pin(async move {
                let body = body.empty().await?;
                let failure = body.failure();
                told(service.call(Request::from_parts(parts, body)), failure).await
            });
        }
        let failure = body.failure();
        let answer = self.0.call(Request::from_parts(parts, body));
        Box::pin(told(answer, failure))
    }
}

/// The answer, unless the body has failed: whoever read it may have answered what there was of it.
async fn told<F, B, E>(answer: F, failure: Failure) -> Result<Response<ResponseBody>, Error>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let answer = answer.await;
    match (failure.take(), answer) {
        (Some(failure), _) => Err(failure),
        (None, Ok(response)) => Ok(response.map(ResponseBody::new)),
        (None, Err(error)) => Err(error.into().into()),
    }
}

impl<S> fmt::Debug for Bottom<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bottom").finish_non_exhaustive()
    }
}
