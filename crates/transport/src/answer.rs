//! What the layers return, and what they leave on a response for those above them.

use std::future::Future;
use std::pin::Pin;

use http::{HeaderMap, HeaderName, Response};
use lazuli_protocol::{ResponseBody, header};

use crate::Error;

/// The future of a layer's service: the head of an answer, with its body still to come.
pub type AnswerFuture = Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, Error>> + Send + 'static>>;

/// How many times a request was sent. The [`RetryLayer`](crate::RetryLayer) puts it into a response's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts(pub u32);

/// Left on a response that would have been asked for again, had the request's body been able to start again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SentOnce;

pub(crate) fn failed(error: Error) -> AnswerFuture {
    Box::pin(std::future::ready(Err(error)))
}

pub(crate) fn error_code(headers: &HeaderMap) -> Option<&str> {
    text(headers, &header::ERROR_CODE)
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    text(headers, &header::REQUEST_ID)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
