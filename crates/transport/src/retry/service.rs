//! The service that tries again.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::sleep;
use tower::{Service, ServiceExt as _};
use tracing::warn;

use super::decision::{Decision, Facts};
use super::{Jitter, RetryBudget, RetryPolicy};
use crate::answer::Unrepeated;
use crate::{AnswerFuture, Attempts, Error, ErrorKind, secondary};

type Outcome = Result<Response<ResponseBody>, Error>;

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
        // The call takes the service that was found ready, and leaves a clone that is yet to be asked.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let policy = Arc::clone(&self.policy);
        let jitter = Arc::clone(&self.jitter);
        let budget = self.budget.clone();
        Box::pin(async move {
            let facts = Facts::of(&request);
            let (mut parts, body) = request.into_parts();
            let mut attempts = 0_u32;
            loop {
                attempts = attempts.saturating_add(1);
                if let Some(expires) = &facts.expires {
                    expires.begun(attempts);
                }
                let request = Request::from_parts(parts.clone(), body.clone());
                let outcome = once(&mut inner, request).await;
                if attempts == 1 && !never_left(&outcome) {
                    budget.deposit();
                }
                match facts.decide(&outcome, attempts, &policy, &*jitter) {
                    Decision::Return => return finished(outcome, attempts),
                    Decision::SentOnce => return sent_once(outcome, attempts),
                    Decision::Again(trouble, wait) => {
                        if !budget.withdraw() {
                            warn!(
                                attempt = attempts,
                                ?trouble,
                                "the budget of retries is spent: the request is not sent again"
                            );
                            return over_budget(outcome, attempts);
                        }
                        // It names what it is about: at this level there may be no span around it.
                        warn!(
                            method = %parts.method,
                            host = parts.uri.host(),
                            path = parts.uri.path(),
                            attempt = attempts,
                            ?trouble,
                            ?wait,
                            "the request is sent again"
                        );
                        if let Some(refused) = secondary::refused(&outcome) {
                            parts.extensions.insert(refused);
                        }
                        // The answer's connection is free for others meanwhile.
                        drop(outcome);
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

/// Whether a circuit breaker kept it back.
fn never_left(outcome: &Outcome) -> bool {
    matches!(outcome, Err(error) if error.kind() == ErrorKind::CircuitOpen)
}

fn finished(outcome: Outcome, attempts: u32) -> Outcome {
    let mut response = outcome.map_err(|error| error.after(attempts))?;
    response.extensions_mut().insert(Attempts(attempts));
    Ok(response)
}

fn sent_once(outcome: Outcome, attempts: u32) -> Outcome {
    let unrepeatable = |error: Error| {
        let message = format!(
            "{}; the request was not tried again, because its body can be sent only once",
            error.message()
        );
        Error::new(ErrorKind::BodyNotReplayable, message).because(error)
    };
    let mut response = finished(outcome.map_err(unrepeatable), attempts)?;
    response.extensions_mut().insert(Unrepeated::Body);
    Ok(response)
}

fn over_budget(outcome: Outcome, attempts: u32) -> Outcome {
    let outcome = outcome.map_err(|error| error.unrepeated(Unrepeated::Budget));
    let mut response = finished(outcome, attempts)?;
    response.extensions_mut().insert(Unrepeated::Budget);
    Ok(response)
}
