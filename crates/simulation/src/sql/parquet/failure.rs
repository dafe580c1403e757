//! Why a table gives no more rows.

use std::borrow::Cow;
use std::error::Error;
use std::{fmt, io};

use parquet::errors::ParquetError;

use super::super::problem::Problem;

#[derive(Debug)]
pub(super) enum Failure {
    /// The file is at fault, which its reader is told.
    Problem(Problem),
    /// The blob's content cannot be had.
    Io(io::Error),
}

impl Failure {
    pub(super) fn table(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Problem(Problem::Table(text.into()))
    }

    /// What the file says of itself is not so.
    pub(super) fn broken() -> Self {
        Self::table("The Parquet file is broken.")
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Our own failures go through the library and come back; its own are all about the file.
impl From<ParquetError> for Failure {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(error) => match error.downcast::<Self>() {
                Ok(failure) => *failure,
                Err(_) => Self::broken(),
            },
            error => {
                tracing::debug!(%error, "a table cannot be read");
                Self::broken()
            }
        }
    }
}

impl From<Failure> for ParquetError {
    fn from(failure: Failure) -> Self {
        Self::External(Box::new(failure))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => f.write_str(&problem.at(0).description),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl Error for Failure {}
