//! The service that keeps the time.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::{Instant, timeout_at};
use tower::Service;

use super::{Deadlines, Expires};
use crate::{AnswerFuture, Error};

/// Made by [`DeadlineLayer`](crate::DeadlineLayer).
#[derive(Clone, Debug)]
pub struct DeadlineService<S> {
    pub(super) inner: S,
    pub(super) deadlines: Deadlines,
}

impl<S> Service<Request<Body>> for DeadlineService<S>
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

    fn call(&mut self, mut request: Request<Body>) -> AnswerFuture {
        let time = self.deadlines.for_request(&request);
        // A time beyond what the clock can show is no limit.
        let Some(at) = Instant::now().checked_add(time) else {
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map_err(Into::into) });
        };
        let expires = Expires::new(at, time);
        request.extensions_mut().insert(expires.clone());
        let answer = self.inner.call(request);
        Box::pin(async move {
            match timeout_at(at, answer).await {
                Ok(outcome) => outcome.map_err(Into::into),
                Err(_) => Err(expires.too_late().after(expires.attempts())),
            }
        })
    }
}
