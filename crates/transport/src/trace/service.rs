//! The service that watches.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tower::Service;
use tracing::Instrument as _;

use super::record;
use crate::error::RequestLine;
use crate::{AnswerFuture, Error};

/// Made by [`TraceLayer`](crate::TraceLayer).
#[derive(Clone, Debug)]
pub struct TraceService<S> {
    pub(super) inner: S,
}

impl<S> Service<Request<Body>> for TraceService<S>
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
        let span = record::span(&request);
        let line = RequestLine::of(&request);
        let answer = span.in_scope(|| self.inner.call(request));
        let of_call = span.clone();
        let watched = async move {
            let outcome = answer.await.map_err(|error| error.into().on(&line));
            record::outcome(&of_call, &outcome);
            outcome
        };
        Box::pin(watched.instrument(span))
    }
}
