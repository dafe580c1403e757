//! What a value is when something else than itself is wanted of it.

use time::OffsetDateTime;

use super::problem::Problem;
use super::query::Kind;
use super::timestamp;
use super::value::Value;

/// A number, whole if it can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(value) => Self::Int(value),
            Number::Float(value) => Self::Float(value),
        }
    }
}

pub(super) fn number(value: &Value) -> Result<Number, Problem> {
    match value {
        Value::Int(value) => Ok(Number::Int(*value)),
        Value::Float(value) => Ok(Number::Float(*value)),
        Value::Bool(value) => Ok(Number::Int(i64::from(*value))),
        Value::Text(text) => parse_number(text.trim()),
        _ => Err(Problem::Conversion),
    }
}

fn parse_number(text: &str) -> Result<Number, Problem> {
    if let Ok(whole) = text.parse() {
        return Ok(Number::Int(whole));
    }
    // Neither `inf` nor `nan`.
    let is_number = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    let number = text.parse().ok().filter(|_| is_number);
    number.map(Number::Float).ok_or(Problem::Conversion)
}

/// A whole number. What is behind the point of a number is cut off; a string must have none.
pub(super) fn int(value: &Value) -> Result<i64, Problem> {
    match (number(value)?, value) {
        (Number::Int(value), _) => Ok(value),
        (Number::Float(_), Value::Text(_)) => Err(Problem::Conversion),
        (Number::Float(value), _) => format!("{:.0}", value.trunc())
            .parse()
            .map_err(|_| Problem::Overflow),
    }
}

pub(super) fn boolean(value: &Value) -> Result<bool, Problem> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Int(value) => Ok(*value != 0),
        Value::Float(value) => Ok(*value != 0.0),
        Value::Text(text) => match text.trim() {
            text if text.eq_ignore_ascii_case("true") || text == "1" => Ok(true),
            text if text.eq_ignore_ascii_case("false") || text == "0" => Ok(false),
            _ => Err(Problem::Conversion),
        },
        _ => Err(Problem::Conversion),
    }
}

pub(super) fn time(value: &Value) -> Result<OffsetDateTime, Problem> {
    match value {
        Value::Time(time) => Ok(*time),
        Value::Text(text) => timestamp::parse(text.trim()).ok_or(Problem::Conversion),
        _ => Err(Problem::Conversion),
    }
}

pub(super) fn text(value: &Value) -> Result<String, Problem> {
    match value {
        Value::Tree(_) => Err(Problem::Conversion),
        value => Ok(value.to_string()),
    }
}

/// `CAST`. Null and missing values stay what they are.
pub(super) fn cast(value: Value, kind: Kind) -> Result<Value, Problem> {
    if !value.is_known() {
        return Ok(value);
    }
    Ok(match kind {
        Kind::Int => Value::Int(int(&value)?),
        Kind::Float => Value::Float(number(&value)?.float()),
        Kind::Text => Value::Text(text(&value)?),
        Kind::Time => Value::Time(time(&value)?),
        Kind::Bool => Value::Bool(boolean(&value)?),
    })
}
