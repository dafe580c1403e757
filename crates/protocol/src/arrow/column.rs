//! A column of a table, cell by cell, read from the bytes as they came.

use time::OffsetDateTime;

use super::unreadable;
use crate::Error;
use crate::xml::Cell;

/// The values of a column, by their type.
pub(super) enum Column<'a> {
    Text(Texts<'a>),
    Flags {
        valid: Valid<'a>,
        bits: &'a [u8],
    },
    Numbers {
        valid: Valid<'a>,
        values: Numbers<'a>,
    },
    /// Times since 1970, in units of so many nanoseconds.
    Times {
        valid: Valid<'a>,
        values: Numbers<'a>,
        unit: i128,
    },
    Pairs {
        valid: Valid<'a>,
        ends: Numbers<'a>,
        keys: Texts<'a>,
        values: Texts<'a>,
    },
}

/// Which rows have a value: a bit for each, or nothing where all have.
#[derive(Clone, Copy)]
pub(super) struct Valid<'a>(pub(super) &'a [u8]);

/// Integers, one behind the other, little end first.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a> {
    pub(super) bytes: &'a [u8],
    /// The size of one, in bytes: at most eight.
    pub(super) width: usize,
    pub(super) signed: bool,
}

/// Texts, one behind the other, and where each ends.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) valid: Valid<'a>,
    pub(super) ends: Numbers<'a>,
    pub(super) bytes: &'a [u8],
}

impl<'a> Column<'a> {
    /// Whether its ends ascend, in rows that have no value too, and it says of every row whether it has one: then all of its rows together have
    /// no more than the column.
    pub(super) fn check(&self, rows: usize) -> Result<(), Error> {
        match self {
            Self::Text(texts) => texts.check(rows),
            Self::Flags { valid, .. } | Self::Numbers { valid, .. } | Self::Times { valid, .. } => {
                valid.check(rows)
            }
            Self::Pairs {
                valid,
                ends,
                keys,
                values,
            } => {
                valid.check(rows)?;
                let pairs = ends.last_of_ascending(rows)?;
                keys.check(pairs)?;
                values.check(pairs)
            }
        }
    }

    /// What stands in a row, unless it is nothing. A number or a time that has no type of its own here is text that cannot be read.
    pub(super) fn cell(&self, row: usize) -> Result<Option<Cell<'a>>, Error> {
        const OUT_OF_RANGE: Cell<'_> = Cell::Text("out of range");
        Ok(match self {
            Self::Text(texts) => texts.get(row)?.map(Cell::Text),
            Self::Flags { valid, bits } => match valid.at(row) {
                true => Some(Cell::Flag(bit(bits, row).ok_or_else(short)?)),
                false => None,
            },
            Self::Numbers { valid, values } => match valid.at(row) {
                true => Some(u64::try_from(values.get(row)?).map_or(OUT_OF_RANGE, Cell::Number)),
                false => None,
            },
            Self::Times { valid, values, unit } => match valid.at(row) {
                true => {
                    let time =
                        OffsetDateTime::from_unix_timestamp_nanos(values.get(row)?.saturating_mul(*unit));
                    Some(time.map_or(OUT_OF_RANGE, Cell::Time))
                }
                false => None,
            },
            Self::Pairs { .. } => None,
        })
    }

    /// The pairs that stand in a row of a column of maps.
    pub(super) fn pairs(&self, row: usize) -> Option<Result<Vec<(&'a str, &'a str)>, Error>> {
        let Self::Pairs {
            valid,
            ends,
            keys,
            values,
        } = self
        else {
            return None;
        };
        if !valid.at(row) {
            return Some(Ok(Vec::new()));
        }
        let pairs = || {
            let mut pairs = Vec::new();
            for at in range(ends, row)? {
                let key = keys.get(at)?.ok_or_else(|| unreadable("a pair has no key"))?;
                pairs.push((key, values.get(at)?.unwrap_or_default()));
            }
            Ok(pairs)
        };
        Some(pairs())
    }
}

impl Valid<'_> {
    fn check(self, rows: usize) -> Result<(), Error> {
        match self.0.is_empty() || self.0.len() >= rows.div_ceil(8) {
            true => Ok(()),
            false => Err(short()),
        }
    }

    fn at(self, row: usize) -> bool {
        self.0.is_empty() || bit(self.0, row).unwrap_or(false)
    }
}

impl Numbers<'_> {
    /// The last end of so many rows. Before the first of them there is one more, where it starts.
    fn last_of_ascending(&self, rows: usize) -> Result<usize, Error> {
        let mut last = 0;
        if rows == 0 {
            return Ok(last);
        }
        for at in 0..=rows {
            let end = usize::try_from(self.get(at)?).map_err(|_| short())?;
            if end < last {
                return Err(unreadable("what is in a row of a column ends before it starts"));
            }
            last = end;
        }
        Ok(last)
    }

    fn get(&self, at: usize) -> Result<i128, Error> {
        let start = at.checked_mul(self.width).ok_or_else(short)?;
        let bytes = self.bytes.get(start..).and_then(|from| from.get(..self.width));
        let bytes = bytes.ok_or_else(short)?;
        let negative = self.signed && bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let mut number = [if negative { 0xFF } else { 0 }; 16];
        for (place, byte) in number.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Ok(i128::from_le_bytes(number))
    }
}

impl<'a> Texts<'a> {
    fn check(&self, rows: usize) -> Result<(), Error> {
        self.valid.check(rows)?;
        match self.ends.last_of_ascending(rows)? <= self.bytes.len() {
            true => Ok(()),
            false => Err(short()),
        }
    }

    fn get(&self, row: usize) -> Result<Option<&'a str>, Error> {
        if !self.valid.at(row) {
            return Ok(None);
        }
        let text = self.bytes.get(range(&self.ends, row)?).ok_or_else(short)?;
        let text = std::str::from_utf8(text);
        text.map(Some)
            .map_err(|source| unreadable("a text is not UTF-8").with_source(source))
    }
}

/// Where the things of a row start and end.
fn range(ends: &Numbers<'_>, row: usize) -> Result<std::ops::Range<usize>, Error> {
    let end = |at| usize::try_from(ends.get(at)?).map_err(|_| short());
    Ok(end(row)?..end(row.checked_add(1).ok_or_else(short)?)?)
}

fn bit(bits: &[u8], at: usize) -> Option<bool> {
    bits.get(at / 8).map(|byte| byte >> (at % 8) & 1 == 1)
}

fn short() -> Error {
    unreadable("a column is shorter than it should be")
}
