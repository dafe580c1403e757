//! Rows as a stream of Arrow: a message with the schema and an empty batch, then batches of rows. Its end is not said.

use bytes::Bytes;

use super::super::problem::Problem;
use super::super::request::ArrowField;
use super::Cells;
use super::cell::{cell, kind};
use crate::arrow::{Column, Field, batch, schema};

#[derive(Debug)]
pub(in super::super) struct Writer {
    fields: Vec<ArrowField>,
    columns: Vec<Column>,
    rows: usize,
}

impl Writer {
    pub(super) fn new(fields: &[ArrowField]) -> Self {
        Self {
            columns: columns(fields),
            fields: fields.to_vec(),
            rows: 0,
        }
    }

    /// What the stream begins with. A field without a name is called by its place, from 1.
    pub(super) fn schema(&self) -> Bytes {
        let places = (1..=self.fields.len()).map(|place| place.to_string());
        let places: Vec<String> = places.collect();
        let fields = self.fields.iter().zip(&places).map(|(field, place)| Field {
            name: field.name.as_deref().unwrap_or(place),
            kind: kind(field.kind),
        });
        let mut stream = schema(fields, &[]);
        stream.extend(batch(&columns(&self.fields), 0));
        stream.into()
    }

    pub(super) fn row(&mut self, cells: &Cells) -> Result<(), Problem> {
        if cells.len() != self.fields.len() {
            return Err(Problem::Schema);
        }
        let values = self.fields.iter().zip(cells);
        let row = values.map(|(field, (_, value))| cell(field.kind, value));
        let row = row.collect::<Result<Vec<_>, _>>()?;
        for (column, cell) in self.columns.iter_mut().zip(&row) {
            column.push(cell);
        }
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    pub(super) fn held(&self) -> usize {
        if self.rows == 0 {
            0
        } else {
            self.columns.iter().map(Column::bytes).sum::<usize>().max(1)
        }
    }

    pub(super) fn take(&mut self) -> Bytes {
        if self.rows == 0 {
            return Bytes::new();
        }
        let fresh = columns(&self.fields);
        let full = std::mem::replace(&mut self.columns, fresh);
        batch(&full, std::mem::take(&mut self.rows)).into()
    }
}

fn columns(fields: &[ArrowField]) -> Vec<Column> {
    let kinds = fields.iter().map(|field| kind(field.kind));
    kinds.map(Column::new).collect()
}
