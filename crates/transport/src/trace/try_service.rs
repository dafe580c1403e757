//! The service that watches tries.

use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody, Service as Of};
use tokio::time::Instant;
use tower::Service;
use tracing::field::Empty;
use tracing::{Instrument as _, Level, Span, debug, debug_span, enabled, trace};

use super::{fields, sends};
use crate::{AnswerFuture, Error, answer, request};

/// Made by [`TraceTryLayer`](crate::TraceTryLayer).
#[derive(Clone, Debug)]
pub struct TraceTryService<S> {
    pub(super) inner: S,
}

impl<S> Service<Request<Body>> for TraceTryService<S>
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
        let span = span(&request);
        if span.is_disabled() {
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map_err(Into::into) });
        }
        fields::sent_again(&span, sends::count(&request));
        let begun = Instant::now();
        let answer = span.in_scope(|| {
            debug!("a request is sent");
            if let Some(range) = fields::range(&request) {
                trace!(range, "a range is asked for");
            }
            self.inner.call(request)
        });
        let of_try = span.clone();
        let watched = async move {
            let outcome = answer.await.map_err(Into::into);
            ended(&of_try, begun, &outcome);
            outcome
        };
        Box::pin(watched.instrument(span))
    }
}

fn span(request: &Request<Body>) -> Span {
    macro_rules! one {
        ($name:literal) => {
            debug_span!(
                $name,
                otel.name = request.method().as_str(),
                otel.kind = "client",
                otel.status_code = Empty,
                azure.service.request.id = Empty,
                http.request.method = request.method().as_str(),
                http.request.body.size = fields::size(request),
                http.request.resend_count = Empty,
                http.response.status_code = Empty,
                http.response.body.size = Empty,
                server.address = request.uri().host(),
                server.port = fields::port(request.uri()),
                url.scheme = request.uri().scheme_str(),
                url.path = request.uri().path(),
                "error.type" = Empty,
            )
        };
    }
    match request::service(request) {
        Of::Files => one!("azure_files.try"),
        Of::Entra => one!("azure_entra.try"),
        _ => one!("azure_blob.try"),
    }
}

fn ended(span: &Span, begun: Instant, outcome: &Result<Response<ResponseBody>, Error>) {
    let took = begun.elapsed();
    match outcome {
        Ok(response) => {
            fields::answered(span, response);
            debug!(
                status = response.status().as_u16(),
                ?took,
                "a request was answered"
            );
            if enabled!(Level::TRACE)
                && let Some(range) = answer::content_range(response.headers())
            {
                trace!(%range, "a range comes");
            }
        }
        Err(error) => {
            fields::unanswered(span, error);
            debug!(kind = ?error.kind(), ?took, "a request has no answer");
        }
    }
}
