//! What is asked of the engine: the expression, and the forms of what it reads and writes.

/// A query, as `QueryRequest` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) expression: String,
    pub(crate) input: Input,
    pub(crate) output: Output,
}

/// The form of the blob. Without one it is delimited text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Delimited(Delimited),
    Json(JsonText),
    Parquet,
}

/// The form of the answer. Without one it is that of the blob, or delimited text if nothing is answered in that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Delimited(Delimited),
    Json(JsonText),
    Arrow(Vec<ArrowField>),
}

/// `DelimitedTextConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delimited {
    pub(crate) column_separator: String,
    pub(crate) field_quote: Option<char>,
    /// A line feed also takes a carriage return before it away.
    pub(crate) record_separator: String,
    pub(crate) escape: Option<char>,
    pub(crate) has_headers: bool,
}

impl Default for Delimited {
    fn default() -> Self {
        Self {
            column_separator: ",".to_owned(),
            field_quote: Some('"'),
            record_separator: "\n".to_owned(),
            escape: None,
            has_headers: false,
        }
    }
}

/// `JsonTextConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonText {
    pub(crate) record_separator: String,
}

impl Default for JsonText {
    fn default() -> Self {
        Self {
            record_separator: "\n".to_owned(),
        }
    }
}

/// A `Field` of `ArrowConfiguration`. Without a name it is called by its place, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArrowField {
    pub(crate) name: Option<String>,
    pub(crate) kind: ArrowType,
}

/// What a column of an Arrow answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArrowType {
    Int64,
    Bool,
    /// `timestamp[ms]`
    TimestampMs,
    String,
    Double,
    Decimal {
        precision: u8,
        scale: u8,
    },
}

impl ArrowType {
    /// The digits that a decimal can have.
    pub(crate) const PRECISION_MAX: u8 = 38;

    /// The type with a name of the wire; the two numbers count for decimals only.
    pub(crate) fn named(name: &str, precision: Option<u8>, scale: Option<u8>) -> Option<Self> {
        let precision = precision.unwrap_or(Self::PRECISION_MAX);
        let scale = scale.unwrap_or(0);
        Some(match name {
            "int64" => Self::Int64,
            "bool" => Self::Bool,
            "timestamp[ms]" => Self::TimestampMs,
            "string" => Self::String,
            "double" => Self::Double,
            "decimal" if (1..=Self::PRECISION_MAX).contains(&precision) && scale <= precision => {
                Self::Decimal { precision, scale }
            }
            _ => return None,
        })
    }
}

impl Default for Input {
    fn default() -> Self {
        Self::Delimited(Delimited::default())
    }
}

impl Default for Output {
    fn default() -> Self {
        Self::Delimited(Delimited::default())
    }
}
