//! Answers that the service behind never gave.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, header};
use lazuli_protocol::header as names;

use super::fault::{GARBAGE, Refusal, Wait};

impl Refusal {
    /// The answer to a request of this method.
    pub(super) fn answer(&self, method: &Method) -> Response<Bytes> {
        let body = match (self.garbage, self.code) {
            _ if method == Method::HEAD => Bytes::new(),
            (Some(garbage), _) => Bytes::from_static(garbage_of(garbage)),
            (None, Some(code)) => format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>A fault was asked for.</Message></Error>"
            )
            .into(),
            (None, None) => Bytes::from_static(b"upstream is away"),
        };
        let mut answer = Response::new(body);
        *answer.status_mut() = self.status.try_into().unwrap();
        let length = answer.body().len();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        headers.insert(header::CONTENT_LENGTH, length.into());
        if let Some(code) = self.code {
            headers.insert(names::ERROR_CODE, HeaderValue::from_static(code));
        }
        match self.wait {
            Some(Wait::Seconds(seconds)) => headers.insert(header::RETRY_AFTER, seconds.into()),
            Some(Wait::Millis(millis)) => headers.insert("x-ms-retry-after-ms", millis.into()),
            None => None,
        };
        answer
    }
}

pub(super) fn garbage_of(number: usize) -> &'static [u8] {
    GARBAGE[number % GARBAGE.len()]
}

/// Whether a body is XML by what its head says.
pub(super) fn is_xml(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().ends_with(b"xml"))
}
