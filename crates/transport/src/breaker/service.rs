//! The service that asks the circuit first.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tower::Service;

use super::CircuitBreakers;
use super::verdict::Verdict;
use crate::answer::failed;
use crate::{AnswerFuture, Error};

/// Made by [`CircuitBreakerLayer`](crate::CircuitBreakerLayer).
#[derive(Clone, Debug)]
pub struct CircuitBreakerService<S> {
    pub(super) inner: S,
    pub(super) breakers: CircuitBreakers,
}

impl<S> Service<Request<Body>> for CircuitBreakerService<S>
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
        let pass = match self.breakers.admit(&request) {
            Ok(pass) => pass,
            Err(error) => return failed(error),
        };
        let answer = self.inner.call(request);
        let Some(pass) = pass else {
            return Box::pin(async move { answer.await.map_err(Into::into) });
        };
        let breakers = self.breakers.clone();
        Box::pin(async move {
            let outcome = answer.await.map_err(Into::into);
            pass.end(Verdict::of(&outcome, breakers.policy()));
            outcome
        })
    }
}
