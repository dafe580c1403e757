//! The values of one column, row after row.

use std::sync::Arc;
use std::vec;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::file::metadata::ColumnChunkMetaData;

use super::super::value::Value;
use super::failure::Failure;
use super::held::Held;
use super::meaning::Meaning;
use super::pages::{Pages, shares};
use super::stored::Stored;

/// How many values are taken out of a page at once. They lie in the page; only those that share bytes take room of their own, and come
/// one by one.
const BATCH: usize = 256;

/// Something that gives a value for each row.
pub(super) trait Cells: Send {
    /// The next row's value.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn next(&mut self) -> Result<Value, Failure>;
}

/// Opens a column of a group of rows.
///
/// # Errors
/// It is not where it is said to be, or packed in a way that is not read.
pub(super) fn open(
    chunk: &ColumnChunkMetaData,
    stored: Arc<dyn Stored>,
    held: Held,
) -> Result<Box<dyn Cells>, Failure> {
    let pages = Box::new(Pages::new(chunk, stored, held)?);
    let column = chunk.column_descr_ptr();
    let meaning = Meaning::of(&column);
    let can_be_null = column.max_def_level() > 0;
    let batch = if shares(chunk) { 1 } else { BATCH };
    Ok(match get_column_reader(column, pages) {
        ColumnReader::BoolColumnReader(reader) => {
            typed(reader, can_be_null, batch, |value| Value::Bool(*value))
        }
        ColumnReader::Int32ColumnReader(reader) => {
            typed(reader, can_be_null, batch, move |value| meaning.int32(*value))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            typed(reader, can_be_null, batch, move |value| meaning.int64(*value))
        }
        ColumnReader::Int96ColumnReader(reader) => typed(reader, can_be_null, batch, |value| {
            let [low, high, day] = value.data() else {
                return Value::Null;
            };
            Meaning::int96(u64::from(*high) << 32 | u64::from(*low), *day)
        }),
        ColumnReader::FloatColumnReader(reader) => typed(reader, can_be_null, batch, |value| {
            Value::Float(f64::from(*value))
        }),
        ColumnReader::DoubleColumnReader(reader) => {
            typed(reader, can_be_null, batch, |value| Value::Float(*value))
        }
        ColumnReader::ByteArrayColumnReader(reader) => typed(reader, can_be_null, batch, move |value| {
            meaning.bytes(value.data())
        }),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            typed(reader, can_be_null, batch, move |value| {
                meaning.bytes(value.data())
            })
        }
    })
}

fn typed<T: DataType>(
    reader: ColumnReaderImpl<T>,
    can_be_null: bool,
    batch: usize,
    show: impl Fn(&T::T) -> Value + Send + 'static,
) -> Box<dyn Cells> {
    Box::new(Typed {
        reader,
        batch,
        can_be_null,
        rows: 0,
        levels: Vec::new().into_iter(),
        values: Vec::new().into_iter(),
        show,
    })
}

struct Typed<T: DataType, S> {
    reader: ColumnReaderImpl<T>,
    batch: usize,
    can_be_null: bool,
    /// How many rows are here.
    rows: usize,
    /// For each of them whether it has a value, if not all have one.
    levels: vec::IntoIter<i16>,
    values: vec::IntoIter<T::T>,
    show: S,
}

impl<T: DataType, S: Fn(&T::T) -> Value + Send> Cells for Typed<T, S> {
    fn next(&mut self) -> Result<Value, Failure> {
        if self.rows == 0 {
            self.fill()?;
        }
        self.rows = self.rows.checked_sub(1).ok_or_else(Failure::broken)?;
        if self.can_be_null && self.levels.next().ok_or_else(Failure::broken)? == 0 {
            return Ok(Value::Null);
        }
        let value = self.values.next().ok_or_else(Failure::broken)?;
        Ok((self.show)(&value))
    }
}

impl<T: DataType, S> Typed<T, S> {
    fn fill(&mut self) -> Result<(), Failure> {
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        // What was read may still hold on to the page before.
        self.values = Vec::new().into_iter();
        let levels_wanted = self.can_be_null.then_some(&mut levels);
        let (rows, _, _) = self
            .reader
            .read_records(self.batch, levels_wanted, None, &mut values)?;
        self.rows = rows;
        self.levels = levels.into_iter();
        self.values = values.into_iter();
        Ok(())
    }
}
