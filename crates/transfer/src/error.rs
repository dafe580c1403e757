//! Why something could not be moved.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

use lazuli_protocol::ErrorCode;

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The service, or the way to it: [`Error::blob`] says what.
    Blob,
    /// The local disk.
    Io,
    /// A name that cannot be used on the other side: one that would lead out of the destination, say.
    InvalidName,
    /// The file or the blob changed while it was read.
    Changed,
    /// What arrived is not what was sent.
    ChecksumMismatch,
    /// The file is larger than a blob can be.
    TooLarge,
}

/// Why something could not be moved. The message says what was tried and on what.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Source,
}

enum Source {
    None,
    Io(io::Error),
    Blob(lazuli_blob::Error),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            source: Source::None,
        }))
    }

    /// An error of the local disk: "cannot open PATH".
    pub(crate) fn io(verb: &str, path: &Path, source: io::Error) -> Self {
        let message = format!("cannot {verb} {}: {source}", path.display());
        Self(Box::new(Inner {
            kind: ErrorKind::Io,
            message,
            source: Source::Io(source),
        }))
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The service's error, or that of the way to it.
    #[must_use]
    pub fn blob(&self) -> Option<&lazuli_blob::Error> {
        match &self.0.source {
            Source::Blob(error) => Some(error),
            _ => None,
        }
    }

    /// The service's error code, when it was the service that refused.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.blob().and_then(lazuli_blob::Error::code)
    }

    /// The local disk's error.
    #[must_use]
    pub fn as_io(&self) -> Option<&io::Error> {
        match &self.0.source {
            Source::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<lazuli_blob::Error> for Error {
    fn from(error: lazuli_blob::Error) -> Self {
        let kind = match error.kind() {
            lazuli_blob::ErrorKind::ChecksumMismatch => ErrorKind::ChecksumMismatch,
            _ => ErrorKind::Blob,
        };
        Self(Box::new(Inner {
            kind,
            message: error.to_string(),
            source: Source::Blob(error),
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
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The message is the cause's own; what is below the cause stays below.
        match &self.0.source {
            Source::None => None,
            Source::Io(error) => error.source(),
            Source::Blob(error) => error.source(),
        }
    }
}
