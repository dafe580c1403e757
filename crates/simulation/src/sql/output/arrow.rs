//! Rows as a stream of Arrow: a message with the schema and an empty batch, then batches of rows.

use bytes::Bytes;

use super::super::problem::Problem;
use super::super::request::{ArrowField, ArrowType};
use super::Cells;
use super::batch::{Cell, Column, signed};
use super::flatbuffer::{Node, Slot, finish};

/// V5 of Arrow's metadata.
const VERSION: i16 = 4;
/// The kinds of messages.
const SCHEMA: u8 = 1;
const RECORD_BATCH: u8 = 3;

#[derive(Debug)]
pub(in super::super) struct Writer {
    fields: Vec<ArrowField>,
    columns: Vec<Column>,
    rows: i64,
}

impl Writer {
    pub(super) fn new(fields: &[ArrowField]) -> Self {
        Self {
            columns: columns(fields),
            fields: fields.to_vec(),
            rows: 0,
        }
    }

    /// What the stream begins with.
    pub(super) fn schema(&self) -> Bytes {
        let fields = self.fields.iter().enumerate();
        let fields = fields.map(|(at, field)| field_table(field, at)).collect();
        let schema = Node::Table(vec![Slot::Absent, Slot::Refers(Node::Tables(fields))]);
        let mut stream = message(SCHEMA, schema, &[]);
        stream.extend(batch(&columns(&self.fields), 0));
        stream.into()
    }

    pub(super) fn row(&mut self, cells: &Cells) -> Result<(), Problem> {
        if cells.len() != self.fields.len() {
            return Err(Problem::Schema);
        }
        let values = self.columns.iter().zip(cells);
        let row = values.map(|(column, (_, value))| Cell::new(column.kind, value));
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
    fields.iter().map(|field| Column::new(field.kind)).collect()
}

/// A field without a name is called by its place, from 1.
fn field_table(field: &ArrowField, at: usize) -> Vec<Slot> {
    let name = field
        .name
        .clone()
        .unwrap_or_else(|| at.saturating_add(1).to_string());
    let (kind, details) = kind_table(field.kind);
    vec![
        Slot::Refers(Node::Text(name)),
        // Every field may be null.
        Slot::Byte(1),
        Slot::Byte(kind),
        Slot::Refers(Node::Table(details)),
        Slot::Absent,
        // Readers expect the children, though there are none.
        Slot::Refers(Node::Tables(Vec::new())),
    ]
}

/// The number of a type, and what it says of itself.
fn kind_table(kind: ArrowType) -> (u8, Vec<Slot>) {
    match kind {
        ArrowType::Int64 => (2, vec![Slot::Int(64), Slot::Byte(1)]),
        ArrowType::Double => (3, vec![Slot::Short(2)]),
        ArrowType::String => (5, Vec::new()),
        ArrowType::Bool => (6, Vec::new()),
        ArrowType::Decimal { precision, scale } => (
            7,
            vec![
                Slot::Int(precision.into()),
                Slot::Int(scale.into()),
                Slot::Int(128),
            ],
        ),
        ArrowType::TimestampMs => (10, vec![Slot::Short(1)]),
    }
}

fn batch(columns: &[Column], rows: i64) -> Vec<u8> {
    let (mut body, mut buffers) = (Vec::new(), Vec::new());
    for column in columns {
        column.write(&mut body, &mut buffers);
    }
    let nodes = columns.iter().map(|column| (rows, column.nulls)).collect();
    let header = Node::Table(vec![
        Slot::Long(rows),
        Slot::Refers(Node::Pairs(nodes)),
        Slot::Refers(Node::Pairs(buffers)),
    ]);
    message(RECORD_BATCH, header, &body)
}

/// A mark, the length of the metadata, the metadata, the body.
fn message(kind: u8, header: Node, body: &[u8]) -> Vec<u8> {
    let metadata = finish(&[
        Slot::Short(VERSION),
        Slot::Byte(kind),
        Slot::Refers(header),
        Slot::Long(signed(body.len())),
    ]);
    let length = i32::try_from(metadata.len()).unwrap_or(i32::MAX);
    [&[0xff; 4], length.to_le_bytes().as_slice(), &metadata, body].concat()
}
