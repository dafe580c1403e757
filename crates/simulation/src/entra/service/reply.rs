//! An answer, ready to be sent.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::SimulationBody;

/// A status, headers and a body. The body can be a token, so that it has no `Debug`.
pub(in crate::entra) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Reply {
    pub(super) fn new(status: StatusCode, headers: Vec<(HeaderName, HeaderValue)>, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }

    pub(in crate::entra) fn json(status: StatusCode, body: &Value) -> Self {
        let headers = vec![
            (
                CONTENT_TYPE,
                HeaderValue::from_static("application/json; charset=utf-8"),
            ),
            (CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache")),
        ];
        Self::new(status, headers, Bytes::from(body.to_string()))
    }

    pub(in crate::entra) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(in crate::entra) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Vec::new(), Bytes::new())
    }

    /// When something is wrong with the machine.
    pub(in crate::entra) fn broken() -> Self {
        Self::json(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!({ "error": "server_error" }),
        )
    }

    pub(in crate::entra) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn into_response(self) -> Response<SimulationBody> {
        let mut response = Response::new(SimulationBody::full(self.body.clone()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}
