//! A table that is read row after row.

use std::sync::Arc;

use parquet::file::metadata::ParquetMetaData;

use super::super::column::Header;
use super::super::input::RECORD_BYTES;
use super::super::problem::Problem;
use super::super::query::Query;
use super::super::value::Value;
use super::cells::{self, Cells};
use super::failure::Failure;
use super::footer::{self, COLUMNS};
use super::held::Held;
use super::stored::Stored;
use super::wanted;

/// An open table.
pub(super) struct Table {
    stored: Arc<dyn Stored>,
    metadata: ParquetMetaData,
    header: Header,
    /// The columns that are read: where they are in a row, and where in the file.
    columns: Vec<(usize, usize)>,
    held: Held,
    /// How many groups of rows were begun.
    groups: usize,
    rows_left: u64,
    cells: Vec<(usize, Box<dyn Cells>)>,
    row: Vec<Value>,
    scanned: u64,
}

impl Table {
    /// Opens a table for a query.
    ///
    /// # Errors
    /// It is none, or the query speaks of a column that is not read.
    pub(super) fn open(stored: Arc<dyn Stored>, query: &Query) -> Result<Self, Failure> {
        let (metadata, scanned) = footer::read(&*stored)?;
        let header = header(&metadata)?;
        let leaves = leaves(&metadata, &header);
        let mut columns = Vec::new();
        for place in wanted::columns(query, &header) {
            let leaf = leaves.get(place).copied().flatten();
            let leaf = leaf.ok_or_else(|| {
                let name = header.names().get(place).map_or("", String::as_str);
                Failure::table(format!(
                    "The column '{name}' is made of columns or repeated, which is not read."
                ))
            })?;
            columns.push((place, leaf));
        }
        Ok(Self {
            row: vec![Value::Missing; header.names().len()],
            held: Held::default(),
            groups: 0,
            rows_left: 0,
            cells: Vec::new(),
            stored,
            metadata,
            header,
            columns,
            scanned,
        })
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The row that was read last. A column that the query does not speak of is missing.
    pub(super) fn row(&self) -> &[Value] {
        &self.row
    }

    /// How many bytes of the file were gone through since the last time.
    pub(super) fn scanned(&mut self) -> u64 {
        std::mem::take(&mut self.scanned)
    }

    /// Reads the next row, if there is one.
    pub(super) fn next_row(&mut self) -> Result<bool, Failure> {
        while self.rows_left == 0 {
            if !self.next_group()? {
                return Ok(false);
            }
        }
        self.rows_left = self.rows_left.saturating_sub(1);
        let mut bytes = 0_usize;
        for (place, cells) in &mut self.cells {
            let value = cells.next()?;
            if let Value::Text(text) = &value {
                bytes = bytes.saturating_add(text.len());
            }
            if bytes > RECORD_BYTES {
                return Err(Problem::TooLong.into());
            }
            if let Some(cell) = self.row.get_mut(*place) {
                *cell = value;
            }
        }
        Ok(true)
    }

    fn next_group(&mut self) -> Result<bool, Failure> {
        // The pages of the group before go first.
        self.cells.clear();
        let Some(group) = self.metadata.row_groups().get(self.groups) else {
            return Ok(false);
        };
        self.groups = self.groups.saturating_add(1);
        for (place, leaf) in &self.columns {
            let chunk = group.columns().get(*leaf).ok_or_else(Failure::broken)?;
            let cells = cells::open(chunk, self.stored.clone(), self.held.clone())?;
            self.cells.push((*place, cells));
            let bytes = u64::try_from(chunk.compressed_size()).unwrap_or(0);
            self.scanned = self.scanned.saturating_add(bytes);
        }
        self.rows_left = u64::try_from(group.num_rows()).map_err(|_| Failure::broken())?;
        Ok(true)
    }
}

fn header(metadata: &ParquetMetaData) -> Result<Header, Failure> {
    let fields = metadata.file_metadata().schema().get_fields();
    if fields.len() > COLUMNS {
        return Err(Problem::TooManyFields.into());
    }
    let names = fields.iter().map(|field| field.name().to_owned());
    Ok(Header::new(names.collect()))
}

/// For each column where its values are in the file. None if it is made of columns, or has several values a row.
fn leaves(metadata: &ParquetMetaData, header: &Header) -> Vec<Option<usize>> {
    let schema = metadata.file_metadata().schema_descr();
    let mut leaves = vec![None; header.names().len()];
    for (leaf, column) in schema.columns().iter().enumerate() {
        let is_plain = column.path().parts().len() == 1 && column.max_rep_level() == 0;
        let place = leaves.get_mut(schema.get_column_root_idx(leaf));
        if let Some(place) = place.filter(|_| is_plain) {
            *place = Some(leaf);
        }
    }
    leaves
}
