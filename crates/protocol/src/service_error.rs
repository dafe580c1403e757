//! What the service says when it refuses: status, code, text and details.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::{ErrorCode, ResponseBody, header, parse_rfc1123, xml};

// An error body is a few hundred bytes; a detail that echoes a string-to-sign is a few thousand.
const BODY_LIMIT: usize = 64 * 1024;

/// An answer of the service that is not a success.
///
/// The code is read from the `x-ms-error-code` header, and from the body where that is missing.
#[derive(Clone)]
pub struct ServiceError {
    status: StatusCode,
    code: Option<ErrorCode>,
    message: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    details: Vec<(String, String)>,
}

impl ServiceError {
    /// Reads an answer that is not a success. A body that is missing, cut off or unreadable leaves the message out.
    pub async fn read(parts: http::response::Parts, body: ResponseBody) -> Self {
        let body = body.collect(BODY_LIMIT).await.unwrap_or_default();
        Self::from_parts(&parts, &body)
    }

    /// Reads an answer whose body is at hand.
    #[must_use]
    pub fn from_parts(parts: &http::response::Parts, body: &Bytes) -> Self {
        let text = |name: http::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let body = xml::ErrorBody::parse(body);
        let mut details = body.details;
        without_echoes(&mut details);
        let code = text(header::ERROR_CODE)
            .or(body.code.as_deref())
            .map(ErrorCode::from);
        Self {
            status: parts.status,
            code,
            message: body.message.map(first_line),
            request_id: text(header::REQUEST_ID).map(str::to_owned),
            retry_after: retry_after(&parts.headers),
            details: details
                .into_iter()
                .map(|(name, value)| (name, without_secrets(value)))
                .collect(),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The error code; `None` when something between here and the service answered.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.code.as_ref()
    }

    /// The service's text, its first line.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The service's id of the request: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the service asks to wait before another try.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// A detail that the service adds to some codes, such as `HeaderName` or `AuthenticationErrorDetail`.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

fn first_line(message: String) -> String {
    message.lines().next().unwrap_or_default().trim().to_owned()
}

/// How long an answer asks to wait before another try: `x-ms-retry-after-ms`, or else `Retry-After`.
///
/// `Retry-After` is a number of seconds or a date. A date is read by the clock that set it: the wait is from the answer's own `Date` on,
/// whatever the time is here, and nothing when that is past. A date without a `Date` beside it says nothing.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: http::HeaderName| headers.get(name)?.to_str().ok();
    let number = |text: &str| text.trim().parse::<u64>().ok();
    if let Some(millis) = text(header::RETRY_AFTER_MS).and_then(number) {
        return Some(Duration::from_millis(millis));
    }
    let asked = text(http::header::RETRY_AFTER)?;
    if let Some(seconds) = number(asked) {
        return Some(Duration::from_secs(seconds));
    }
    let until = parse_rfc1123(asked).ok()?;
    let now = parse_rfc1123(text(http::header::DATE)?).ok()?;
    Some(Duration::try_from(until - now).unwrap_or_default())
}

// A refusal of a header or a parameter names it in one element, and echoes its value in others.
fn without_echoes(details: &mut [(String, String)]) {
    for (named, echoes) in [
        ("HeaderName", &["HeaderValue"][..]),
        ("QueryParameterName", &["QueryParameterValue", "Reason"]),
    ] {
        let is_named = |(key, name): &(String, String)| key == named && is_secret(name.trim());
        if details.iter().any(is_named) {
            for (_, value) in details
                .iter_mut()
                .filter(|(key, _)| echoes.contains(&key.as_str()))
            {
                "REDACTED".clone_into(value);
            }
        }
    }
}

/// Whether a header or a parameter of this name holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let secrets = ["lease-id", "encryption-key", "authorization"];
    secrets.iter().any(|secret| name.ends_with(secret)) || name == "sig"
}

fn holds_signature(text: &str) -> bool {
    text.to_ascii_lowercase().contains("sig=")
}

// An authentication failure echoes what was sent: the signature between the first pair of quotes, and the string that the service
// signed, header by header.
fn without_secrets(detail: String) -> String {
    let marker = "HTTP request '";
    let detail = match detail.split_once(marker) {
        Some((before, rest)) => {
            let after = rest.split_once('\'').map_or("", |(_, after)| after);
            format!("{before}{marker}REDACTED'{after}")
        }
        None => detail,
    };
    detail
        .split('\n')
        .map(without_secret_header)
        .collect::<Vec<_>>()
        .join("\n")
}

fn without_secret_header(line: &str) -> Cow<'_, str> {
    let Some((name, value)) = line.split_once(':') else {
        let shown = if holds_signature(line) { "REDACTED" } else { line };
        return shown.into();
    };
    // The first header stands behind the empty lines of the standard ones, or the words before them.
    let name_alone = name.rsplit(['\'', ' ']).next().unwrap_or_default();
    let secret = is_secret(name_alone) || holds_signature(value);
    if holds_signature(name) {
        return "REDACTED".into();
    }
    if secret {
        format!("{name}:REDACTED").into()
    } else {
        line.into()
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service answered {}", self.status.as_u16())?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {}", message.trim_end_matches('.'))?;
        }
        for (name, value) in &self.details {
            write!(f, "; {name}: {value}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("ServiceError");
        out.field("status", &self.status)
            .field("code", &self.code)
            .field("message", &self.message);
        out.field("request_id", &self.request_id)
            .field("retry_after", &self.retry_after);
        out.field("details", &self.details).finish()
    }
}

impl StdError for ServiceError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(response: http::Response<&'static str>) -> ServiceError {
        let (parts, body) = response.into_parts();
        ServiceError::from_parts(&parts, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn header_and_body_are_read() {
        let error = read(
            http::Response::builder()
                .status(400)
                .header("x-ms-error-code", "InvalidHeaderValue")
                .header("x-ms-request-id", "r-1")
                .header("retry-after", "3")
                .body(
                    "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>InvalidHeaderValue</Code><Message>Bad value.\
                     \nRequestId:r-1\nTime:now</Message><HeaderName>x-ms-range</HeaderName><HeaderValue>a&amp;b</HeaderValue></Error>",
                )
                .unwrap(),
        );
        assert_eq!(error.code(), Some(&ErrorCode::InvalidHeaderValue));
        assert_eq!(error.message(), Some("Bad value."));
        assert_eq!(error.detail("HeaderValue"), Some("a&b"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(
            error.to_string(),
            "the service answered 400 InvalidHeaderValue: Bad value; HeaderName: x-ms-range; HeaderValue: a&b (request id r-1)"
        );
    }

    #[test]
    fn a_body_that_is_not_the_services_leaves_the_status() {
        for body in ["", "<html>Bad Gateway</html>", "<Error><Code>Half", "\0\u{1}"] {
            let error = read(http::Response::builder().status(502).body(body).unwrap());
            assert_eq!(error.status(), 502);
            assert_eq!(error.message(), None, "{body:?}");
        }
    }

    #[test]
    fn secrets_that_were_sent_do_not_show() {
        let error = read(http::Response::builder().status(403).body(
            "<Error><Code>AuthenticationFailed</Code><Message>No.</Message><AuthenticationErrorDetail>The MAC signature found in the \
             HTTP request 'SECRET=' is not the same as any computed signature. Server used following string to sign: 'PUT\n\nx-ms-copy-source:\
             https://a/b?sig=SECRET\nx-ms-lease-id:SECRET\nx-ms-encryption-key:SECRET\nx-ms-version:2026-06-06\n/a/b\ncomp:lease'.\
             </AuthenticationErrorDetail></Error>",
        ).unwrap());
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(
            shown.contains("x-ms-version:2026-06-06") && shown.contains("comp:lease"),
            "{shown}"
        );
    }

    #[test]
    fn a_value_that_is_echoed_does_not_show_where_it_is_a_secret() {
        for (name, value, shows) in [
            ("x-ms-encryption-key", "SECRET", false),
            ("X-Ms-Source-Encryption-Key", "SECRET", false),
            ("x-ms-lease-id", "SECRET", false),
            ("x-ms-proposed-lease-id", "SECRET", false),
            ("x-ms-copy-source-authorization", "Bearer SECRET", false),
            ("Authorization", "SharedKey acct:SECRET", false),
            ("x-ms-copy-source", "https://a/b?sv=1&amp;sig=SECRET", false),
            ("x-ms-copy-source", "/acct/b?sv=1&amp;sig=SECRET", false),
            ("x-ms-copy-source", "/acct/b?sig=SECRET:", false),
            ("x-ms-encryption-key-sha256", "SECRET", true),
            ("x-ms-range", "SECRET", true),
        ] {
            let body = format!(
                "<Error><Code>InvalidHeaderValue</Code><HeaderName>{name}</HeaderName><HeaderValue>{value}</HeaderValue></Error>"
            );
            let (parts, ()) = http::Response::builder()
                .status(400)
                .body(())
                .unwrap()
                .into_parts();
            let error = ServiceError::from_parts(&parts, &body.into());
            assert_eq!(format!("{error} {error:?}").contains("SECRET"), shows, "{error}");
            assert_eq!(error.detail("HeaderName"), Some(name));
        }
        let error = read(http::Response::builder().status(400).body(
            "<Error><Code>InvalidQueryParameterValue</Code><QueryParameterName>sig</QueryParameterName><QueryParameterValue>SECRET\
             </QueryParameterValue><Reason>SECRET is no signature</Reason></Error>",
        ).unwrap());
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
    }

    #[test]
    fn milliseconds_win_over_seconds() {
        let answer = http::Response::builder()
            .status(503)
            .header("x-ms-retry-after-ms", "1500")
            .header("retry-after", "9");
        assert_eq!(
            read(answer.body("").unwrap()).retry_after(),
            Some(Duration::from_millis(1500))
        );
    }

    #[test]
    fn a_date_counts_from_the_answers_own() {
        let asked = |until: &str, now: Option<&str>| {
            let answer = http::Response::builder().status(503).header("retry-after", until);
            let answer = match now {
                Some(now) => answer.header("date", now),
                None => answer,
            };
            read(answer.body("").unwrap()).retry_after()
        };
        let now = Some("Fri, 27 Jan 2023 22:27:27 GMT");
        for (until, wait) in [
            ("Fri, 27 Jan 2023 22:27:30 GMT", Some(3)),
            ("Sat, 28 Jan 2023 22:27:27 GMT", Some(86_400)),
            ("Fri, 27 Jan 2023 22:27:20 GMT", Some(0)),
            ("soon", None),
        ] {
            assert_eq!(asked(until, now), wait.map(Duration::from_secs), "{until}");
        }
        for now in [None, Some("just now")] {
            assert_eq!(asked("Fri, 27 Jan 2023 22:27:30 GMT", now), None);
        }
    }
}
