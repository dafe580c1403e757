//! What an authority says when it says no: OAuth's error answer, with Entra's additions.

use std::fmt;

use http::StatusCode;
use lazuli_protocol::encode_query;
use serde::Deserialize;

/// A refusal, without the secrets that were in the request it answers.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: Option<String>,
    description: Option<String>,
    aadsts: Option<u32>,
    correlation_id: Option<String>,
    claims: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Option<serde_json::Value>,
    error_description: Option<String>,
    error_codes: Vec<serde_json::Value>,
    correlation_id: Option<String>,
    claims: Option<String>,
    // App Service writes neither `error` nor `error_description`.
    message: Option<String>,
}

const LONGEST_TEXT: usize = 600;

impl Refusal {
    /// Reads the body of an answer that is not a success; one that is no JSON leaves only the status. Of what was in the request,
    /// `secrets` are blotted out wherever the answer echoes them.
    pub(crate) fn read(status: StatusCode, body: &[u8], secrets: &[&str]) -> Self {
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let shown = |text: Option<String>| text.map(|text| shown(&text, secrets));
        // `error` is a word for OAuth, and an object in the older answers of some endpoints.
        let (code, inner) = match body.error {
            Some(serde_json::Value::String(code)) => (Some(code), None),
            Some(object) => {
                let text = |name: &str| Some(object.get(name)?.as_str()?.to_owned());
                (text("code"), text("message"))
            }
            None => (None, None),
        };
        let description = shown(body.error_description.or(inner).or(body.message));
        let number = body.error_codes.first().and_then(serde_json::Value::as_u64);
        Self {
            status,
            code: shown(code),
            aadsts: number
                .and_then(|number| u32::try_from(number).ok())
                .or_else(|| description.as_deref().and_then(aadsts)),
            description,
            correlation_id: shown(body.correlation_id),
            // Claims are sent again as they are, or not at all.
            claims: body
                .claims
                .filter(|claims| !secrets.iter().any(|secret| claims.contains(secret))),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(crate) fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    pub(crate) fn aadsts(&self) -> Option<u32> {
        self.aadsts
    }

    pub(crate) fn correlation_id(&self) -> Option<&str> {
        self.correlation_id.as_deref()
    }

    pub(crate) fn claims(&self) -> Option<&str> {
        self.claims.as_deref()
    }
}

/// The number in `AADSTS700016: …`.
pub(crate) fn aadsts(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("AADSTS")?;
    rest.split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// The first line, up to the ids that are told apart from it, and not too long.
fn shown(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "[redacted]");
        // As it stood in the form.
        text = text.replace(&*encode_query(secret), "[redacted]");
    }
    let line = text.lines().next().unwrap_or_default();
    let line = line.split_once(" Trace ID:").map_or(line, |(before, _)| before);
    let line = line.trim().trim_end_matches('.');
    line.chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_TEXT)
        .collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description().unwrap_or("no reason was given"))?;
        write!(f, " (status {}", self.status.as_u16())?;
        if let Some(code) = self.code() {
            write!(f, ", {code}")?;
        }
        if let Some(id) = self.correlation_id() {
            write!(f, ", correlation id {id}")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Refusal {
        Refusal::read(StatusCode::BAD_REQUEST, body.as_bytes(), &["planted"])
    }

    #[test]
    fn every_shape_of_answer_gives_its_reason() {
        for (body, expected) in [
            (
                r#"{"error":"invalid_request","error_description":"Identity not found"}"#,
                "Identity not found (status 400, invalid_request)",
            ),
            (
                r#"{"error":{"code":"bad_request_102","message":"Required metadata header not specified"}}"#,
                "Required metadata header not specified (status 400, bad_request_102)",
            ),
            (
                r#"{"statusCode":400,"message":"No identity."}"#,
                "No identity (status 400)",
            ),
            ("<html>", "no reason was given (status 400)"),
            ("", "no reason was given (status 400)"),
            (r#"{"error":7}"#, "no reason was given (status 400)"),
        ] {
            assert_eq!(read(body).to_string(), expected);
        }
    }

    #[test]
    fn the_number_is_found_in_the_text_too() {
        let refusal = read(r#"{"error":"x","error_description":"AADSTS50076: more\r\nTrace ID: 1"}"#);
        assert_eq!(
            (refusal.aadsts(), refusal.description()),
            (Some(50076), Some("AADSTS50076: more"))
        );
        assert_eq!(aadsts("AADSTS"), None);
        assert_eq!(aadsts("AADSTS99999999999999"), None);
    }

    #[test]
    fn an_echo_is_blotted_out_and_a_long_text_cut() {
        let body = serde_json::json!({
            "error": "planted", "error_description": format!("planted {}", "x".repeat(5000)),
            "correlation_id": "planted", "claims": "planted",
        });
        let refusal = read(&body.to_string());
        assert!(!format!("{refusal} {refusal:?}").contains("planted"));
        assert!(refusal.to_string().len() < 700);
        let body = br#"{"error":"x","error_description":"client_secret=plant%2Bed"}"#;
        let refusal = Refusal::read(StatusCode::BAD_REQUEST, body, &["plant+ed"]);
        assert_eq!(refusal.description(), Some("client_secret=[redacted]"));
    }
}
