//! The service that guards both bodies of a call.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body as _;
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::{Instant, sleep};
use tower::Service;

use super::Progress;
use super::body::StallBody;
use super::policy::Rule;
use super::watch::{Verdict, Watch};
use crate::{AnswerFuture, Error};

/// Made by [`StallLayer`](crate::StallLayer).
#[derive(Clone, Debug)]
pub struct StallService<S> {
    pub(super) inner: S,
    // The policy, reckoned once and not with every call.
    pub(super) receiving: Option<Rule>,
    pub(super) sending: Option<Rule>,
}

impl<S> Service<Request<Body>> for StallService<S>
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
        let receiving = self.receiving;
        let Some(rule) = self.sending.filter(|_| request.body().content_length() > 0) else {
            let answer = self.inner.call(request);
            return Box::pin(async move { Ok(guarded(answer.await.map_err(Into::into)?, receiving)) });
        };
        let progress = Progress::new();
        request.extensions_mut().insert(progress.clone());
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = watched(answer, Watch::new(rule, progress), rule);
            Ok(guarded(answer.await?, receiving))
        })
    }
}

fn guarded(response: Response<ResponseBody>, rule: Option<Rule>) -> Response<ResponseBody> {
    match rule {
        Some(rule) if !response.body().is_end_stream() => {
            response.map(|body| ResponseBody::new(StallBody::new(body, rule)))
        }
        _ => response,
    }
}

/// The answer, unless the request's body stalls before.
async fn watched<F, E>(answer: F, mut watch: Watch, rule: Rule) -> Result<Response<ResponseBody>, Error>
where
    F: Future<Output = Result<Response<ResponseBody>, E>>,
    E: Into<Error>,
{
    let mut answer = pin!(answer);
    let mut timer = pin!(sleep(rule.window));
    let mut watching = true;
    poll_fn(move |cx| {
        if let Poll::Ready(outcome) = answer.as_mut().poll(cx) {
            return Poll::Ready(outcome.map_err(Into::into));
        }
        while watching && timer.as_mut().poll(cx).is_ready() {
            match watch.look() {
                Verdict::Again(wait) => timer.as_mut().reset(Instant::now() + wait),
                Verdict::Off => watching = false,
                Verdict::Stalled(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Pending
    })
    .await
}
