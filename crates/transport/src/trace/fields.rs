//! What both spans say, in the words of OpenTelemetry's conventions for HTTP clients.

use std::fmt;

use http::header::{AsHeaderName, RANGE};
use http::{HeaderMap, Request, Response, Uri};
use http_body::Body as _;
use lazuli_protocol::{Body, ResponseBody, header};
use tracing::Span;

use crate::{Error, answer};

/// The name of a call's span in OpenTelemetry: `azure_blob.GetBlob`.
pub(super) struct Name(pub(super) &'static str, pub(super) &'static str);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The port that is called, also where the URL leaves it out.
pub(super) fn port(uri: &Uri) -> Option<i64> {
    let usual = || match uri.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    };
    uri.port_u16().or_else(usual).map(i64::from)
}

/// The length of the request's body; `None` without one.
pub(super) fn size(request: &Request<Body>) -> Option<i64> {
    let length = i64::try_from(request.body().content_length()).ok();
    length.filter(|length| *length > 0)
}

/// The range that is asked for, as it is asked.
pub(super) fn range<B>(request: &Request<B>) -> Option<&str> {
    text(request.headers(), &header::RANGE).or_else(|| text(request.headers(), RANGE))
}

pub(super) fn client_request_id<B>(request: &Request<B>) -> Option<&str> {
    text(request.headers(), &header::CLIENT_REQUEST_ID)
}

fn text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Adds what the head of an answer says.
pub(super) fn answered(span: &Span, response: &Response<ResponseBody>) {
    let status = response.status();
    span.record("http.response.status_code", i64::from(status.as_u16()));
    let size = response.body().size_hint().exact();
    if let Some(size) = size.and_then(|size| i64::try_from(size).ok()) {
        span.record("http.response.body.size", size);
    }
    if let Some(id) = answer::request_id(response.headers()) {
        span.record("azure.service.request.id", id);
    }
    if status.as_u16() >= 400 {
        let code = answer::error_code(response.headers());
        failed(span, code.unwrap_or(status.as_str()));
    }
}

/// Adds why there was no answer.
pub(super) fn unanswered(span: &Span, error: &Error) {
    failed(span, error.kind().label());
}

fn failed(span: &Span, why: &str) {
    span.record("error.type", why);
    span.record("otel.status_code", "ERROR");
}

/// Adds how often the request was sent again, when it was.
pub(super) fn sent_again(span: &Span, times: u32) {
    if times > 0 {
        span.record("http.request.resend_count", i64::from(times));
    }
}
