//! Errors as Entra writes them.

use http::{HeaderName, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::entra::Authority;
use crate::entra::service::{Asked, Reply};

/// A kind of error: the status, the error of OAuth 2, and the number that Entra gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind(u16, &'static str, u32);

pub(super) const MISSING_PARAMETER: Kind = Kind(400, "invalid_request", 900_144);
pub(super) const MALFORMED: Kind = Kind(400, "invalid_request", 9_002_313);
pub(super) const UNKNOWN_TENANT: Kind = Kind(400, "invalid_request", 90_002);
pub(super) const UNSUPPORTED_GRANT: Kind = Kind(400, "unsupported_grant_type", 70_003);
pub(super) const UNKNOWN_APP: Kind = Kind(400, "unauthorized_client", 700_016);
pub(super) const NO_CREDENTIAL: Kind = Kind(401, "invalid_client", 7_000_218);
pub(super) const BAD_SECRET: Kind = Kind(401, "invalid_client", 7_000_215);
pub(super) const BAD_SCOPE: Kind = Kind(400, "invalid_scope", 70_011);
pub(super) const NO_DEFAULT_SCOPE: Kind = Kind(400, "invalid_scope", 1_002_012);
pub(super) const BAD_RESOURCE: Kind = Kind(400, "invalid_resource", 500_011);
pub(super) const MALFORMED_ASSERTION: Kind = Kind(400, "invalid_request", 50_027);
pub(super) const ASSERTION_SIGNATURE: Kind = Kind(401, "invalid_client", 700_027);
pub(super) const ASSERTION_TIMES: Kind = Kind(401, "invalid_client", 700_024);
pub(super) const ASSERTION_AUDIENCE: Kind = Kind(401, "invalid_client", 700_023);
pub(super) const ASSERTION_SUBJECT: Kind = Kind(401, "invalid_client", 700_021);
pub(super) const FEDERATED_ISSUER: Kind = Kind(401, "invalid_client", 700_211);
pub(super) const FEDERATED_AUDIENCE: Kind = Kind(401, "invalid_client", 700_212);
pub(super) const FEDERATED_SUBJECT: Kind = Kind(401, "invalid_client", 700_213);

/// A request that is answered with an error.
pub(super) struct Refusal {
    kind: Kind,
    text: String,
}

impl Kind {
    pub(super) fn because(self, text: impl Into<String>) -> Refusal {
        Refusal {
            kind: self,
            text: text.into(),
        }
    }
}

impl Refusal {
    pub(super) fn missing(parameter: &str) -> Self {
        MISSING_PARAMETER.because(format!(
            "The request body must contain the following parameter: '{parameter}'."
        ))
    }

    pub(super) fn reply(self, authority: &Authority, asked: &Asked) -> Reply {
        let Kind(status, error, code) = self.kind;
        let trace = authority.id();
        let given = asked.header(&HeaderName::from_static("client-request-id"));
        let correlation = given
            .and_then(|id| Uuid::parse_str(id).ok())
            .unwrap_or_else(|| authority.id());
        let time = timestamp(authority.now());
        let text = self.text;
        let body = json!({
            "error": error,
            "error_description":
                format!("AADSTS{code}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}"),
            "error_codes": [code],
            "timestamp": time,
            "trace_id": trace.to_string(),
            "correlation_id": correlation.to_string(),
            "error_uri": format!("{}/error?code={code}", asked.origin),
        });
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Reply::json(status, &body)
    }
}

/// A time as Entra writes it: `2026-01-02 03:04:05Z`.
pub(super) fn timestamp(now: time::OffsetDateTime) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
    now.format(format).unwrap_or_default()
}
