//! The service that tries again.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::sleep;
use tower::{Service, ServiceExt as _};
use tracing::warn;

use super::decision::{Decision, Facts};
use super::past::{Outcome, Past, has_left};
use super::{Jitter, RetryBudget, RetryPolicy};
use crate::answer::Unrepeated;
use crate::ready::take_ready;
use crate::{AnswerFuture, Error, ErrorKind, secondary};

/// Made by [`RetryLayer`](crate::RetryLayer).
#[derive(Clone, Debug)]
pub struct RetryService<S> {
    pub(super) inner: S,
    pub(super) policy: Arc<RetryPolicy>,
    pub(super) jitter: Arc<dyn Jitter>,
    pub(super) budget: RetryBudget,
}

impl<S> Service<Request<Body>> for RetryService<S>
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
        let mut inner = take_ready(&mut self.inner);
        let policy = Arc::clone(&self.policy);
        let jitter = Arc::clone(&self.jitter);
        let budget = self.budget.clone();
        Box::pin(async move {
            let facts = Facts::of(&request);
            let (mut parts, body) = request.into_parts();
            // The tries that the policy counts, and those of them that left.
            let mut tries = 0_u32;
            let mut past = Past::default();
            loop {
                tries = tries.saturating_add(1);
                if let Some(expires) = &facts.expires {
                    expires.begun(past.sent.saturating_add(1));
                }
                let request = Request::from_parts(parts.clone(), body.clone());
                let outcome = once(&mut inner, request).await;
                let left = has_left(&outcome);
                if left {
                    if past.sent == 0 {
                        budget.deposit();
                    }
                    past.sent = past.sent.saturating_add(1);
                }
                match facts.decide(&outcome, tries, &policy, &*jitter) {
                    Decision::Return => return past.finish(outcome, facts.reads),
                    Decision::SentOnce => return sent_once(outcome, past),
                    Decision::Again(trouble, wait) => {
                        // A try that never left is no burden to the host.
                        if left && !budget.withdraw() {
                            warn!(
                                attempt = tries,
                                ?trouble,
                                "the budget of retries is spent: the request is not sent again"
                            );
                            return over_budget(outcome, past, facts.reads);
                        }
                        // It names what it is about: at this level there may be no span around it.
                        warn!(
                            method = %parts.method,
                            host = parts.uri.host(),
                            path = parts.uri.path(),
                            attempt = tries,
                            ?trouble,
                            ?wait,
                            "the request is sent again"
                        );
                        if let Some(refused) = secondary::refused(&outcome) {
                            parts.extensions.insert(refused);
                        }
                        // The answer's connection is free for others meanwhile.
                        past.remember(trouble, outcome);
                        sleep(wait).await;
                    }
                }
            }
        })
    }
}

async fn once<S>(inner: &mut S, request: Request<Body>) -> Outcome
where
    S: Service<Request<Body>, Response = Response<ResponseBody>>,
    S::Error: Into<Error>,
{
    let ready = inner.ready().await.map_err(Into::into)?;
    ready.call(request).await.map_err(Into::into)
}

fn sent_once(outcome: Outcome, past: Past) -> Outcome {
    let unrepeatable = |error: Error| {
        let message = format!(
            "{}; the request was not tried again, because its body can be sent only once",
            error.message()
        );
        Error::new(ErrorKind::BodyNotReplayable, message).because(error)
    };
    let mut response = past.finish(outcome.map_err(unrepeatable), false)?;
    response.extensions_mut().insert(Unrepeated::Body);
    Ok(response)
}

fn over_budget(outcome: Outcome, past: Past, reads: bool) -> Outcome {
    let outcome = outcome.map_err(|error| error.unrepeated(Unrepeated::Budget));
    let mut response = past.finish(outcome, reads)?;
    response.extensions_mut().insert(Unrepeated::Budget);
    Ok(response)
}
