//! The messages of a stream: the schema, batches of rows, and the end.

use super::column::{Parts, signed};
use super::flatbuffer::{Node, Slot, finish};
use super::kind::field;
use super::{Column, Kind};

/// V5 of Arrow's metadata.
const VERSION: i16 = 4;
/// The kinds of messages.
const SCHEMA: u8 = 1;
const RECORD_BATCH: u8 = 3;

/// What a message starts with.
const MARK: [u8; 4] = [0xff; 4];

/// What a stream ends with, where its end is said.
pub(crate) const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// The name and the type of a column.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
}

/// The message with the schema, and what it notes beside the columns. Every field may be null.
pub(crate) fn schema<'a>(fields: impl IntoIterator<Item = Field<'a>>, notes: &[(&str, &str)]) -> Vec<u8> {
    let tables = fields.into_iter();
    let tables = tables.map(|one| field(one.name, true, one.kind.table(), one.kind.children()));
    let mut slots = vec![Slot::Absent, Slot::Refers(Node::Tables(tables.collect()))];
    if !notes.is_empty() {
        let text = |text: &str| Slot::Refers(Node::Text(text.to_owned()));
        let notes = notes.iter().map(|(key, value)| vec![text(key), text(value)]);
        slots.push(Slot::Refers(Node::Tables(notes.collect())));
    }
    message(SCHEMA, Node::Table(slots), &[])
}

/// A message with rows. All columns have as many.
pub(crate) fn batch<'a>(columns: impl IntoIterator<Item = &'a Column>, rows: usize) -> Vec<u8> {
    let mut parts = Parts::default();
    for column in columns {
        column.write(&mut parts);
    }
    let header = Node::Table(vec![
        Slot::Long(signed(rows)),
        Slot::Refers(Node::Pairs(parts.nodes)),
        Slot::Refers(Node::Pairs(parts.buffers)),
    ]);
    message(RECORD_BATCH, header, &parts.body)
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
    [&MARK, length.to_le_bytes().as_slice(), &metadata, body].concat()
}
