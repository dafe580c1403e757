//! The footer of a table: what columns there are, and where.

use bytes::Bytes;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use super::super::problem::Problem;
use super::failure::Failure;
use super::stored::Stored;
use super::thrift::{LIST, Reader, STRUCT};

/// The longest footer. Read, it takes some ten times the room.
const FOOTER_BYTES: usize = 8 * 1024 * 1024;
/// The most columns, and groups of columns beside them.
pub(super) const COLUMNS: usize = 10_000;
/// How deep columns may lie within each other: the library goes into them by recursion.
const DEPTH: usize = 64;
/// The most groups of rows: they are numbered in 16 bits.
const ROW_GROUPS: usize = 32_767;

const MARK: &[u8] = b"PAR1";
/// The length of the footer, and the mark.
const TAIL: usize = 8;

/// Reads the footer. Gives back how many bytes that took, too.
pub(super) fn read(stored: &dyn Stored) -> Result<(ParquetMetaData, u64), Failure> {
    let none = || Failure::table("The blob is not a Parquet file.");
    let tail_at = stored.len().checked_sub(TAIL as u64).ok_or_else(none)?;
    let tail = stored.read(tail_at, TAIL)?;
    let (len, mark) = tail.split_at_checked(4).ok_or_else(none)?;
    if mark == b"PARE" {
        return Err(Failure::table("The Parquet file is encrypted."));
    }
    let len = <[u8; 4]>::try_from(len).map(u32::from_le_bytes);
    let len = len.map_err(|_| none())?;
    if mark != MARK || tail_at < 4 || stored.read(0, 4)? != MARK {
        return Err(none());
    }
    let at = tail_at.checked_sub(len.into()).ok_or_else(Failure::broken)?;
    let bytes = usize::try_from(len).ok().filter(|len| *len <= FOOTER_BYTES);
    let bytes = bytes.ok_or_else(|| Failure::table("The Parquet file's footer is longer than 8 MiB."))?;
    let footer: Bytes = stored.read(at, bytes)?;
    check(&footer)?;
    let metadata = ParquetMetaDataReader::decode_metadata(&footer)?;
    Ok((metadata, u64::from(len).saturating_add(TAIL as u64)))
}

/// Whether the library can read the footer without reserving more than it has, or going deeper than the stack.
fn check(footer: &[u8]) -> Result<(), Failure> {
    let mut reader = Reader::new(footer);
    let mut last = 0;
    while let Some((id, kind)) = reader.field(&mut last).ok_or_else(Failure::broken)? {
        match (id, kind) {
            (2, LIST) => schema(&mut reader)?,
            (4, LIST) => row_groups(&mut reader)?,
            (_, kind) => reader.skip(kind).ok_or_else(Failure::broken)?,
        }
    }
    Ok(())
}

/// A tree, its branches counted before their leaves.
fn schema(reader: &mut Reader<'_>) -> Result<(), Failure> {
    let elements = structures(reader, COLUMNS.saturating_mul(2))?.ok_or(Problem::TooManyFields)?;
    let mut open: Vec<i64> = Vec::new();
    for element in 0..elements {
        let children = reader.numbers().ok_or_else(Failure::broken)?.get(5).unwrap_or(0);
        let left = i64::try_from(elements.saturating_sub(element)).unwrap_or(i64::MAX);
        if !(0..left).contains(&children) || open.len() > DEPTH {
            return Err(Failure::broken());
        }
        if let Some(parent) = open.last_mut() {
            *parent = parent.saturating_sub(1);
        }
        if children > 0 {
            open.push(children);
        }
        while open.pop_if(|children| *children == 0).is_some() {}
    }
    Ok(())
}

fn row_groups(reader: &mut Reader<'_>) -> Result<(), Failure> {
    let too_many = || Failure::table("The Parquet file has more than 32,767 row groups.");
    for _ in 0..structures(reader, ROW_GROUPS)?.ok_or_else(too_many)? {
        let mut last = 0;
        while let Some((id, kind)) = reader.field(&mut last).ok_or_else(Failure::broken)? {
            if (id, kind) == (1, LIST) {
                for _ in 0..structures(reader, COLUMNS)?.ok_or(Problem::TooManyFields)? {
                    reader.skip(STRUCT).ok_or_else(Failure::broken)?;
                }
            } else {
                reader.skip(kind).ok_or_else(Failure::broken)?;
            }
        }
    }
    Ok(())
}

/// How many structures a list has. None if there are too many.
fn structures(reader: &mut Reader<'_>, most: usize) -> Result<Option<usize>, Failure> {
    match reader.list() {
        Some((_, 0)) => Ok(Some(0)),
        Some((STRUCT, count)) => Ok((count <= most).then_some(count)),
        _ => Err(Failure::broken()),
    }
}
