//! The span of a call and the event of its outcome.

use http::{Request, Response, StatusCode};
use lazuli_protocol::{OperationInfo, Service};
use tracing::field::Empty;
use tracing::{Span, error, info};

use crate::{Attempts, Error, answer};

pub(super) fn span<B>(request: &Request<B>) -> Span {
    macro_rules! call {
        ($name:literal, $operation:expr) => {
            tracing::info_span!(
                $name,
                operation = $operation,
                method = request.method().as_str(),
                host = request.uri().host(),
                path = request.uri().path(),
                client_request_id = Empty,
                status = Empty,
                request_id = Empty,
                error_code = Empty,
                attempts = Empty,
            )
        };
    }
    let info = request.extensions().get::<OperationInfo>();
    let name = info.map(|info| info.name);
    match info.map(|info| info.service) {
        Some(Service::Files) => call!("azure_files", name),
        Some(Service::Entra) => call!("azure_entra", name),
        _ => call!("azure_blob", name),
    }
}

pub(super) fn outcome<B>(span: &Span, outcome: &Result<Response<B>, Error>) {
    match outcome {
        Ok(response) => answered(span, response),
        Err(error) => {
            span.record("attempts", error.attempts());
            error!(kind = ?error.kind(), error = %error, "the call failed");
        }
    }
}

fn answered<B>(span: &Span, response: &Response<B>) {
    let status = response.status();
    span.record("status", status.as_u16());
    if let Some(id) = answer::request_id(response.headers()) {
        span.record("request_id", id);
    }
    if let Some(code) = answer::error_code(response.headers()) {
        span.record("error_code", code);
    }
    if let Some(Attempts(attempts)) = response.extensions().get() {
        span.record("attempts", *attempts);
    }
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        error!("the service did not let the caller in");
    } else if status.is_server_error() {
        error!("the service failed");
    } else {
        info!("the service answered");
    }
}
