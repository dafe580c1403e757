//! The service that watches calls.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::Instant;
use tower::Service;
use tracing::{Instrument as _, Level, enabled};

use super::record;
use super::sends::Sends;
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

    fn call(&mut self, mut request: Request<Body>) -> AnswerFuture {
        let span = record::span(&request);
        let line = RequestLine::of(&request);
        if enabled!(Level::DEBUG) {
            request.extensions_mut().insert(Sends::default());
        }
        let begun = (!span.is_disabled()).then(Instant::now);
        let answer = span.in_scope(|| self.inner.call(request));
        let of_call = span.clone();
        let watched = async move {
            let outcome = answer.await.map_err(|error| error.into().on(&line));
            let took = begun.map(|begun| begun.elapsed());
            record::outcome(&of_call, &line, took, &outcome);
            outcome
        };
        Box::pin(watched.instrument(span))
    }
}
