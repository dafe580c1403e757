//! The stream of a table: a schema, and batches of rows.
//!
//! Arrow's own reader takes the numbers in a message at their word and panics where they lie, so they are held against what has come before it sees
//! them. An answer is in memory as a whole, and nothing that it announces is allocated before it is there.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::read_record_batch;
use arrow_ipc::{Endianness, Message, root_as_message};
use arrow_schema::SchemaRef;

use super::column::is_readable;
use super::unreadable;
use crate::Error;

const MARK: [u8; 4] = [0xFF; 4];

/// The batches of a stream, and what its schema says.
pub(super) struct Stream<'a> {
    rest: &'a [u8],
    schema: SchemaRef,
    /// The columns that are of types that can be read.
    readable: Vec<usize>,
}

/// A message: its head, where Arrow's reader wants it, and its body.
struct Framed<'a> {
    head: Vec<u8>,
    body: &'a [u8],
}

impl<'a> Stream<'a> {
    /// Reads the schema.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let (framed, rest) = framed(bytes)?.ok_or_else(|| unreadable("it has no schema"))?;
        let message = framed.message()?;
        let schema = message
            .header_as_schema()
            .filter(|schema| schema.endianness() == Endianness::Little)
            .ok_or_else(|| unreadable("it does not start with a schema that this program understands"))?;
        let schema = try_fb_to_schema(schema)
            .map_err(|source| unreadable("its schema is damaged").with_source(source))?;
        let readable = schema.fields().iter().enumerate();
        let readable = readable
            .filter(|(_, field)| is_readable(field.data_type()))
            .map(|(at, _)| at)
            .collect();
        Ok(Self {
            rest,
            schema: schema.into(),
            readable,
        })
    }

    /// What the schema notes under a name; `None` also when that is nothing.
    pub(super) fn note(&self, name: &str) -> Option<String> {
        let note = self.schema.metadata().get(name);
        note.filter(|note| !note.is_empty()).cloned()
    }

    /// The next batch of rows, with the columns that can be read.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        let Some((framed, rest)) = framed(self.rest)? else {
            return Ok(None);
        };
        self.rest = rest;
        let message = framed.message()?;
        let batch = message
            .header_as_record_batch()
            .ok_or_else(|| unreadable("it has a message that is no batch of rows"))?;
        if batch.compression().is_some() {
            return Err(unreadable("it is compressed, which nobody asked for"));
        }
        if !is_sound(&batch, framed.body.len()) {
            return Err(unreadable("a batch tells of more than it has"));
        }
        let body = Buffer::from(framed.body);
        let (schema, none) = (SchemaRef::clone(&self.schema), HashMap::new());
        read_record_batch(
            &body,
            batch,
            schema,
            &none,
            Some(&self.readable),
            &message.version(),
        )
        .map(Some)
        .map_err(|source| unreadable("a batch is damaged").with_source(source))
    }
}

impl Framed<'_> {
    fn message(&self) -> Result<Message<'_>, Error> {
        root_as_message(&self.head).map_err(|why| unreadable(format!("a message is damaged: {why}")))
    }
}

/// The next message, and what follows it; `None` at the end, which is marked, or where no more has come.
fn framed(bytes: &[u8]) -> Result<Option<(Framed<'_>, &[u8])>, Error> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let short = || unreadable("it ends early");
    let (mark, rest) = bytes.split_first_chunk().ok_or_else(short)?;
    if *mark != MARK {
        return Err(unreadable("a message does not start where it should"));
    }
    let (length, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let length = usize::try_from(i32::from_le_bytes(*length)).map_err(|_| short())?;
    if length == 0 {
        return Ok(None);
    }
    let (head, rest) = rest.split_at_checked(length).ok_or_else(short)?;
    let mut framed = Framed {
        head: head.to_vec(),
        body: &[],
    };
    let body = framed.message()?.bodyLength();
    let (body, rest) = usize::try_from(body)
        .ok()
        .and_then(|length| rest.split_at_checked(length))
        .ok_or_else(short)?;
    framed.body = body;
    Ok(Some((framed, rest)))
}

/// Whether all that a batch tells of can be in a body of this many bytes.
fn is_sound(batch: &arrow_ipc::RecordBatch<'_>, body: usize) -> bool {
    let within = |number: i64, most: usize| usize::try_from(number).is_ok_and(|number| number <= most);
    let most_rows = body.saturating_mul(8);
    let nodes = batch.nodes().into_iter().flatten();
    let mut buffers = batch.buffers().into_iter().flatten();
    within(batch.length(), most_rows)
        && nodes
            .into_iter()
            .all(|node| within(node.length(), most_rows) && within(node.null_count(), most_rows))
        && buffers.all(|buffer| {
            let end = buffer.offset().checked_add(buffer.length());
            within(buffer.offset(), body)
                && within(buffer.length(), body)
                && end.is_some_and(|end| within(end, body))
        })
}
