//! What the layers return, and what they leave on a response for those above them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, Response};
use lazuli_protocol::{ResponseBody, header};

use crate::Error;

/// The future of a layer's service: the head of an answer, with its body still to come.
pub type AnswerFuture = Pin<Box<dyn Future<Output = Result<Response<ResponseBody>, Error>> + Send + 'static>>;

/// How many times a request was sent. The [`RetryLayer`](crate::RetryLayer) puts it into a response's extensions.
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

pub(crate) fn error_code(headers: &HeaderMap) -> Option<&str> {
    text(headers, &header::ERROR_CODE)
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    text(headers, &header::REQUEST_ID)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
