//! What stands in labels: only text that is written here or in the tables of codes and kinds, for each one makes a series of its own, and what
//! an answer says is anybody's.

use http::StatusCode;
use lazuli_protocol::ErrorCode;

use crate::{Error, ErrorKind};

/// In place of a status, for a call without an answer.
pub(super) const NO_ANSWER: &str = "error";

/// In place of a status that is not in the table.
const OTHER: &str = "other";

macro_rules! statuses {
    ($($status:literal)*) => {
        &[$(($status, stringify!($status)),)*]
    };
}

/// The statuses that storage services answer with.
const STATUSES: &[(u16, &str)] = statuses! {
    200 201 202 204 206 301 302 304 307 308 400 401 403 404 405 408 409 410 411 412 413 414 415 416 429 431
    500 501 502 503 504 507
};

pub(super) fn status(status: StatusCode) -> &'static str {
    let at = STATUSES.binary_search_by_key(&status.as_u16(), |(number, _)| *number);
    let row = at.ok().and_then(|at| STATUSES.get(at));
    row.map_or(OTHER, |(_, text)| text)
}

/// The service's error code when it is a known one, or else that it was the service that refused.
pub(super) fn refusal(code: Option<&str>) -> &'static str {
    let mut known = ErrorCode::KNOWN.iter().map(ErrorCode::as_str);
    let found = code.and_then(|code| known.find(|known| *known == code));
    found.unwrap_or(ErrorKind::Service.label())
}

/// Why there was no answer, or none that could be read.
pub(super) fn failure(error: &Error) -> &'static str {
    match error.code() {
        Some(code) => refusal(Some(code.as_str())),
        None => error.kind().label(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statuses_of_the_table_are_labels() {
        assert!(STATUSES.is_sorted());
        let mut others = 0;
        for number in 100..1000 {
            let wire = StatusCode::from_u16(number).unwrap();
            match status(wire) {
                OTHER => others += 1,
                text => assert_eq!(text, wire.as_str()),
            }
        }
        assert_eq!(others, 900 - STATUSES.len());
    }

    #[test]
    fn only_codes_that_are_known_are_labels() {
        for code in ErrorCode::KNOWN {
            assert_eq!(refusal(Some(code.as_str())), code.as_str());
        }
        for odd in [None, Some(""), Some("MadeUp7"), Some("blobnotfound"), Some("a b")] {
            assert_eq!(refusal(odd), "service", "{odd:?}");
        }
    }

    #[test]
    fn a_failure_with_a_code_that_was_made_up_is_the_services() {
        for (code, label) in [("BlobNotFound", "BlobNotFound"), ("MadeUp7", "service")] {
            let head = http::Response::builder()
                .status(404)
                .header("x-ms-error-code", code);
            let (head, ()) = head.body(()).unwrap().into_parts();
            let refused = lazuli_protocol::ServiceError::from_parts(&head, &bytes::Bytes::new());
            let error = Error::from(lazuli_protocol::Error::from(refused));
            assert_eq!(failure(&error), label);
        }
    }
}
