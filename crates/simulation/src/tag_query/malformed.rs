//! Why a query is refused, in the words of the service.

use std::fmt;

/// The `Message` of the answer, which has the status 400 and the code `InvalidQueryParameterValue` or `InvalidHeaderValue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Something that cannot stand where it does. Characters are counted from 1.
    Unexpected { position: usize, found: String },
    /// The query ends too early.
    Ends { position: usize },
    /// More tags than a blob can have.
    TooManyTags,
    /// Two comparisons of one tag that are not the ends of a range.
    NotARange,
    /// A search in one container that names a container itself. Whoever knows the address finds this out.
    ContainerTwice,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Error parsing query")?;
        match self {
            Self::Unexpected { position, found } => {
                write!(
                    f,
                    " at or near character position {position}: unexpected '{found}'"
                )
            }
            Self::Ends { position } => write!(
                f,
                " at or near character position {position}: unexpected end of input"
            ),
            Self::TooManyTags => f.write_str(": there can be at most 10 unique tags in a query"),
            Self::NotARange => {
                f.write_str(": can't have multiple conditions for a single tag unless they define a range")
            }
            Self::ContainerTwice => f.write_str(": Cannot have container in both uri and query"),
        }
    }
}

impl std::error::Error for Malformed {}
