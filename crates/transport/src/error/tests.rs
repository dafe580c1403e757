//! Errors: their kinds, their messages, and that no secret is in them.

use std::error::Error as _;
use std::io;

use http::{Request, Response};
use lazuli_protocol::{BoxError, OperationInfo, OperationKind};

use super::*;

fn refused(status: u16, code: &str) -> Error {
    let (parts, ()) = Response::builder()
        .status(status)
        .header("x-ms-error-code", code)
        .header("x-ms-request-id", "r-1")
        .header("retry-after", "7")
        .body(())
        .unwrap()
        .into_parts();
    let error = ServiceError::from_parts(&parts, &bytes::Bytes::new());
    Error::from(lazuli_protocol::Error::from(error)).answered(&AnswerHead::of(&parts))
}

#[test]
fn a_refusal_keeps_what_the_service_said() {
    let error = refused(503, "ServerBusy");
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.code(), Some(&ErrorCode::ServerBusy));
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.is_retryable() && !error.is_timeout() && !error.is_connect());
    assert!(!refused(404, "BlobNotFound").is_retryable());
}

#[test]
fn a_shared_error_says_the_same() {
    let line = RequestLine::of(
        &Request::get("https://a.blob.core.windows.net/c/b")
            .body(())
            .unwrap(),
    );
    let busy = refused(503, "ServerBusy").on(&line).after(3);
    let late = Error::new(ErrorKind::Timeout, "no answer came").because(io::Error::other("the cause"));
    for error in [busy, late] {
        let shared = error.share();
        assert_eq!(shared.to_string(), error.to_string());
        let questions = |error: &Error| {
            let code = error.code().cloned();
            (
                error.kind(),
                code,
                error.status(),
                error.retry_after(),
                error.attempts(),
                error.is_retryable(),
            )
        };
        assert_eq!(questions(&shared), questions(&error));
        assert_eq!(shared.request_id(), error.request_id());
        let cause = |error: &Error| error.source().map(ToString::to_string);
        assert_eq!(cause(&shared), cause(&error));
    }
}

#[test]
fn the_message_names_the_request_without_its_query() {
    let mut request =
        Request::put("https://user:SECRET@example.blob.core.windows.net:444/c/b?sv=1&sig=SECRET");
    request = request.extension(OperationInfo::blob("PutBlob", OperationKind::Write));
    let line = RequestLine::of(&request.body(()).unwrap());
    let error = Error::new(ErrorKind::Connection, "the connection failed")
        .on(&line)
        .after(3);
    assert_eq!(
        error.to_string(),
        "PutBlob PUT example.blob.core.windows.net:444/c/b: the connection failed (after 3 tries)"
    );
    assert!(!format!("{error:?} {line:?}").contains("SECRET"));
    assert!(format!("{line:?}").contains("example.blob.core.windows.net:444/c/b"));
}

#[test]
fn an_error_of_this_crate_is_found_below_foreign_ones() {
    let own = Error::new(ErrorKind::RequestBody, "the file ended");
    let wrapped: BoxError = io::Error::other(io::Error::other(own)).into();
    let error = Error::from(wrapped);
    assert_eq!(error.kind(), ErrorKind::RequestBody);
    assert_eq!(error.to_string(), "the file ended");
    assert!(!error.is_retryable());
}

#[test]
fn and_keeps_what_it_knows() {
    let own = Error::new(ErrorKind::Timeout, "no place")
        .never_sent()
        .blaming_nobody()
        .until(Duration::from_secs(3))
        .behind(Error::new(ErrorKind::Connection, "the first was lost"));
    let error = Error::from(BoxError::from(io::Error::other(own)));
    assert!(error.blames_nobody() && !error.has_left());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert!(error.to_string().contains("an earlier try may have arrived"));
    assert!(error.source().unwrap().is::<io::Error>());
    let busy = Error::from(BoxError::from(io::Error::other(refused(503, "ServerBusy"))));
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)));
}

#[test]
fn what_is_unknown_is_a_connection_that_failed() {
    let error = Error::from(BoxError::from(io::Error::from(io::ErrorKind::ConnectionReset)));
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.is_retryable());
    assert!(error.source().is_some());
}

#[test]
fn a_protocol_error_is_taken_over() {
    let wire = lazuli_protocol::Error::new(
        lazuli_protocol::ErrorKind::ChecksumMismatch,
        "other bytes arrived",
    );
    let error = Error::from(BoxError::from(wire));
    assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
    assert_eq!(error.to_string(), "other bytes arrived");
    assert!(error.source().is_none(), "the message must not be said twice");
}
