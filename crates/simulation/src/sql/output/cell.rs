//! Values of rows in the form that the columns of Arrow have them in.

use super::super::convert::{self, Number};
use super::super::problem::Problem;
use super::super::request::ArrowType;
use super::super::timestamp;
use super::super::value::Value;
use crate::arrow::{Cell, Kind};

/// The type of a column of this kind.
pub(super) fn kind(of: ArrowType) -> Kind {
    match of {
        ArrowType::Int64 => Kind::Int64,
        ArrowType::Bool => Kind::Bool,
        ArrowType::TimestampMs => Kind::Milliseconds,
        ArrowType::String => Kind::Text,
        ArrowType::Double => Kind::Double,
        ArrowType::Decimal { precision, scale } => Kind::Decimal { precision, scale },
    }
}

/// # Errors
/// The value is none of this kind, or too large for it.
pub(super) fn cell(of: ArrowType, value: &Value) -> Result<Cell<'static>, Problem> {
    if !value.is_known() {
        return Ok(Cell::Null);
    }
    Ok(match of {
        ArrowType::Int64 => Cell::Long(convert::int(value)?.to_le_bytes()),
        ArrowType::Bool => Cell::Bool(convert::boolean(value)?),
        ArrowType::TimestampMs => {
            let milliseconds = timestamp::milliseconds(convert::time(value)?).ok_or(Problem::Overflow)?;
            Cell::Long(milliseconds.to_le_bytes())
        }
        ArrowType::String => Cell::Text(convert::text(value).unwrap_or_else(|_| value.to_string()).into()),
        ArrowType::Double => Cell::Long(convert::number(value)?.float().to_le_bytes()),
        ArrowType::Decimal { precision, .. } => Cell::Wide(decimal(value, precision)?.to_le_bytes()),
    })
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
