//! A column of a table, cell by cell.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BooleanArray, LargeStringArray, MapArray, PrimitiveArray, StringArray};
use arrow_schema::{DataType, TimeUnit};
use time::OffsetDateTime;

use crate::xml::Cell;

/// The values of a column, by their type.
pub(super) enum Column<'a> {
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    Flags(&'a BooleanArray),
    Numbers(&'a ArrayRef, fn(&ArrayRef, usize) -> Option<u64>),
    Times(&'a ArrayRef, fn(&ArrayRef, usize) -> Option<OffsetDateTime>),
    Pairs(&'a MapArray),
}

/// Whether columns of a type can be read.
pub(super) fn is_readable(data_type: &DataType) -> bool {
    let is_text = |inner: &DataType| matches!(inner, DataType::Utf8);
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Boolean | DataType::Timestamp(..) => true,
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(pair) => pair.len() == 2 && pair.iter().all(|field| is_text(field.data_type())),
            _ => false,
        },
        other => other.is_integer(),
    }
}

impl<'a> Column<'a> {
    /// `None` for a type that cannot be read.
    pub(super) fn of(values: &'a ArrayRef) -> Option<Self> {
        Some(match values.data_type() {
            DataType::Utf8 => Self::Text(values.as_string_opt()?),
            DataType::LargeUtf8 => Self::LargeText(values.as_string_opt()?),
            DataType::Boolean => Self::Flags(values.as_boolean_opt()?),
            DataType::Map(..) => Self::Pairs(values.as_map_opt()?),
            DataType::Int8 => Self::Numbers(values, number::<Int8Type>),
            DataType::Int16 => Self::Numbers(values, number::<Int16Type>),
            DataType::Int32 => Self::Numbers(values, number::<Int32Type>),
            DataType::Int64 => Self::Numbers(values, number::<Int64Type>),
            DataType::UInt8 => Self::Numbers(values, number::<UInt8Type>),
            DataType::UInt16 => Self::Numbers(values, number::<UInt16Type>),
            DataType::UInt32 => Self::Numbers(values, number::<UInt32Type>),
            DataType::UInt64 => Self::Numbers(values, number::<UInt64Type>),
            DataType::Timestamp(TimeUnit::Second, _) => Self::Times(values, |values, row| {
                time::<TimestampSecondType>(values, row, 1_000_000_000)
            }),
            DataType::Timestamp(TimeUnit::Millisecond, _) => Self::Times(values, |values, row| {
                time::<TimestampMillisecondType>(values, row, 1_000_000)
            }),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Self::Times(values, |values, row| {
                time::<TimestampMicrosecondType>(values, row, 1_000)
            }),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => Self::Times(values, |values, row| {
                time::<TimestampNanosecondType>(values, row, 1)
            }),
            _ => return None,
        })
    }

    /// What stands in a row, unless it is nothing. A number or a time that Rust cannot hold is text that cannot be read.
    pub(super) fn cell(&self, row: usize) -> Option<Cell<'a>> {
        const OUT_OF_RANGE: Cell<'_> = Cell::Text("out of range");
        match self {
            Self::Text(values) => values.is_valid(row).then(|| Cell::Text(values.value(row))),
            Self::LargeText(values) => values.is_valid(row).then(|| Cell::Text(values.value(row))),
            Self::Flags(values) => values.is_valid(row).then(|| Cell::Flag(values.value(row))),
            Self::Numbers(values, read) => values
                .is_valid(row)
                .then(|| read(values, row).map_or(OUT_OF_RANGE, Cell::Number)),
            Self::Times(values, read) => values
                .is_valid(row)
                .then(|| read(values, row).map_or(OUT_OF_RANGE, Cell::Time)),
            Self::Pairs(_) => None,
        }
    }

    /// The pairs that stand in a row of a column of maps.
    pub(super) fn pairs(&self, row: usize) -> Option<impl Iterator<Item = (&'a str, &'a str)> + use<'a>> {
        let Self::Pairs(maps) = self else {
            return None;
        };
        let maps: &'a MapArray = maps;
        let keys: &'a StringArray = maps.keys().as_string_opt()?;
        let values: &'a StringArray = maps.values().as_string_opt()?;
        let offsets = maps.value_offsets();
        let end = |at: usize| offsets.get(at).and_then(|end| usize::try_from(*end).ok());
        let range = match maps.is_valid(row) {
            true => end(row)?..end(row + 1)?.min(keys.len()).min(values.len()),
            false => 0..0,
        };
        let text = |texts: &'a StringArray, at| if texts.is_valid(at) { texts.value(at) } else { "" };
        Some(range.map(move |at| (text(keys, at), text(values, at))))
    }
}

fn number<T: ArrowPrimitiveType<Native: TryInto<u64>>>(values: &ArrayRef, row: usize) -> Option<u64> {
    let values: &PrimitiveArray<T> = values.as_primitive_opt()?;
    values.value(row).try_into().ok()
}

fn time<T: ArrowPrimitiveType<Native = i64>>(
    values: &ArrayRef,
    row: usize,
    nanoseconds: i128,
) -> Option<OffsetDateTime> {
    let values: &PrimitiveArray<T> = values.as_primitive_opt()?;
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(values.value(row)) * nanoseconds).ok()
}
