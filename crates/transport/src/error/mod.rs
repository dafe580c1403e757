//! The one error of this crate: what was tried, on what, how it failed, and after how many tries.

mod cause;
mod kind;
mod reach;
mod request_line;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;
use lazuli_protocol::{BoxError, ErrorCode, ServiceError};

use crate::answer::{AtSecondary, Earlier, Unrepeated};
use crate::{Attempts, Trouble, answer};

pub use kind::ErrorKind;
use reach::Reach;
pub(crate) use request_line::RequestLine;

/// Why a call failed.
///
/// The message names the operation, the method and the URL without its query; it never holds a secret. What caused it is its
/// [`source`](StdError::source).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    request: Option<RequestLine>,
    // What the protocol said, whole: the service's answer and what is below it are asked of it.
    wire: Option<lazuli_protocol::Error>,
    status: Option<StatusCode>,
    request_id: Option<String>,
    attempts: u32,
    unrepeated: Option<Unrepeated>,
    earlier: Option<Earlier>,
    reach: Reach,
    at_secondary: Option<AtSecondary>,
    retry_after: Option<Duration>,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            request: None,
            wire: None,
            status: None,
            request_id: None,
            attempts: 0,
            unrepeated: None,
            earlier: None,
            reach: Reach::default(),
            at_secondary: None,
            retry_after: None,
            source: None,
        }))
    }

    /// A wait of the caller's own that took too long: an error of kind [`Timeout`](ErrorKind::Timeout), for clients that wait for more than an answer.
    #[must_use]
    pub fn timed_out(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Timeout, message)
    }

    /// The same failure, for one more who is to hear of it. Its cause is there in words; the thing itself stays with the first.
    #[must_use]
    pub fn again(&self) -> Self {
        let mut again = Self::new(self.0.kind, self.0.message.clone());
        again.0.at_secondary.clone_from(&self.0.at_secondary);
        again.0.earlier.clone_from(&self.0.earlier);
        again.0.reach = self.0.reach;
        again.0.retry_after = self.retry_after();
        again.0.source = self.0.source.as_ref().map(|source| source.to_string().into());
        again
    }

    /// The same failure for one more who waits for the same answer: it says the same, and answers every question alike. Its cause is there in
    /// words; the thing itself stays with the first.
    #[must_use]
    pub fn share(&self) -> Self {
        let mut shared = self.again();
        let service = self.service().cloned();
        shared.0.request.clone_from(&self.0.request);
        shared.0.wire = service.map(lazuli_protocol::Error::from);
        shared.0.status = self.0.status;
        shared.0.request_id.clone_from(&self.0.request_id);
        shared.0.attempts = self.0.attempts;
        shared.0.unrepeated = self.0.unrepeated;
        shared.0.source = self.source().map(|source| source.to_string().into());
        shared
    }

    pub(crate) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Says when another try may fare better.
    pub(crate) fn until(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Says that the secondary was asked as well, and what came of it.
    pub(crate) fn and_at_secondary(mut self, secondary: AtSecondary) -> Self {
        self.0.at_secondary = Some(secondary);
        self
    }

    pub(crate) fn at_secondary(&self) -> Option<&AtSecondary> {
        self.0.at_secondary.as_ref()
    }

    /// Names the request, unless a layer further in has done so.
    pub(crate) fn on(mut self, request: &RequestLine) -> Self {
        self.0.request.get_or_insert_with(|| request.clone());
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Says why there was no other try.
    pub(crate) fn unrepeated(mut self, reason: Unrepeated) -> Self {
        self.0.unrepeated = Some(reason);
        self
    }

    /// Adds what the head of the answer says.
    pub(crate) fn answered(mut self, head: &AnswerHead) -> Self {
        self.0.status = Some(head.status);
        self.0.request_id.clone_from(&head.request_id);
        self.0.attempts = head.attempts;
        self.0.unrepeated = head.unrepeated;
        self.0.earlier.clone_from(&head.earlier);
        self.0.at_secondary.clone_from(&head.at_secondary);
        self
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the service said, when it was the service that refused.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        self.0.wire.as_ref().and_then(lazuli_protocol::Error::service)
    }

    /// The service's error code, when it was the service that refused.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.service().and_then(ServiceError::code)
    }

    /// The status of the answer, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status.or_else(|| self.service().map(ServiceError::status))
    }

    /// The service's id of the request, when there was an answer: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0
            .request_id
            .as_deref()
            .or_else(|| self.service().and_then(ServiceError::request_id))
    }

    /// How long to wait before another try: what the service asks for, or how long a circuit breaker stays open.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        if self.0.retry_after.is_some() {
            return self.0.retry_after;
        }
        self.service().and_then(ServiceError::retry_after)
    }

    /// How many times the request was sent, or begun to be sent. A try that was refused before, by a circuit breaker say, does not count: 0 when all
    /// were.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the same call may succeed later, with nothing changed but the time.
    ///
    /// The stack has tried again already, as far as its policy allows. A call that failed this way may still have had its effect,
    /// unless [`is_connect`](Self::is_connect) says that it cannot have. So may one that failed another way, after an earlier try whose answer was lost: a
    /// second `DELETE` finds nothing (404), and a second conditional write finds what the first has left (409, 412). The message says then that an earlier
    /// try may have arrived.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        if self.0.unrepeated == Some(Unrepeated::Body) {
            return false;
        }
        match self.0.kind {
            ErrorKind::Connect
            | ErrorKind::Connection
            | ErrorKind::CircuitOpen
            | ErrorKind::Timeout
            | ErrorKind::ChecksumMismatch
            | ErrorKind::Body => true,
            ErrorKind::Service => self.status().is_some_and(|status| {
                Trouble::of_answer(status, self.code().map(ErrorCode::as_str)).is_some()
            }),
            _ => false,
        }
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Whether no connection could be made, so that the request cannot have had its effect: neither in the last try nor in one before, all of which
    /// made no connection either, or were refused by a service that is busy.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect && self.0.earlier.is_none()
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }
}

/// What an error keeps of an answer's head, taken before the operation reads the rest.
#[derive(Debug)]
pub(crate) struct AnswerHead {
    status: StatusCode,
    request_id: Option<String>,
    attempts: u32,
    unrepeated: Option<Unrepeated>,
    earlier: Option<Earlier>,
    at_secondary: Option<AtSecondary>,
}

impl AnswerHead {
    pub(crate) fn of(parts: &http::response::Parts) -> Self {
        Self {
            status: parts.status,
            request_id: answer::request_id(&parts.headers).map(str::to_owned),
            attempts: parts
                .extensions
                .get::<Attempts>()
                .map_or(1, |attempts| attempts.0),
            unrepeated: parts.extensions.get().copied(),
            earlier: parts.extensions.get().cloned(),
            at_secondary: parts.extensions.get().cloned(),
        }
    }
}

impl From<lazuli_protocol::Error> for Error {
    fn from(error: lazuli_protocol::Error) -> Self {
        let body = error.source().and_then(|source| source.downcast_ref::<Self>());
        // A body that failed because it was damaged: that says more than that it broke off.
        let damaged = body.filter(|own| own.0.kind == ErrorKind::ChecksumMismatch);
        let mut own = match damaged {
            Some(damaged) => Self::new(damaged.0.kind, damaged.0.message.clone()),
            None => Self::new(error.kind().into(), error.to_string()),
        };
        own.0.wire = Some(error);
        own
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(request) = &self.0.request {
            write!(f, "{request}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(unrepeated) = self.0.unrepeated {
            write!(f, "; {}", unrepeated.reason())?;
        }
        if let Some(Earlier(said)) = &self.0.earlier {
            write!(f, "; an earlier try may have arrived: {said}")?;
        }
        if let Some(secondary) = &self.0.at_secondary {
            write!(f, "; the secondary was asked too: {}", secondary.said)?;
        }
        match self.0.attempts {
            0 | 1 => Ok(()),
            tries => write!(f, " (after {tries} tries)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown
            .field("kind", &self.0.kind)
            .field("message", &self.0.message);
        if let Some(request) = &self.0.request {
            shown.field("request", &format_args!("{request}"));
        }
        if let Some(service) = self.service() {
            shown.field("service", service);
        }
        shown
            .field("status", &self.0.status)
            .field("request_id", &self.0.request_id);
        shown
            .field("attempts", &self.0.attempts)
            .field("source", &self.source())
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.0.source, &self.0.wire) {
            (Some(source), _) => Some(&**source),
            // The protocol's message is this error's own: what is below it is below this.
            (None, wire) => wire.as_ref()?.source(),
        }
    }
}
