//! The service that counts.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::Instant;
use tower::Service;

use super::counted::Counted;
use super::record::Call;
use crate::{AnswerFuture, Error};

/// Made by [`MetricsLayer`](crate::MetricsLayer).
#[derive(Clone, Debug)]
pub struct MetricsService<S> {
    pub(super) inner: S,
}

impl<S> Service<Request<Body>> for MetricsService<S>
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
        let call = Call::of(&request);
        let sent = request.body().content_length();
        let begun = Instant::now();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let outcome = answer.await.map_err(Into::into);
            call.ended(begun.elapsed(), sent, &outcome);
            Ok(outcome?.map(|body| Counted::watch(body, call)))
        })
    }
}
