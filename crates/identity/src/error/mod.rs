//! The one error of this crate: which source failed, how, and what to do about it.

mod kind;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use lazuli_protocol::BoxError;

use crate::refusal::Refusal;

pub use kind::ErrorKind;

/// Why there is no token.
///
/// The message says what to do where something can be done. It never holds a token, a client secret, an assertion or a key.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    refusal: Option<Refusal>,
    source: Option<BoxError>,
}

impl Error {
    /// An error of a source of one's own. The message reads well after "failed to get a token: ", and holds no secret.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            refusal: None,
            source: None,
        }))
    }

    /// The same error with what caused it, which must not show a secret either.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    pub(crate) fn input(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn response(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidResponse, message)
    }

    /// `what` refused, in its own words.
    pub(crate) fn refused(what: &str, refusal: Refusal) -> Self {
        let mut error = Self::new(ErrorKind::Refused, format!("{what} refused: {refusal}"));
        error.0.refusal = Some(refusal);
        error
    }

    /// The same error, of another kind.
    pub(crate) fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same error, with words before its message.
    pub(crate) fn after(mut self, words: &str) -> Self {
        self.0.message = format!("{words}{}", self.0.message).into();
        self
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the source is not there, so that another one may be asked.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.0.kind == ErrorKind::Unavailable
    }

    /// Whether the authority or the endpoint of a managed identity said no.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.0.kind == ErrorKind::Refused
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout || self.transport().is_some_and(lazuli_transport::Error::is_timeout)
    }

    /// Whether no connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.transport().is_some_and(lazuli_transport::Error::is_connect)
    }

    /// The number after `AADSTS` by which Microsoft Entra's documentation knows the refusal: 7000215 for a wrong client secret.
    #[must_use]
    pub fn aadsts(&self) -> Option<u32> {
        self.0.refusal.as_ref().and_then(Refusal::aadsts)
    }

    /// The OAuth error code of the refusal, such as `invalid_client`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.refusal.as_ref().and_then(Refusal::code)
    }

    /// The authority's id of the refused request: what its support asks for.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.refusal.as_ref().and_then(Refusal::correlation_id)
    }

    /// Claims that the authority wants to be asked for, as JSON, when an interaction could satisfy it.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.0.refusal.as_ref().and_then(Refusal::claims)
    }

    /// The status of the answer, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        let refused = self.0.refusal.as_ref().map(Refusal::status);
        refused.or_else(|| self.transport().and_then(lazuli_transport::Error::status))
    }

    fn transport(&self) -> Option<&lazuli_transport::Error> {
        self.0.source.as_ref()?.downcast_ref()
    }
}

impl From<lazuli_transport::Error> for Error {
    fn from(error: lazuli_transport::Error) -> Self {
        Self::new(ErrorKind::Transport, format!("no token was got: {error}")).with_source(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown
            .field("kind", &self.0.kind)
            .field("message", &self.0.message);
        if let Some(refusal) = &self.0.refusal {
            shown.field("refusal", refusal);
        }
        if let Some(source) = &self.0.source {
            shown.field("source", source);
        }
        shown.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
