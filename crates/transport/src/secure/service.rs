//! The service that refuses.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tower::Service;

use super::policy;
use crate::answer::failed;
use crate::{AnswerFuture, Error};

/// Made by [`SecureLayer`](crate::SecureLayer).
#[derive(Clone, Debug)]
pub struct SecureService<S> {
    pub(super) inner: S,
    pub(super) allow_http: bool,
}

impl<S> Service<Request<Body>> for SecureService<S>
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
        if let Err(error) = policy::check(request.uri(), request.headers(), self.allow_http) {
            return failed(error);
        }
        let answer = self.inner.call(request);
        Box::pin(async move { answer.await.map_err(Into::into) })
    }
}
