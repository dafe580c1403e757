//! The columns of the rows that are held, in the form that Arrow has them in.

use super::super::convert::{self, Number};
use super::super::problem::Problem;
use super::super::request::ArrowType;
use super::super::timestamp;
use super::super::value::Value;
use super::flatbuffer::pad;

/// A value in the form of its column.
#[derive(Debug)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    /// Eight or sixteen bytes, little-endian.
    Fixed(Vec<u8>),
    Text(String),
}

impl Cell {
    pub(super) fn new(kind: ArrowType, value: &Value) -> Result<Self, Problem> {
        if !value.is_known() {
            return Ok(Self::Null);
        }
        Ok(match kind {
            ArrowType::Int64 => Self::Fixed(convert::int(value)?.to_le_bytes().into()),
            ArrowType::Bool => Self::Bool(convert::boolean(value)?),
            ArrowType::TimestampMs => {
                let milliseconds = timestamp::milliseconds(convert::time(value)?).ok_or(Problem::Overflow)?;
                Self::Fixed(milliseconds.to_le_bytes().into())
            }
            ArrowType::String => Self::Text(convert::text(value).unwrap_or_else(|_| value.to_string())),
            ArrowType::Double => Self::Fixed(convert::number(value)?.float().to_le_bytes().into()),
            ArrowType::Decimal { precision, .. } => {
                Self::Fixed(decimal(value, precision)?.to_le_bytes().into())
            }
        })
    }
}

/// The digits of a number as a whole. The service does not move the point to where the column's scale has it: `400` in a
/// `decimal(4, 2)` is sent as 400, which a reader takes for 4.00.
fn decimal(value: &Value, precision: u8) -> Result<i128, Problem> {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        value => match convert::number(value)? {
            Number::Int(whole) => whole.to_string(),
            Number::Float(float) => float.to_string(),
        },
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    if !is_digits(unsigned) || !is_digits(fraction) {
        return Err(Problem::Conversion);
    }
    let digits: i128 = format!("{whole}{fraction}")
        .parse()
        .map_err(|_| Problem::Conversion)?;
    let limit = 10_i128.checked_pow(u32::from(precision)).unwrap_or(i128::MAX);
    if digits.unsigned_abs() >= limit.unsigned_abs() {
        return Err(Problem::Overflow);
    }
    Ok(digits)
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) kind: ArrowType,
    rows: usize,
    pub(super) nulls: i64,
    /// A bit a row: whether it has a value.
    valid: Vec<u8>,
    /// The ends of texts.
    ends: Vec<u8>,
    values: Vec<u8>,
}

impl Column {
    pub(super) fn new(kind: ArrowType) -> Self {
        Self {
            kind,
            rows: 0,
            nulls: 0,
            valid: Vec::new(),
            ends: vec![0; 4],
            values: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, cell: &Cell) {
        bit(&mut self.valid, self.rows, !matches!(cell, Cell::Null));
        match (self.kind, cell) {
            (ArrowType::Bool, cell) => bit(&mut self.values, self.rows, matches!(cell, Cell::Bool(true))),
            (_, Cell::Fixed(bytes)) => self.values.extend_from_slice(bytes),
            (_, Cell::Text(text)) => self.values.extend_from_slice(text.as_bytes()),
            (ArrowType::String, _) => {}
            (ArrowType::Decimal { .. }, _) => self.values.extend_from_slice(&[0; 16]),
            _ => self.values.extend_from_slice(&[0; 8]),
        }
        let end = i32::try_from(self.values.len()).unwrap_or(i32::MAX);
        if self.kind == ArrowType::String {
            self.ends.extend_from_slice(&end.to_le_bytes());
        }
        if matches!(cell, Cell::Null) {
            self.nulls = self.nulls.saturating_add(1);
        }
        self.rows = self.rows.saturating_add(1);
    }

    pub(super) fn bytes(&self) -> usize {
        self.values.len().saturating_add(self.ends.len())
    }

    /// Puts the column's buffers into the body of a message, each at a multiple of eight, and where they are into the list.
    pub(super) fn write(&self, body: &mut Vec<u8>, buffers: &mut Vec<(i64, i64)>) {
        let mut buffer = |bytes: &[u8]| {
            buffers.push((signed(body.len()), signed(bytes.len())));
            body.extend_from_slice(bytes);
            pad(body, 8);
        };
        buffer(if self.nulls == 0 { &[] } else { &self.valid });
        if self.kind == ArrowType::String {
            buffer(&self.ends);
        }
        buffer(&self.values);
    }
}

pub(super) fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Appends a bit, the least of a byte first.
fn bit(bytes: &mut Vec<u8>, at: usize, value: bool) {
    let place = at % 8;
    if place == 0 {
        bytes.push(0);
    }
    if let Some(last) = bytes.last_mut() {
        *last |= u8::from(value) << place;
    }
}
