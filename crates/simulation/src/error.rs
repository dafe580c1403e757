//! What can go wrong when a simulation is set up, opened or closed. Requests are answered, not failed.

use std::error::Error as StdError;
use std::fmt;

use lazuli_protocol::BoxError;

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An account's name or key cannot be used.
    InvalidAccount,
    /// An id, a secret or a certificate of the simulated Entra cannot be used.
    InvalidIdentity,
    /// Another process, or another simulation of this one, has the location open.
    LocationInUse,
    /// What is at the location was written by a version that this one does not understand, or is not ours. Nothing was changed.
    UnknownFormat,
    /// What is at the location is damaged in more than its end. Nothing was changed.
    Damaged,
    /// The operating system refused something: a file, a folder, a socket.
    Io,
}

/// An error of this crate. The message says what was tried and on what.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            source: None,
        }))
    }

    pub(crate) fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether somebody else has the location open.
    #[must_use]
    pub fn is_location_in_use(&self) -> bool {
        self.kind() == ErrorKind::LocationInUse
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
