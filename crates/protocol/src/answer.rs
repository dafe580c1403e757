//! Reading the headers of an answer into types.

use http::response::Parts;
use http::{HeaderName, StatusCode};
use time::OffsetDateTime;

use crate::{Error, ErrorKind, Etag, ResponseBody, ServiceError, header, parse_rfc1123};

/// The head of an answer whose status is a success that the operation documents.
///
/// What the service may leave out is read as an `Option`: a header that is missing or unreadable is `None`. What it always sends is
/// asked for by the methods that return a `Result`.
#[derive(Debug)]
pub struct Answer(Parts);

impl Answer {
    /// Takes the answer when its status is one of the `expected`, and reads the service's error otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::Service`] for every other status.
    pub async fn expect(
        parts: Parts,
        body: ResponseBody,
        expected: &[StatusCode],
    ) -> Result<(Self, ResponseBody), Error> {
        if expected.contains(&parts.status) {
            return Ok((Self(parts), body));
        }
        Err(ServiceError::read(parts, body).await.into())
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// All headers, for what has no method of its own.
    #[must_use]
    pub fn headers(&self) -> &http::HeaderMap {
        &self.0.headers
    }

    /// A header as text.
    #[must_use]
    pub fn text(&self, name: &HeaderName) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// A header as owned text.
    #[must_use]
    pub fn string(&self, name: &HeaderName) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A header as a number, a checksum or anything else that is parsed from text.
    #[must_use]
    pub fn parsed<T: std::str::FromStr>(&self, name: &HeaderName) -> Option<T> {
        self.text(name)?.trim().parse().ok()
    }

    /// A header as a value of one of the open vocabularies.
    #[must_use]
    pub fn value<T: for<'a> From<&'a str>>(&self, name: &HeaderName) -> Option<T> {
        self.text(name).map(T::from)
    }

    /// A header as `true` or `false`, in any case.
    #[must_use]
    pub fn flag(&self, name: &HeaderName) -> Option<bool> {
        self.text(name)?.trim().to_ascii_lowercase().parse().ok()
    }

    /// A header as a date.
    #[must_use]
    pub fn date(&self, name: &HeaderName) -> Option<OffsetDateTime> {
        parse_rfc1123(self.text(name)?).ok()
    }

    /// The `ETag`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it is missing or unreadable.
    pub fn etag(&self) -> Result<Etag, Error> {
        self.parsed(&http::header::ETAG).ok_or_else(|| self.lacks("ETag"))
    }

    /// `Last-Modified`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it is missing or unreadable.
    pub fn last_modified(&self) -> Result<OffsetDateTime, Error> {
        self.date(&http::header::LAST_MODIFIED)
            .ok_or_else(|| self.lacks("Last-Modified"))
    }

    /// `Content-Length`, in bytes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it is missing or unreadable.
    pub fn content_length(&self) -> Result<u64, Error> {
        self.parsed(&http::header::CONTENT_LENGTH)
            .ok_or_else(|| self.lacks("Content-Length"))
    }

    /// The service's id of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.text(&header::REQUEST_ID)
    }

    fn lacks(&self, name: &str) -> Error {
        let id = self.request_id().unwrap_or("unknown");
        Error::new(
            ErrorKind::InvalidResponse,
            format!("the answer has no readable {name} header (request id {id})"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)]) -> Answer {
        let mut response = http::Response::builder().status(200);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Answer(response.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn headers_are_read_into_types() {
        let answer = answer(&[
            ("etag", "\"0x8DB\""),
            ("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT"),
            ("content-length", "12"),
            ("x-ms-server-encrypted", "True"),
        ]);
        assert_eq!(answer.etag().unwrap().as_str(), "0x8DB");
        assert_eq!(answer.content_length().unwrap(), 12);
        assert_eq!(answer.flag(&header::SERVER_ENCRYPTED), Some(true));
        assert!(answer.last_modified().is_ok());
    }

    #[test]
    fn what_is_missing_or_unreadable_is_said() {
        let answer = answer(&[
            ("etag", ""),
            ("content-length", "many"),
            ("x-ms-request-id", "r-1"),
        ]);
        for error in [
            answer.etag().unwrap_err(),
            answer.last_modified().unwrap_err(),
            answer.content_length().unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidResponse);
            assert!(error.to_string().contains("r-1"), "{error}");
        }
    }
}
