//! The service that waits no longer.

use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use lazuli_protocol::{Body, OperationKind, ResponseBody};
use tokio::time::timeout;
use tower::Service;

use crate::deadline::Expires;
use crate::request::kind;
use crate::{AnswerFuture, Error, ErrorKind};

/// Made by [`TimeoutLayer`](crate::TimeoutLayer).
#[derive(Clone, Debug)]
pub struct TimeoutService<S> {
    pub(super) inner: S,
    pub(super) time: Option<Duration>,
}

impl<S> Service<Request<Body>> for TimeoutService<S>
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
        let time = self.time.filter(|_| kind(&request) != OperationKind::Write);
        let left = request.extensions().get().map(Expires::left);
        // A try that the call's deadline would end ends here: those between the two layers shall hear how it ended.
        let Some(time) = time.into_iter().chain(left).min() else {
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map_err(Into::into) });
        };
        let answer = self.inner.call(request);
        Box::pin(async move {
            match timeout(time, answer).await {
                Ok(outcome) => outcome.map_err(Into::into),
                Err(_) => {
                    let message = format!("a try had no answer within {:.1}s", time.as_secs_f64());
                    Err(Error::new(ErrorKind::Timeout, message))
                }
            }
        })
    }
}
