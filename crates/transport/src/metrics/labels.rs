//! What stands in labels: text that is there already wherever possible, and never more of it than a service has codes.

use http::StatusCode;
use lazuli_protocol::ErrorCode;
use metrics::SharedString;

use crate::{Error, ErrorKind};

/// In place of a status, for a call without an answer.
pub(super) const NO_ANSWER: &str = "error";

// A code that is not the service's own can be any text.
const LONGEST_CODE: usize = 64;

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

pub(super) fn status(status: StatusCode) -> SharedString {
    match STATUSES.binary_search_by_key(&status.as_u16(), |(number, _)| *number) {
        Ok(at) => STATUSES.get(at).map_or(NO_ANSWER, |(_, text)| text).into(),
        Err(_) => status.as_str().to_owned().into(),
    }
}

/// The service's error code, or else that it was the service that refused.
pub(super) fn refusal(code: Option<&str>) -> SharedString {
    let plain =
        |code: &&str| code.len() <= LONGEST_CODE && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match code.filter(plain) {
        Some(code) if !code.is_empty() => code.to_owned().into(),
        _ => ErrorKind::Service.label().into(),
    }
}

/// Why there was no answer, or none that could be read.
pub(super) fn failure(error: &Error) -> SharedString {
    match error.code() {
        Some(code) => refusal(Some(ErrorCode::as_str(code))),
        None => error.kind().label().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(STATUSES.is_sorted());
        for number in 100..600 {
            let wire = StatusCode::from_u16(number).unwrap();
            assert_eq!(&*status(wire), wire.as_str());
        }
    }

    #[test]
    fn a_code_that_is_no_name_is_no_label() {
        assert_eq!(&*refusal(Some("BlobNotFound")), "BlobNotFound");
        for odd in [
            None,
            Some(""),
            Some("a b"),
            Some("x=\"y\""),
            Some(&*"a".repeat(65)),
        ] {
            assert_eq!(&*refusal(odd), "service", "{odd:?}");
        }
    }
}
