//! The service that waits no longer.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, OperationKind, ResponseBody};
use tokio::time::{Instant, sleep_until};
use tower::Service;

use super::Timeouts;
use super::handed::HandedOver;
use super::watch::{Verdict, Watch};
use crate::answer::failed;
use crate::bottom::WaitsForPlace;
use crate::deadline::Expires;
use crate::request::kind;
use crate::{AnswerFuture, Error};

/// Made by [`TimeoutLayer`](crate::TimeoutLayer).
#[derive(Clone, Debug)]
pub struct TimeoutService<S> {
    pub(super) inner: S,
    pub(super) timeouts: Timeouts,
    pub(super) few_places: bool,
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

    fn call(&mut self, mut request: Request<Body>) -> AnswerFuture {
        let kind = kind(&request);
        let time = self.timeouts.of(kind);
        let expires = request.extensions().get::<Expires>().cloned();
        if let Some(expires) = expires.as_ref().filter(|expires| expires.left().is_zero()) {
            return failed(expires.too_late().blaming_nobody().never_sent());
        }
        if time.is_none() && expires.is_none() {
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map_err(Into::into) });
        }
        let uploads = kind == OperationKind::Write && request.body().content_length() > 0;
        let handed = uploads.then(HandedOver::default);
        if let Some(handed) = &handed {
            request.extensions_mut().insert(handed.clone());
        }
        let waits = self.few_places.then(WaitsForPlace::default);
        if let Some(waits) = &waits {
            request.extensions_mut().insert(waits.clone());
        }
        let watch = Watch {
            begun: Instant::now(),
            time,
            handed,
            expires,
            waits,
        };
        let answer = self.inner.call(request);
        Box::pin(async move { watched(answer, watch).await })
    }
}

/// The answer, unless the try's time is up before.
async fn watched<F, E>(answer: F, watch: Watch) -> Result<Response<ResponseBody>, Error>
where
    F: Future<Output = Result<Response<ResponseBody>, E>>,
    E: Into<Error>,
{
    let first = match watch.look(watch.begun) {
        Verdict::Never => return answer.await.map_err(Into::into),
        Verdict::At(first) => first,
        // Every try is given a chance.
        Verdict::Over(_) => watch.begun,
    };
    let mut answer = pin!(answer);
    let mut timer = pin!(sleep_until(first));
    let mut watching = true;
    poll_fn(move |cx| {
        if let Poll::Ready(outcome) = answer.as_mut().poll(cx) {
            return Poll::Ready(outcome.map_err(Into::into));
        }
        while watching && timer.as_mut().poll(cx).is_ready() {
            match watch.look(Instant::now()) {
                Verdict::At(next) => timer.as_mut().reset(next),
                Verdict::Never => watching = false,
                Verdict::Over(error) => return Poll::Ready(Err(watch.in_line().unwrap_or(error))),
            }
        }
        Poll::Pending
    })
    .await
}
