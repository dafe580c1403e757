//! The span of a call and the event of its outcome.

use std::time::Duration;

use http::{Request, Response, StatusCode};
use lazuli_protocol::{Body, ResponseBody, Service};
use tracing::field::Empty;
use tracing::{Span, error, info, info_span, warn};

use super::fields::{self, Name};
use super::place;
use crate::error::RequestLine;
use crate::{Attempts, Error, answer, request};

pub(super) fn span(request: &Request<Body>) -> Span {
    macro_rules! call {
        ($prefix:literal $(, $($field:ident).+ = $value:expr)*) => {
            info_span!(
                concat!($prefix, ".call"),
                otel.name = display(Name($prefix, request::operation(request))),
                otel.kind = "client",
                otel.status_code = Empty,
                operation = request::operation(request),
                $($($field).+ = $value,)*
                az.client_request_id = fields::client_request_id(request),
                azure.service.request.id = Empty,
                http.request.method = request.method().as_str(),
                http.request.body.size = fields::size(request),
                http.request.resend_count = Empty,
                http.response.status_code = Empty,
                http.response.body.size = Empty,
                server.address = request.uri().host(),
                server.port = fields::port(request.uri()),
                url.scheme = request.uri().scheme_str(),
                url.path = request.uri().path(),
                "error.type" = Empty,
            )
        };
    }
    macro_rules! storage {
        ($prefix:literal, $($container:ident).+) => {
            call!(
                $prefix,
                azure.resource_provider.namespace = "Microsoft.Storage",
                $($container).+ = place::container(request),
                azure.path = place::path(request),
                azure.range = fields::range(request)
            )
        };
    }
    match request::service(request) {
        Service::Files => storage!("azure_files", azure.share),
        Service::Entra => call!("azure_entra"),
        _ => storage!("azure_blob", azure.container),
    }
}

pub(super) fn outcome(
    span: &Span,
    line: &RequestLine,
    took: Option<Duration>,
    outcome: &Result<Response<ResponseBody>, Error>,
) {
    match outcome {
        Ok(response) => {
            fields::answered(span, response);
            if let Some(Attempts(attempts)) = response.extensions().get() {
                fields::sent_again(span, attempts.saturating_sub(1));
            }
            answered(line, took, response);
        }
        Err(error) => {
            fields::unanswered(span, error);
            fields::sent_again(span, error.attempts().saturating_sub(1));
            error!(kind = ?error.kind(), error = %error, "the call failed");
        }
    }
}

// What somebody must look at names its request, for those who do not look at spans.
fn answered(line: &RequestLine, took: Option<Duration>, response: &Response<ResponseBody>) {
    let status = response.status();
    let code = answer::error_code(response.headers());
    macro_rules! say {
        ($level:ident, $text:literal) => {
            $level!(request = %line, status = status.as_u16(), code, $text)
        };
    }
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        say!(error, "the service did not let the caller in");
    } else if status.as_u16() >= 500 {
        say!(error, "the service failed");
    } else if is_lease_conflict(status, code) {
        say!(warn, "a lease stands in the way");
    } else {
        info!(status = status.as_u16(), code, ?took, "the service answered");
    }
}

fn is_lease_conflict(status: StatusCode, code: Option<&str>) -> bool {
    matches!(status, StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED)
        && code.is_some_and(|code| code.contains("Lease"))
}
