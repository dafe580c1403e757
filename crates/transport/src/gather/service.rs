//! The service that waits for the whole answer.

use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderMap, Method, Request, Response, StatusCode};
use lazuli_protocol::{Body, OperationKind, Repeat, ResponseBody};
use tokio::time::Instant;
use tower::Service;

use super::read::{self, Patience};
use crate::answer::error_code;
use crate::deadline::Expires;
use crate::{AnswerFuture, Error, Trouble, request};

/// How long a body is waited for at most when its request is not to be sent again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Made by [`GatherLayer`](crate::GatherLayer).
#[derive(Clone, Debug)]
pub struct GatherService<S> {
    pub(super) inner: S,
    pub(super) limit: u64,
}

impl<S> Service<Request<Body>> for GatherService<S>
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
        let limit = self.limit;
        let asked = Asked::of(&request);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await.map_err(Into::into)?;
            if asked.streams(answer.status()) {
                return Ok(answer);
            }
            let again = asked.again(answer.status(), answer.headers());
            let patience = (!again).then(|| asked.patience(answer.status(), answer.headers()));
            read::whole(answer, limit, patience).await
        })
    }
}

/// What decides, of a request.
#[derive(Clone, Copy, Debug)]
struct Asked {
    head: bool,
    kind: OperationKind,
    repeat: Repeat,
    expires: Option<Instant>,
}

impl Asked {
    fn of<B>(request: &Request<B>) -> Self {
        Self {
            head: request.method() == Method::HEAD,
            kind: request::kind(request),
            repeat: request::repeat(request),
            expires: request.extensions().get().map(Expires::at),
        }
    }

    /// Whether an answer of this status is handed on as it is: it has no body, or one for those who stream.
    fn streams(self, status: StatusCode) -> bool {
        let large = self.kind == OperationKind::LargeRead && status.as_u16() < 400;
        let bare = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        large || bare || self.head
    }

    /// Whether the request may be sent again, and should be, when the body of an answer with this head breaks off.
    fn again(self, status: StatusCode, headers: &HeaderMap) -> bool {
        let changes = matches!(self.kind, OperationKind::Write | OperationKind::Lease);
        let done = changes && status.is_success();
        let code = error_code(headers);
        let told = status.as_u16() >= 400 && (code.is_some() || Trouble::of_answer(status, code).is_some());
        self.repeat == Repeat::Safe && !done && !told
    }

    /// Until when a body is waited for that need not be there: what is known by its head shall not be lost to the deadline.
    fn patience(self, status: StatusCode, headers: &HeaderMap) -> Patience {
        let now = Instant::now();
        let left = self.expires.map(|at| at.saturating_duration_since(now) / 2);
        Patience {
            until: now + left.map_or(PATIENCE, |left| left.min(PATIENCE)),
            expires: self.expires,
            told: status.as_u16() >= 400 && error_code(headers).is_some(),
        }
    }
}
