//! What an expression can be.

use std::fmt;

use time::OffsetDateTime;

use super::json::Json;
use super::timestamp;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A field that a JSON record does not have.
    Missing,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Time(OffsetDateTime),
    /// A list or an object of JSON.
    Tree(Json),
}

impl Value {
    /// Neither null nor missing.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Missing | Self::Null)
    }
}

/// As delimited text has it, before it is quoted.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing | Self::Null => Ok(()),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Time(time) => f.write_str(&timestamp::show(*time)),
            Self::Tree(json) => json.fmt(f),
        }
    }
}

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Int(value) => Self::Int(*value),
            Json::Float(value) => Self::Float(*value),
            Json::Text(text) => Self::Text(text.clone()),
            Json::List(_) | Json::Object(_) => Self::Tree(json.clone()),
        }
    }
}
