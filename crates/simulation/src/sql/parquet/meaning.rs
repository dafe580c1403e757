//! What the values of a column stand for: a number may be a day, some bytes a text.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::schema::types::ColumnDescriptor;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::super::value::Value;

/// How values are to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// As numbers, truths and texts.
    Plain,
    Unsigned,
    /// Days since 1970.
    Date,
    /// So many of these make a second of the day.
    Clock(u32),
    /// So many of these make a second since 1970.
    Time(u32),
    /// The digits behind the point.
    Decimal(u32),
    Half,
    Uuid,
}

const MILLIS: u32 = 1_000;
const MICROS: u32 = 1_000_000;
const NANOS: u32 = 1_000_000_000;
const DAY: i64 = 86_400;

/// 1970 in days of the calendar that 96-bit times count in.
const EPOCH_JULIAN: i64 = 2_440_588;

impl Meaning {
    pub(super) fn of(column: &ColumnDescriptor) -> Self {
        let scale = || u32::try_from(column.type_scale()).unwrap_or(0);
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => Self::Decimal(scale()),
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Self::Date,
            (Some(LogicalType::Time(time)), _) => Self::Clock(a_second(time.unit)),
            (Some(LogicalType::Timestamp(time)), _) => Self::Time(a_second(time.unit)),
            (Some(LogicalType::Integer(int)), _) if !int.is_signed => Self::Unsigned,
            (Some(LogicalType::Float16), _) => Self::Half,
            (Some(LogicalType::Uuid), _) => Self::Uuid,
            (None, ConvertedType::TIME_MILLIS) => Self::Clock(MILLIS),
            (None, ConvertedType::TIME_MICROS) => Self::Clock(MICROS),
            (None, ConvertedType::TIMESTAMP_MILLIS) => Self::Time(MILLIS),
            (None, ConvertedType::TIMESTAMP_MICROS) => Self::Time(MICROS),
            (
                None,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
            ) => Self::Unsigned,
            _ => Self::Plain,
        }
    }

    pub(super) fn int32(self, value: i32) -> Value {
        match self {
            Self::Unsigned => Value::Int(value.cast_unsigned().into()),
            _ => self.int64(value.into()),
        }
    }

    /// What is no time that the language has, such as one beyond the year 9999, stays a number.
    pub(super) fn int64(self, value: i64) -> Value {
        let shown = match self {
            Self::Unsigned => {
                let value = value.cast_unsigned();
                Some(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
            }
            Self::Date => value.checked_mul(DAY).and_then(|second| time(second, 0)),
            Self::Time(parts) => {
                let (second, nanosecond) = split(value, parts);
                time(second, nanosecond)
            }
            Self::Clock(parts) => clock(value, parts),
            Self::Decimal(scale) => decimal(value.into(), scale),
            _ => None,
        };
        shown.unwrap_or(Value::Int(value))
    }

    /// A day, and the nanoseconds that went by since it began.
    pub(super) fn int96(nanoseconds: u64, day: u32) -> Value {
        let second = i64::from(day).saturating_sub(EPOCH_JULIAN).saturating_mul(DAY);
        let nanoseconds = i64::try_from(nanoseconds).unwrap_or(i64::MAX);
        let (later, nanosecond) = split(nanoseconds, NANOS);
        let second = second.saturating_add(later);
        time(second, nanosecond).unwrap_or(Value::Int(second))
    }

    /// Bytes are a text, whatever they are: what is no UTF-8 is marked.
    pub(super) fn bytes(self, bytes: &[u8]) -> Value {
        let shown = match self {
            Self::Decimal(scale) => wide(bytes).and_then(|digits| decimal(digits, scale)),
            Self::Half => bytes.first_chunk().map(|bytes| half(u16::from_le_bytes(*bytes))),
            Self::Uuid => Uuid::from_slice(bytes).ok().map(|id| Value::Text(id.to_string())),
            _ => None,
        };
        shown.unwrap_or_else(|| Value::Text(String::from_utf8_lossy(bytes).into_owned()))
    }
}

fn a_second(unit: TimeUnit) -> u32 {
    match unit {
        TimeUnit::MILLIS => MILLIS,
        TimeUnit::MICROS => MICROS,
        TimeUnit::NANOS => NANOS,
    }
}

/// Seconds, and the nanoseconds behind them.
fn split(value: i64, parts: u32) -> (i64, i64) {
    let parts = i64::from(parts);
    let nanoseconds = i64::from(NANOS).checked_div(parts).unwrap_or(0);
    let (seconds, rest) = (value.div_euclid(parts), value.rem_euclid(parts));
    (seconds, rest.saturating_mul(nanoseconds))
}

fn time(second: i64, nanosecond: i64) -> Option<Value> {
    let time = OffsetDateTime::from_unix_timestamp(second).ok()?;
    let time = time.checked_add(Duration::nanoseconds(nanosecond))?;
    Some(Value::Time(time))
}

/// A time of day, as text: the language has no other type for it.
fn clock(value: i64, parts: u32) -> Option<Value> {
    let (second, nanosecond) = split(value, parts);
    let time = time::Time::MIDNIGHT;
    let of_day = (0..DAY).contains(&second).then_some(second)?;
    let time = time + Duration::new(of_day, i32::try_from(nanosecond).ok()?);
    let (hour, minute, second, nanosecond) = time.as_hms_nano();
    let fraction = match format!("{nanosecond:09}").trim_end_matches('0') {
        "" => String::new(),
        digits => format!(".{digits}"),
    };
    Some(Value::Text(format!(
        "{hour:02}:{minute:02}:{second:02}{fraction}"
    )))
}

/// A whole number if it is one that fits, else the nearest that the language has.
fn decimal(digits: i128, scale: u32) -> Option<Value> {
    match i64::try_from(digits) {
        Ok(whole) if scale == 0 => Some(Value::Int(whole)),
        _ => format!("{digits}e-{scale}").parse().ok().map(Value::Float),
    }
}

/// A number of up to 16 bytes, the greatest first.
fn wide(bytes: &[u8]) -> Option<i128> {
    let sign = bytes.first()?.cast_signed() >> 7;
    let mut wide = [sign.cast_unsigned(); 16];
    let start = wide.len().checked_sub(bytes.len())?;
    wide.get_mut(start..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(wide))
}

/// A number of 16 bits: a sign, five bits of exponent, ten of fraction.
fn half(bits: u16) -> Value {
    let fraction = f64::from(bits & 0x03ff);
    let magnitude = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + fraction) * 2_f64.powi(exponent.saturating_sub(25)),
    };
    Value::Float(if bits & 0x8000 == 0 { magnitude } else { -magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Value) -> String {
        value.to_string()
    }

    #[test]
    fn numbers_have_meanings() {
        let cases = [
            (Meaning::Plain, -1, "-1"),
            (Meaning::Unsigned, -1, "18446744073709552000"),
            (Meaning::Date, 19_782, "2024-02-29T00:00:00Z"),
            (Meaning::Date, i64::MAX, "9223372036854775807"),
            (Meaning::Time(MILLIS), -1, "1969-12-31T23:59:59.999Z"),
            (Meaning::Time(MICROS), 1_500_000, "1970-01-01T00:00:01.5Z"),
            (Meaning::Time(NANOS), 1, "1970-01-01T00:00:00.000000001Z"),
            (Meaning::Time(MILLIS), i64::MAX, "9223372036854775807"),
            (Meaning::Clock(MILLIS), 45_296_789, "12:34:56.789"),
            (Meaning::Clock(NANOS), 0, "00:00:00"),
            (Meaning::Clock(MILLIS), -1, "-1"),
            (Meaning::Decimal(2), -12_345, "-123.45"),
            (Meaning::Decimal(0), 7, "7"),
        ];
        for (meaning, value, expected) in cases {
            assert_eq!(shown(&meaning.int64(value)), expected, "{meaning:?} {value}");
        }
        assert_eq!(shown(&Meaning::Unsigned.int32(-1)), "4294967295");
        assert_eq!(shown(&Meaning::Date.int32(-1)), "1969-12-31T00:00:00Z");
        assert_eq!(
            shown(&Meaning::int96(1_000_000_000, 2_440_589)),
            "1970-01-02T00:00:01Z"
        );
        assert_eq!(
            shown(&Meaning::int96(0, u32::MAX)),
            "370874307484800",
            "a day that no calendar has"
        );
    }

    #[test]
    fn bytes_have_meanings() {
        let cases: [(Meaning, &[u8], &str); 9] = [
            (Meaning::Plain, b"text", "text"),
            (Meaning::Plain, b"\xff", "\u{fffd}"),
            (Meaning::Decimal(2), &[0xff, 0x85], "-1.23"),
            (Meaning::Decimal(0), &[1; 9], "18519084246547630000"),
            (Meaning::Uuid, &[0; 16], "00000000-0000-0000-0000-000000000000"),
            (Meaning::Half, &[0x00, 0x3e], "1.5"),
            (Meaning::Half, &[0x01, 0x80], "-0.00000005960464477539063"),
            (Meaning::Half, &[0x00, 0xfc], "-inf"),
            (Meaning::Half, &[0x01, 0x7c], "NaN"),
        ];
        for (meaning, bytes, expected) in cases {
            assert_eq!(shown(&meaning.bytes(bytes)), expected, "{meaning:?} {bytes:?}");
        }
        assert_eq!(
            shown(&Meaning::Decimal(0).bytes(&[1; 17])),
            "\u{1}".repeat(17),
            "longer than any decimal"
        );
    }
}
