//! The one error of xtask: a sentence that says what was tried and what to do.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a command failed, in words for the developer who ran it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// A file or folder that could not be read, written or made.
    pub(crate) fn io(tried: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("could not {tried} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
