//! The service that signs.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, Clock, ResponseBody};
use lazuli_signing::Credential;
use tower::Service;

use crate::answer::failed;
use crate::{AnswerFuture, Error, ErrorKind};

/// Made by [`SignLayer`](crate::SignLayer).
#[derive(Clone, Debug)]
pub struct SignService<S> {
    pub(super) inner: S,
    pub(super) credential: Arc<Credential>,
    pub(super) clock: Arc<dyn Clock>,
}

impl<S> Service<Request<Body>> for SignService<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>>,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Body>) -> AnswerFuture {
        let (mut parts, body) = request.into_parts();
        if let Err(error) = self.credential.apply(&mut parts, self.clock.now()) {
            return failed(Error::new(ErrorKind::Sign, "the request could not be signed").because(error));
        }
        let answer = self.inner.call(Request::from_parts(parts, body));
        Box::pin(async move { answer.await.map_err(Into::into) })
    }
}
