//! What an error tells, and what is below it.

use std::error::Error as _;

use http::StatusCode;

use super::*;

#[test]
fn a_refusal_answers_every_question() {
    let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: wrong secret. Trace ID: t","error_codes":[7000215],"correlation_id":"c-1","claims":"{}"}"#;
    let refusal = Refusal::read(StatusCode::UNAUTHORIZED, body, &[]);
    let error = Error::refused("https://login.example", refusal);
    assert!(error.is_refused() && !error.is_unavailable() && !error.is_timeout());
    assert_eq!(error.aadsts(), Some(7_000_215));
    assert_eq!(
        (error.code(), error.claims()),
        (Some("invalid_client"), Some("{}"))
    );
    assert_eq!(
        (error.correlation_id(), error.status().unwrap().as_u16()),
        (Some("c-1"), 401)
    );
    assert_eq!(
        error.to_string(),
        "https://login.example refused: AADSTS7000215: wrong secret (status 401, invalid_client, correlation id c-1)"
    );
    assert!(error.source().is_none());
}

#[test]
fn other_errors_know_their_cause() {
    let error = Error::input("no").with_source(std::io::Error::other("why"));
    assert_eq!(error.source().unwrap().to_string(), "why");
    assert_eq!((error.aadsts(), error.code(), error.status()), (None, None, None));
    assert!(Error::new(ErrorKind::Timeout, "late").is_timeout());
    assert_eq!(error.after("first: ").to_string(), "first: no");
}
