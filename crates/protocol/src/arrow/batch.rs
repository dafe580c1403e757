//! A batch of rows: which bytes of its body are which column.
//!
//! A head lists nodes, one for each column and each part of one, and buffers: first a bit for each row that says whether there is a value, then what
//! the type needs. So every type has to be known by its number of buffers, even if its values are not read.

use arrow_ipc::RecordBatch;
use arrow_schema::{DataType, Schema, TimeUnit};

use super::column::{Column, Numbers, Texts, Valid};
use super::unreadable;
use crate::Error;

/// Some rows of a table, and the columns whose types are read.
pub(super) struct Batch<'a> {
    pub(super) rows: usize,
    pub(super) columns: Vec<(&'a str, Column<'a>)>,
}

impl<'a> Batch<'a> {
    /// Finds the columns.
    pub(super) fn read(schema: &'a Schema, batch: &RecordBatch<'_>, body: &'a [u8]) -> Result<Self, Error> {
        if batch.compression().is_some() {
            return Err(unreadable("it is compressed, which nobody asked for"));
        }
        let rows = usize::try_from(batch.length()).map_err(|_| unreadable("a batch has no length"))?;
        let buffers = batch.buffers().into_iter().flatten();
        let mut parts = Parts {
            buffers: buffers.map(|buffer| (buffer.offset(), buffer.length())),
            body,
            passed: 0,
        };
        let mut columns = Vec::new();
        for field in schema.fields() {
            if let Some(column) = parts.column(field.data_type())? {
                column.check(rows)?;
                columns.push((field.name().as_str(), column));
            }
        }
        Ok(Self { rows, columns })
    }
}

/// What is left of a batch's buffers: where each starts in the body, and how long it is.
struct Parts<'a, I> {
    buffers: I,
    body: &'a [u8],
    // Where the last one ended. Each byte belongs to one buffer: a body that all columns share would be as many bodies.
    passed: usize,
}

impl<'a, I: Iterator<Item = (i64, i64)>> Parts<'a, I> {
    fn next(&mut self) -> Result<&'a [u8], Error> {
        let slice = self.buffers.next().and_then(|(offset, length)| {
            let (offset, length) = (usize::try_from(offset).ok()?, usize::try_from(length).ok()?);
            self.body
                .get(offset..)?
                .get(..length)
                .map(|slice| (offset, slice))
        });
        let (offset, slice) = slice.ok_or_else(|| unreadable("a batch tells of more than it has"))?;
        if !slice.is_empty() {
            if offset < self.passed {
                return Err(unreadable("two columns of a batch have the same bytes"));
            }
            self.passed = offset.saturating_add(slice.len());
        }
        Ok(slice)
    }

    fn valid(&mut self) -> Result<Valid<'a>, Error> {
        self.next().map(Valid)
    }

    fn numbers(&mut self, width: usize, signed: bool) -> Result<Numbers<'a>, Error> {
        let bytes = self.next()?;
        Ok(Numbers { bytes, width, signed })
    }

    fn texts(&mut self, width: usize) -> Result<Texts<'a>, Error> {
        Ok(Texts {
            valid: self.valid()?,
            ends: self.numbers(width, true)?,
            bytes: self.next()?,
        })
    }

    /// Takes the buffers of a column; `None` when its type is not one whose values are read.
    fn column(&mut self, data_type: &DataType) -> Result<Option<Column<'a>>, Error> {
        Ok(Some(match data_type {
            DataType::Utf8 => Column::Text(self.texts(4)?),
            DataType::LargeUtf8 => Column::Text(self.texts(8)?),
            DataType::Boolean => Column::Flags {
                valid: self.valid()?,
                bits: self.next()?,
            },
            DataType::Timestamp(unit, _) => Column::Times {
                valid: self.valid()?,
                values: self.numbers(8, true)?,
                unit: match unit {
                    TimeUnit::Second => 1_000_000_000,
                    TimeUnit::Millisecond => 1_000_000,
                    TimeUnit::Microsecond => 1_000,
                    TimeUnit::Nanosecond => 1,
                },
            },
            DataType::Map(entries, _) if is_pair_of_texts(entries.data_type()) => {
                let (valid, ends) = (self.valid()?, self.numbers(4, true)?);
                // A pair itself is always there.
                self.next()?;
                Column::Pairs {
                    valid,
                    ends,
                    keys: self.texts(4)?,
                    values: self.texts(4)?,
                }
            }
            integer if integer.is_integer() => Column::Numbers {
                valid: self.valid()?,
                values: self.numbers(
                    integer.primitive_width().unwrap_or(8),
                    integer.is_signed_integer(),
                )?,
            },
            other => {
                self.pass(other)?;
                return Ok(None);
            }
        }))
    }

    /// Passes over the buffers of a column whose values are not read.
    fn pass(&mut self, data_type: &DataType) -> Result<(), Error> {
        let own = match data_type {
            DataType::Null => 0,
            DataType::Struct(_) | DataType::FixedSizeList(..) => 1,
            DataType::List(_) | DataType::LargeList(_) | DataType::Map(..) => 2,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary => 3,
            DataType::Boolean | DataType::FixedSizeBinary(_) | DataType::Dictionary(..) => 2,
            other if other.is_primitive() => 2,
            other => return Err(unreadable(format!("it has a column of type {other}"))),
        };
        for _ in 0..own {
            self.next()?;
        }
        match data_type {
            DataType::Struct(fields) => fields.iter().try_for_each(|field| self.pass(field.data_type())),
            DataType::List(field)
            | DataType::LargeList(field)
            | DataType::FixedSizeList(field, _)
            | DataType::Map(field, _) => self.pass(field.data_type()),
            _ => Ok(()),
        }
    }
}

fn is_pair_of_texts(entries: &DataType) -> bool {
    match entries {
        DataType::Struct(pair) => {
            pair.len() == 2 && pair.iter().all(|field| *field.data_type() == DataType::Utf8)
        }
        _ => false,
    }
}
