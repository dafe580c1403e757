//! The service that waits for its turn.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::Instant;
use tower::Service;

use super::Throttle;
use super::pace::{Pace, Sent};
use crate::deadline::Expires;
use crate::ready::take_ready;
use crate::{AnswerFuture, Error, Trouble};

/// Made by [`ThrottleLayer`](crate::ThrottleLayer).
#[derive(Clone, Debug)]
pub struct ThrottleService<S> {
    pub(super) inner: S,
    pub(super) throttle: Throttle,
}

impl<S> Service<Request<Body>> for ThrottleService<S>
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
        let mut pace = self.throttle.pace(request.uri());
        if !self.throttle.has_limits() {
            let now = pace.as_ref().map(|_| Instant::now());
            if let (Some(waits), Some(now)) = (&pace, now)
                && !waits.pass(now)
            {
                return self.wait(request, pace);
            }
            let sent = pace.take().zip(now).map(|(pace, now)| pace.sent(now));
            return Box::pin(answered(self.inner.call(request), sent));
        }
        self.wait(request, pace)
    }
}

impl<S> ThrottleService<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>> + Clone + Send + 'static,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    fn wait(&mut self, request: Request<Body>, pace: Option<Arc<Pace>>) -> AnswerFuture {
        let mut inner = take_ready(&mut self.inner);
        let throttle = self.throttle.clone();
        Box::pin(async move {
            let limited = pace.as_deref().filter(|pace| pace.is_limited());
            let expires = request.extensions().get::<Expires>();
            if let Some(expires) = expires {
                expires.hold(true);
            }
            throttle.wait(limited, request.body().content_length()).await;
            if let Some(expires) = expires {
                expires.hold(false);
            }
            let sent = pace.map(|pace| pace.sent(Instant::now()));
            let response = answered(inner.call(request), sent).await?;
            Ok(response.map(|body| throttle.body(body)))
        })
    }
}

/// Waits for the answer, and tells the host's pace when it says that the host is busy.
async fn answered<E: Into<Error>>(
    answer: impl Future<Output = Result<Response<ResponseBody>, E>>,
    sent: Option<Sent>,
) -> Result<Response<ResponseBody>, Error> {
    let outcome = answer.await.map_err(Into::into);
    if let Some(sent) = sent
        && Trouble::of_outcome(&outcome) == Some(Trouble::ServerBusy)
    {
        sent.was_refused();
    }
    outcome
}
