//! The service that completes requests.

use std::task::{Context, Poll};

use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use lazuli_protocol::{ApiVersion, Body, ContentMustBeVerified, ResponseBody, header};
use tower::Service;

use super::PrepareLayer;
use crate::answer::failed;
use crate::{AnswerFuture, Error, ErrorKind};

/// The first version that knows of content in segments.
const SEGMENTS_SINCE: ApiVersion = ApiVersion::of(b"2025-01-05");

/// Made by [`PrepareLayer`].
#[derive(Clone, Debug)]
pub struct PrepareService<S> {
    pub(super) inner: S,
    pub(super) layer: PrepareLayer,
}

impl PrepareLayer {
    fn prepare(&self, request: &mut Request<Body>) {
        let length = request.body().content_length();
        let sized = length > 0 || matches!(*request.method(), Method::PUT | Method::POST | Method::PATCH);
        // What must be verified is asked for all the same: the service says what is wrong.
        let reads =
            *request.method() == Method::GET && request.extensions().get::<ContentMustBeVerified>().is_none();
        let headers = request.headers_mut();
        if !headers.contains_key(header::CLIENT_REQUEST_ID) {
            let mut text = uuid::Uuid::encode_buffer();
            let id: &str = self.ids.next().hyphenated().encode_lower(&mut text);
            if let Ok(value) = HeaderValue::from_str(id) {
                headers.insert(header::CLIENT_REQUEST_ID, value);
            }
        }
        if let Some(version) = &self.version {
            headers.entry(header::VERSION).or_insert_with(|| version.clone());
        }
        if reads && !may_come_in_segments(headers) {
            headers.remove(header::STRUCTURED_BODY);
        }
        headers
            .entry(USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
        if sized {
            headers.insert(CONTENT_LENGTH, length.into());
        } else {
            headers.remove(CONTENT_LENGTH);
        }
        record(headers);
    }
}

/// Whether the version that is spoken knows of content in segments, where it is asked for.
fn may_come_in_segments(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::STRUCTURED_BODY) {
        return true;
    }
    let version = headers
        .get(header::VERSION)
        .and_then(|version| version.to_str().ok());
    version
        .and_then(|version| version.parse::<ApiVersion>().ok())
        .is_some_and(|version| version >= SEGMENTS_SINCE)
}

// The span is that of a `TraceLayer` further out; any other span has no such field, and ignores this.
fn record(headers: &HeaderMap) {
    if let Some(id) = headers
        .get(header::CLIENT_REQUEST_ID)
        .and_then(|id| id.to_str().ok())
    {
        tracing::Span::current().record("az.client_request_id", id);
    }
}

impl<S> Service<Request<Body>> for PrepareService<S>
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
        self.layer.prepare(&mut request);
        // A read does without what its version does not know. A write cannot: such a service would store the segments as the content.
        if *request.method() != Method::GET && !may_come_in_segments(request.headers()) {
            let message = "the version of the service that is spoken does not know of content in segments and would store them as they are; write without segments, or speak version 2025-01-05 or later";
            return failed(Error::new(ErrorKind::InvalidInput, message));
        }
        let answer = self.inner.call(request);
        Box::pin(async move { answer.await.map_err(Into::into) })
    }
}
