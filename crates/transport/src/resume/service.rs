//! The service that sees which bodies can be gone on with.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Method, Request, Response};
use lazuli_protocol::{Body, OperationKind, ResponseBody};
use tower::Service;

use super::ResumePolicy;
use super::body::ResumingBody;
use super::rest::Rest;
use crate::ready::take_ready;
use crate::request::{is_read, kind};
use crate::{AnswerFuture, Error, Jitter};

/// Made by [`ResumeLayer`](crate::ResumeLayer).
#[derive(Clone, Debug)]
pub struct ResumeService<S> {
    pub(super) inner: S,
    pub(super) policy: ResumePolicy,
    pub(super) jitter: Arc<dyn Jitter>,
}

fn is_download(request: &Request<Body>) -> bool {
    *request.method() == Method::GET
        && kind(request) == OperationKind::LargeRead
        && is_read(request)
        && request.body().content_length() == 0
}

impl<S> Service<Request<Body>> for ResumeService<S>
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
        if !self.policy.resumes() || !is_download(&request) {
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map_err(Into::into) });
        }
        // The body keeps the one that was called.
        let mut inner = take_ready(&mut self.inner);
        let policy = self.policy;
        let jitter = Arc::clone(&self.jitter);
        let (parts, body) = request.into_parts();
        let asked = parts.clone();
        let answer = inner.call(Request::from_parts(parts, body));
        Box::pin(async move {
            let response = answer.await.map_err(Into::into)?;
            let Some((rest, first)) = Rest::of(asked, &response) else {
                return Ok(response);
            };
            Ok(response
                .map(|body| ResponseBody::new(ResumingBody::new(body, first, rest, inner, policy, jitter))))
        })
    }
}
