//! The answer of a token endpoint: Entra's, and those of managed identities, which differ in how they tell the time.

use std::fmt;

use http::StatusCode;
use lazuli_protocol::ResponseBody;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::refusal::Refusal;
use crate::{AccessToken, Error, ErrorKind};

/// No answer is longer: a token with many groups has a few thousand bytes.
const LONGEST: usize = 256 * 1024;

/// A life that is longer than this is a mistake of who names it.
const LONGEST_LIFE: i64 = 366 * 24 * 3600;

#[derive(Deserialize)]
struct Body {
    access_token: SecretString,
    token_type: Option<String>,
    expires_in: Option<Seconds>,
    expires_on: Option<Seconds>,
    refresh_in: Option<Seconds>,
}

/// A number, or a text that is one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Seconds {
    Number(i64),
    Text(String),
}

impl Seconds {
    pub(crate) fn get(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

/// How long the body of an answer may take once its head is there. The transport watches over the head alone: elsewhere a body may be a
/// terabyte.
const BODY_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

/// The cause of the error of an answer that began, and whose body did not come.
#[derive(Debug)]
pub(crate) struct Late;

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its body did not arrive within {BODY_WITHIN:?}")
    }
}

impl std::error::Error for Late {}

/// Reads the body of an answer.
pub(crate) async fn read(body: ResponseBody) -> Result<bytes::Bytes, Error> {
    match tokio::time::timeout(BODY_WITHIN, body.collect(LONGEST)).await {
        Ok(body) => body.map_err(|error| lazuli_transport::Error::from(error).into()),
        Err(_) => {
            let message = format!("an answer with a token began, and {Late}; try again");
            Err(Error::new(ErrorKind::Timeout, message).with_source(Late))
        }
    }
}

/// The token in the answer that `who` gave. Lives are counted from `asked`, the time of the request, so that none seems longer than it is.
/// What is in `secrets` does not show in a refusal.
pub(crate) fn token(
    who: &str,
    status: StatusCode,
    body: &[u8],
    asked: OffsetDateTime,
    secrets: &[&str],
) -> Result<AccessToken, Error> {
    if status != StatusCode::OK {
        return Err(Error::refused(who, Refusal::read(status, body, secrets)));
    }
    let unreadable = |why: &str| Error::response(format!("the answer of {who} cannot be used: {why}"));
    // The parser's error may quote the answer, and so the token: its place says enough.
    let body: Body = serde_json::from_slice(body).map_err(|error| {
        unreadable(&format!(
            "it is no JSON with a token (line {}, column {})",
            error.line(),
            error.column()
        ))
    })?;
    if body.access_token.expose_secret().is_empty() {
        return Err(unreadable("its token is empty"));
    }
    let bearer = |kind: &String| kind.eq_ignore_ascii_case("Bearer");
    if !body.token_type.as_ref().is_none_or(bearer) {
        return Err(unreadable("its token is not a bearer token"));
    }
    let after = |seconds: i64| {
        let seconds = Some(seconds).filter(|seconds| (0..=LONGEST_LIFE).contains(seconds))?;
        asked.checked_add(Duration::seconds(seconds))
    };
    let seconds = |value: &Option<Seconds>| value.as_ref().and_then(Seconds::get);
    let at = |unix: i64| OffsetDateTime::from_unix_timestamp(unix).ok();
    // An endpoint that keeps tokens may count the relative one from the day of issue: the sooner of both is right.
    let relative = seconds(&body.expires_in).and_then(after);
    let absolute = seconds(&body.expires_on).and_then(at);
    let expires = [relative, absolute]
        .into_iter()
        .flatten()
        .min()
        .ok_or_else(|| unreadable("it does not say when the token expires"))?;
    let token = AccessToken::new(body.access_token, expires);
    Ok(match seconds(&body.refresh_in).and_then(after) {
        Some(refresh) if refresh < expires => token.refresh_on(refresh),
        _ => token,
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-06-26 00:00 UTC);

    fn read(body: &str) -> Result<AccessToken, Error> {
        token("it", StatusCode::OK, body.as_bytes(), NOW, &[])
    }

    #[test]
    fn lives_are_numbers_or_texts_and_relative_or_absolute() {
        let hour = datetime!(2026-06-26 01:00 UTC);
        for (body, expires, refresh) in [
            (
                r#"{"token_type":"Bearer","expires_in":3600,"access_token":"t"}"#,
                hour,
                None,
            ),
            (
                r#"{"token_type":"bearer","expires_in":"3600","access_token":"t"}"#,
                hour,
                None,
            ),
            (r#"{"expires_on":"1782435600","access_token":"t"}"#, hour, None),
            (
                r#"{"expires_on":1782435600,"expires_in":"","access_token":"t"}"#,
                hour,
                None,
            ),
            (
                r#"{"expires_on":"1782435600","expires_in":"86400","access_token":"t"}"#,
                hour,
                None,
            ),
            (
                r#"{"expires_in":3600,"refresh_in":"1800","access_token":"t","ext_expires_in":7}"#,
                hour,
                Some(datetime!(2026-06-26 00:30 UTC)),
            ),
            (
                r#"{"expires_in":3600,"refresh_in":7200,"access_token":"t"}"#,
                hour,
                None,
            ),
        ] {
            let token = read(body).unwrap();
            assert_eq!(
                (token.expires_on(), token.refreshes_on()),
                (expires, refresh),
                "{body}"
            );
            assert_eq!(token.secret(), "t");
        }
    }

    #[test]
    fn what_is_no_token_is_an_error_that_quotes_nothing() {
        for body in [
            "",
            "planted",
            r#"{"access_token":"planted"}"#,
            r#"{"access_token":["planted"],"expires_in":1}"#,
            r#"{"access_token":"planted","expires_in":-1}"#,
            r#"{"access_token":"planted","expires_in":9223372036854775807}"#,
            r#"{"access_token":"planted","expires_on":9223372036854775807}"#,
            r#"{"access_token":"planted","expires_in":1,"token_type":"pop"}"#,
            r#"{"access_token":"","expires_in":1}"#,
            r#"{"access_token":"planted","expires_in":{"planted":1}}"#,
        ] {
            let error = read(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
        }
    }
}
