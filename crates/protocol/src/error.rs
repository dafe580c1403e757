//! What can go wrong between a typed call and the wire.

use std::error::Error as StdError;
use std::fmt;

use crate::{ErrorCode, ServiceError};

/// Any error, boxed: what foreign bodies and transports fail with.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// Why a request could not be made or an answer not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A name, range, header value or option that the service could never accept. Nothing was sent.
    InvalidInput,
    /// The service answered with an error: [`Error::service`] has its code and text.
    Service,
    /// The answer lacks something that the operation's answers must have, or holds something unreadable.
    InvalidResponse,
    /// A body broke off, or could not be produced.
    Body,
    /// Bytes that arrived are not the bytes that were sent.
    ChecksumMismatch,
}

/// An error of this crate. The message says what was tried and what to do; it never holds a secret.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    service: Option<ServiceError>,
    source: Option<BoxError>,
}

impl Error {
    /// An error with a message that reads well after "failed to …: ".
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            service: None,
            source: None,
        }))
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the service said, when it was the service that refused.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        self.0.service.as_ref()
    }

    /// The service's error code, when it was the service that refused.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.service().and_then(ServiceError::code)
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        let message = error.to_string();
        Self(Box::new(Inner {
            kind: ErrorKind::Service,
            message,
            service: Some(error),
            source: None,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind).field("message", &self.0.message);
        if let Some(service) = &self.0.service {
            out.field("service", service);
        }
        if let Some(source) = &self.0.source {
            out.field("source", source);
        }
        out.finish()
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
