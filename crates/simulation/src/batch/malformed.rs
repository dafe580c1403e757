//! Why the body of a batch cannot be taken.

use std::fmt;

/// What is wrong with the body of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// More than 4 MiB.
    TooLong,
    /// More than 256 requests.
    TooManyParts,
    /// No request at all.
    Empty,
    /// The body has no line that begins or ends its parts.
    NoBoundary,
    /// A part is not `application/http`.
    PartType(usize),
    /// A part has no line that says what is asked, or one that is not of HTTP/1.1.
    RequestLine(usize),
    /// A header is not `name: value`, or has characters that a header cannot have.
    Header(usize),
    /// A part has a body. The requests that a batch can hold have none.
    Body(usize),
    /// Two parts have the same `Content-ID`.
    ContentId(usize),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("the batch is longer than 4 MiB"),
            Self::TooManyParts => f.write_str("the batch has more than 256 requests"),
            Self::Empty => f.write_str("the batch has no request"),
            Self::NoBoundary => f.write_str("the batch does not begin and end with its boundary"),
            Self::PartType(at) => write!(f, "part {at} of the batch is not of the type application/http"),
            Self::RequestLine(at) => write!(
                f,
                "part {at} of the batch does not begin with the line of an HTTP/1.1 request"
            ),
            Self::Header(at) => write!(f, "a header in part {at} of the batch is malformed"),
            Self::Body(at) => write!(f, "the request in part {at} of the batch has a body"),
            Self::ContentId(at) => write!(f, "part {at} of the batch has the Content-ID of an earlier part"),
        }
    }
}

impl std::error::Error for Malformed {}
