//! Why a query is refused before anything is read.

use std::fmt;

/// The answer has the status 400, the code `ErrorProcessingQueryExpression` and [`Malformed::MESSAGE`]; what this shows is more, for
/// the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Something that cannot stand at this byte, counted from 0.
    Syntax { at: usize },
    /// Longer than the service takes.
    TooLong,
    /// Parentheses or negations too many within each other.
    TooDeep,
    /// More than 49 columns.
    TooManyColumns,
    /// An aggregate beside a column.
    Mixed,
    /// `sys.split` with less than 10 MiB, or of what is not delimited text.
    Split,
    /// A path into records that have none.
    Path,
}

impl Malformed {
    /// What the service says of all of them.
    pub(crate) const MESSAGE: &str = "Syntax error!";
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { at } => write!(f, "the query cannot be read from its byte {at} on"),
            Self::TooLong => f.write_str("the query is longer than 256 KiB"),
            Self::TooDeep => f.write_str("the query has too many parentheses within each other"),
            Self::TooManyColumns => f.write_str("the query selects more than 49 columns"),
            Self::Mixed => f.write_str("the query selects both aggregates and columns"),
            Self::Split => f.write_str("sys.split is for delimited text, and takes at least 10485760 bytes"),
            Self::Path => f.write_str("delimited text has columns, and no paths into them"),
        }
    }
}

impl std::error::Error for Malformed {}
