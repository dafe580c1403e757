//! Puts rows into the form that was asked for.

mod arrow;
mod cell;
mod delimited;
mod json;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use super::problem::Problem;
use super::request::Output;
use super::value::Value;

/// A row of the result: names and values.
pub(super) type Cells = Vec<(String, Value)>;

/// Something that rows are written to.
#[derive(Debug)]
pub(super) enum Writer {
    Delimited(delimited::Writer),
    Json(json::Writer),
    Arrow(arrow::Writer),
}

impl Writer {
    pub(super) fn new(output: &Output) -> Self {
        match output {
            Output::Delimited(config) => Self::Delimited(delimited::Writer::new(config)),
            Output::Json(config) => Self::Json(json::Writer::new(config)),
            Output::Arrow(fields) => Self::Arrow(arrow::Writer::new(fields)),
        }
    }

    /// What comes before all rows, even if there are none.
    pub(super) fn prologue(&self) -> Option<Bytes> {
        match self {
            Self::Arrow(writer) => Some(writer.schema()),
            _ => None,
        }
    }

    /// # Errors
    /// The row cannot be put into this form. Nothing of it was written.
    pub(super) fn row(&mut self, cells: &Cells) -> Result<(), Problem> {
        match self {
            Self::Delimited(writer) => writer.row(cells),
            Self::Json(writer) => writer.row(cells),
            Self::Arrow(writer) => return writer.row(cells),
        }
        Ok(())
    }

    /// About how many bytes are held.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Delimited(writer) => writer.held(),
            Self::Json(writer) => writer.held(),
            Self::Arrow(writer) => writer.held(),
        }
    }

    /// What was written since the last time.
    pub(super) fn take(&mut self) -> Bytes {
        match self {
            Self::Delimited(writer) => writer.take(),
            Self::Json(writer) => writer.take(),
            Self::Arrow(writer) => writer.take(),
        }
    }
}
