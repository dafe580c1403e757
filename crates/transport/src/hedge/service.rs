//! The service that asks a second time.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::{Instant, timeout};
use tower::{Service, ServiceExt as _};
use tracing::debug;

use super::HedgePolicy;
use super::learned::Learned;
use super::race::{is_good, race};
use crate::ready::take_ready;
use crate::request::{is_read, kind};
use crate::{AnswerFuture, Error};

/// Made by [`HedgeLayer`](crate::HedgeLayer).
#[derive(Clone, Debug)]
pub struct HedgeService<S> {
    pub(super) inner: S,
    pub(super) policy: HedgePolicy,
    pub(super) learned: Arc<Learned>,
}

impl<S> Service<Request<Body>> for HedgeService<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + 'static,
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
        let begun = Instant::now();
        let reads = (is_read(&request) && request.body().is_replayable())
            .then(|| self.learned.of(request.uri(), begun))
            .flatten();
        let Some(reads) = reads else {
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map_err(Into::into) });
        };
        let kind = kind(&request);
        let Some(delay) = reads.begin(kind, begun, &self.policy) else {
            let answer = self.inner.call(request);
            return Box::pin(async move {
                let outcome = answer.await.map_err(Into::into);
                if is_good(&outcome) {
                    reads.record(kind, begun);
                }
                outcome
            });
        };
        let mut inner = take_ready(&mut self.inner);
        let again = request.clone();
        let answer = inner.call(request);
        Box::pin(async move {
            let mut first = pin!(async {
                let outcome = answer.await.map_err(Into::into);
                if is_good(&outcome) {
                    reads.record(kind, begun);
                }
                outcome
            });
            if let Ok(outcome) = timeout(delay, first.as_mut()).await {
                return outcome;
            }
            if !reads.take() {
                return first.await;
            }
            debug!(?delay, "a read is late and is sent a second time");
            let second = pin!(async {
                let ready = inner.ready().await.map_err(Into::into)?;
                ready.call(again).await.map_err(Into::into)
            });
            let mut ended = race(first, second).await;
            if ended.overtaken {
                // The first, which took at least until now.
                reads.record(kind, begun);
            }
            debug!(by = ?ended.by, took = ?begun.elapsed(), "a read that was sent twice has ended");
            if let Ok(response) = &mut ended.outcome {
                response.extensions_mut().insert(ended.by);
            }
            ended.outcome
        })
    }
}
