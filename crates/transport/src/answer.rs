//! What the layers return, and what they leave on a response for those above them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::header::CONTENT_RANGE;
use http::{HeaderMap, HeaderName, Response};
use lazuli_protocol::{ContentRange, ResponseBody, header};

use crate::Error;

/// The future of a layer's service: the head of an answer, with its body still to come.
pub type AnswerFuture = Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, Error>> + Send + 'static>>;

/// How many times a request was sent, not counting tries that a layer further in kept back. The [`RetryLayer`](crate::RetryLayer) puts it into a response's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts(pub u32);

/// Left on a response that would have been asked for again: what stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unrepeated {
    /// The request's body, which cannot start again.
    Body,
    /// The [`RetryBudget`](crate::RetryBudget), which is spent.
    Budget,
}

impl Unrepeated {
    /// Why there was no other try, as it stands behind a message.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Body => "it was not tried again, because its body can be sent only once",
            Self::Budget => {
                "it was not tried again, because too many calls have failed just now and the budget of retries is spent"
            }
        }
    }
}

/// Left on what a later try brought, where it would mislead: an earlier try may have arrived, and this is how that one failed.
#[derive(Clone, Debug)]
pub(crate) struct Earlier(pub(crate) Arc<str>);

impl Earlier {
    pub(crate) fn of(failure: &Error) -> Self {
        Self(failure.message().into())
    }
}

/// Left on a failure of the primary place of an account, when the secondary was asked as well and could not help: what came of it there. After a
/// refusal, the [`RetryLayer`](crate::RetryLayer) leaves it on the requests of the later tries.
#[derive(Clone, Debug)]
pub(crate) struct AtSecondary {
    pub(crate) said: Arc<str>,
    /// Whether it was a refusal, which would come again.
    pub(crate) refused: bool,
}

pub(crate) fn failed(error: Error) -> AnswerFuture {
    Box::pin(std::future::ready(Err(error)))
}

// Longer than every code and every id that the service has. What is longer still, or is spelled in another way, somebody else made up, and
// it has no place in a span, an event or a message.
const LONGEST_NAME: usize = 64;

/// The service's error code: at most 64 letters and digits.
pub(crate) fn error_code(headers: &HeaderMap) -> Option<&str> {
    name(headers, &header::ERROR_CODE, u8::is_ascii_alphanumeric)
}

/// The service's id of the request: at most 64 letters, digits and hyphens.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    name(headers, &header::REQUEST_ID, is_part)
}

/// The range that an answer brings, when it says so in the way it should.
pub(crate) fn content_range(headers: &HeaderMap) -> Option<ContentRange> {
    headers.get(CONTENT_RANGE)?.to_str().ok()?.parse().ok()
}

fn name<'a>(headers: &'a HeaderMap, name: &HeaderName, is_part: impl Fn(&u8) -> bool) -> Option<&'a str> {
    let value = headers.get(name)?.as_bytes();
    let is_name = (1..=LONGEST_NAME).contains(&value.len()) && value.iter().all(is_part);
    is_name.then(|| str::from_utf8(value).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &HeaderName, value: &str) -> (Option<String>, Option<String>) {
        let headers = HeaderMap::from_iter([(name.clone(), value.parse().unwrap())]);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        (owned(error_code(&headers)), owned(request_id(&headers)))
    }

    #[test]
    fn codes_and_ids_are_read_only_as_the_service_spells_them() {
        let longest = "a".repeat(64);
        for code in ["BlobNotFound", "Md5Mismatch", &longest] {
            assert_eq!(read(&header::ERROR_CODE, code), (Some(code.to_owned()), None));
        }
        for id in ["0195e7a2-701e-0042-5d6b-b6f1e8000000", "r-1", &longest] {
            assert_eq!(read(&header::REQUEST_ID, id), (None, Some(id.to_owned())));
        }
        let too_long = "a".repeat(65);
        for odd in ["", "a b", "a\tb", "https://a/?sig=x", "caf\u{e9}", &too_long] {
            for name in [header::ERROR_CODE, header::REQUEST_ID] {
                assert_eq!(read(&name, odd), (None, None), "{name} {odd:?}");
            }
        }
        assert_eq!(read(&header::ERROR_CODE, "with-hyphen"), (None, None));
    }
}
