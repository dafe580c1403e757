//! The service that sees what is to be held against what.

use std::task::{Context, Poll};

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, Request, Response};
use lazuli_protocol::{
    Body, ContentMustBeVerified, ContentVerified, Crc64, ResponseBody, STRUCTURED_BODY, header,
};
use tower::Service;

use super::OutgoingSum;
use super::body::VerifyingBody;
use crate::error::AnswerHead;
use crate::{AnswerFuture, Error, ErrorKind, request};

/// Made by [`VerifyLayer`](crate::VerifyLayer).
#[derive(Clone, Debug)]
pub struct VerifyService<S> {
    pub(super) inner: S,
}

impl<S> Service<Request<Body>> for VerifyService<S>
where
    S: Service<Request<Body>, Response = Response<ResponseBody>>,
    S::Error: Into<Error>,
    S::Future: Send + 'static,
{
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<Body>) -> AnswerFuture {
        let check = Check::of(&request);
        if let Check::Upload { sum, .. } = &check {
            request.extensions_mut().insert(sum.clone());
        }
        let answer = self.inner.call(request);
        Box::pin(async move { check.take(answer.await.map_err(Into::into)?) })
    }
}

/// What there is to check of an answer.
#[derive(Debug)]
enum Check {
    Nothing,
    Download {
        must: bool,
    },
    Upload {
        sum: OutgoingSum,
        operation: &'static str,
    },
    // An upload in segments, which the service checks by itself, if it knows of them.
    Segments {
        operation: &'static str,
    },
}

impl Check {
    fn of(request: &Request<Body>) -> Self {
        let headers = request.headers();
        match *request.method() {
            Method::GET if headers.contains_key(header::STRUCTURED_BODY) => Self::Download {
                must: request.extensions().get::<ContentMustBeVerified>().is_some(),
            },
            Method::PUT if headers.contains_key(header::STRUCTURED_BODY) => Self::Segments {
                operation: request::operation(request),
            },
            Method::PUT if request.body().as_bytes().is_none() && !is_summed(headers) => Self::Upload {
                sum: OutgoingSum::default(),
                operation: request::operation(request),
            },
            _ => Self::Nothing,
        }
    }

    fn take(self, response: Response<ResponseBody>) -> Result<Response<ResponseBody>, Error> {
        if !response.status().is_success() {
            return Ok(response);
        }
        match self {
            Self::Nothing => Ok(response),
            Self::Download { must } => verifying(response, must),
            Self::Upload { sum, operation } => match (sum.get(), received(response.headers())) {
                (Some(sent), Some(received)) if sent != received => Err(OTHER_BYTES.by(operation, response)),
                _ => Ok(response),
            },
            Self::Segments { .. } if is_in_segments(response.headers()) => Ok(response),
            Self::Segments { operation } => Err(SEGMENTS.by(operation, response)),
        }
    }
}

/// Whether a body has a checksum that the service holds it against.
fn is_summed(headers: &HeaderMap) -> bool {
    let names = [header::CONTENT_CRC64, header::CONTENT_MD5];
    names.iter().any(|name| headers.contains_key(name))
}

/// Whether a service says that content is, or was, in segments of the form that is asked for.
fn is_in_segments(headers: &HeaderMap) -> bool {
    let form = headers
        .get(header::STRUCTURED_BODY)
        .and_then(|form| form.to_str().ok());
    form.is_some_and(|form| form.trim().eq_ignore_ascii_case(STRUCTURED_BODY))
}

fn received(headers: &HeaderMap) -> Option<Crc64> {
    headers.get(header::CONTENT_CRC64)?.to_str().ok()?.parse().ok()
}

/// The same answer with the content of its segments, if it has any.
fn verifying(mut response: Response<ResponseBody>, must: bool) -> Result<Response<ResponseBody>, Error> {
    let headers = response.headers_mut();
    let Some(length) = content_length(headers) else {
        // One that only claims to be in segments is left to who reads it.
        if must && !headers.contains_key(header::STRUCTURED_BODY) {
            let message = "the service sent the content without checksums, which it was asked for; its version may not know of them, so read ranges with a checksum each";
            return Err(answered(ErrorKind::InvalidResponse, message, response));
        }
        return Ok(response);
    };
    headers.remove(header::STRUCTURED_BODY);
    headers.remove(header::STRUCTURED_CONTENT_LENGTH);
    headers.insert(CONTENT_LENGTH, length.into());
    response.extensions_mut().insert(ContentVerified);
    Ok(response.map(|body| ResponseBody::new(VerifyingBody::new(body, length))))
}

/// How much content is in the segments of an answer; `None` when it has none of the form that is asked for.
fn content_length(headers: &HeaderMap) -> Option<u64> {
    if !is_in_segments(headers) {
        return None;
    }
    let length = headers.get(header::STRUCTURED_CONTENT_LENGTH)?.to_str().ok()?;
    length.trim().parse().ok()
}

/// What is said of a write that may have stored something else than was sent.
struct Stored {
    kind: ErrorKind,
    // Of a block, which is not part of a blob yet.
    as_block: &'static str,
    // Of what was added to a blob, which stays there.
    as_append: &'static str,
    otherwise: &'static str,
}

const OTHER_BYTES: Stored = Stored {
    kind: ErrorKind::ChecksumMismatch,
    as_block: "the service received other bytes than were sent, by their CRC64; the block is not part of a blob yet: put it again before it is committed",
    as_append: "the service received other bytes than were sent, by their CRC64, and has appended them, which cannot be taken back; make the blob anew",
    otherwise: "the service received other bytes than were sent, by their CRC64, and has stored them; write them again",
};

const SEGMENTS: Stored = Stored {
    kind: ErrorKind::InvalidResponse,
    as_block: "the service does not say that it took the content out of its segments, and may have stored them as the block, which is not part of a blob yet: put it again without segments before it is committed",
    as_append: "the service does not say that it took the content out of its segments, and may have appended them in its place, which cannot be taken back; see what the blob ends with",
    otherwise: "the service does not say that it took the content out of its segments, and may have stored them in its place; write it again without segments",
};

impl Stored {
    fn by(self, operation: &str, response: Response<ResponseBody>) -> Error {
        let message = match operation {
            "PutBlock" => self.as_block,
            "AppendBlock" => self.as_append,
            _ => self.otherwise,
        };
        answered(self.kind, message, response)
    }
}

fn answered(kind: ErrorKind, message: &'static str, response: Response<ResponseBody>) -> Error {
    let (head, _) = response.into_parts();
    Error::new(kind, message).answered(&AnswerHead::of(&head))
}
