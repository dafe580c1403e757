//! What can go wrong with a record, in the words of the service.

use std::borrow::Cow;

use super::frame::RowError;

/// Why a record has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// A value is not, and cannot be turned into, what it is used as.
    Conversion,
    /// The record has too few columns.
    Ordinal,
    /// No column has that name.
    ColumnName,
    DivisionByZero,
    /// A number or a time is out of bounds.
    Overflow,
    /// The record has another count of columns than the answer's schema.
    Schema,
    /// A value begins with a character that none begins with, at this byte of the blob.
    JsonToken {
        found: char,
        at: u64,
    },
    /// A value that begins as JSON goes on as something else.
    Json,
    TooLong,
    TooManyFields,
    TooManyValues,
    TooManySteps,
    /// The blob is no table, or one that is broken or has what is not read.
    #[cfg(feature = "parquet")]
    Table(Cow<'static, str>),
}

impl Problem {
    pub(super) fn at(&self, position: u64) -> RowError {
        let (fatal, name, description): (bool, &'static str, Cow<'static, str>) = match self {
            Self::Conversion => (false, "InvalidTypeConversion", "Invalid type conversion.".into()),
            Self::Ordinal => (
                false,
                "InvalidColumnOrdinal",
                "Column ordinal does not exist in row.".into(),
            ),
            Self::DivisionByZero => (false, "DivideByZero", "Division by zero.".into()),
            Self::Overflow => (false, "ArithmeticOverflow", "A value is out of range.".into()),
            Self::ColumnName => (true, "ClientError", "Column name does not exist.".into()),
            Self::Schema => (
                true,
                "ClientError",
                "Number of columns in the row does not match the schema.".into(),
            ),
            Self::JsonToken { found, at } => {
                let text =
                    format!("Unexpected token '{found}' at [byte: {at}]. Expecting tokens '{{', or '['. ");
                (true, "ParseError", text.into())
            }
            Self::Json => (true, "InternalError", "Internal parse exception.".into()),
            Self::TooLong => (true, "ParseError", "A record is longer than 16 MiB.".into()),
            Self::TooManyFields => (true, "ParseError", "A record has more than 10,000 fields.".into()),
            Self::TooManyValues => (
                true,
                "ParseError",
                "A record has more than 100,000 values.".into(),
            ),
            Self::TooManySteps => (
                true,
                "InternalError",
                "It takes too many steps to hold a text against a pattern.".into(),
            ),
            #[cfg(feature = "parquet")]
            Self::Table(text) => (true, "ParseError", text.clone()),
        };
        RowError {
            fatal,
            name: name.into(),
            description,
            position,
        }
    }
}
