//! What the service could not do with a blob's content.

use std::fmt;

use lazuli_protocol::{self as protocol, ErrorKind};

use crate::Error;

/// What the service said of content that it could not work with.
///
/// In an [`Error`] it is a [source](std::error::Error::source), where [`of`](Self::of) finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryError {
    /// Whether the query ended with it. If not, only the record at the position is missing from the answer, or a column of it.
    pub fatal: bool,
    /// The error's name: `ParseError`, `InvalidTypeConversion`.
    pub name: String,
    /// What the service says of it.
    pub description: String,
    /// Which part of the blob the error is about, as the service counts: in bytes or in records.
    pub position: u64,
}

impl QueryError {
    /// What the service said, when that is why a query failed.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            if let Some(found) = cause.downcast_ref() {
                return Some(found);
            }
            source = cause.source();
        }
        None
    }

    pub(super) fn into_error(self) -> Error {
        let advice = match self.fatal {
            true => "",
            false => "; take errors with on_error to go on after them",
        };
        let message = format!("the query failed: {self}{advice}");
        protocol::Error::new(ErrorKind::Service, message)
            .with_source(self)
            .into()
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}: {}",
            self.name,
            self.position,
            self.description.trim_end()
        )
    }
}

impl std::error::Error for QueryError {}
