//! The stream of a table: messages, of which the first is the schema and most others are batches of rows.
//!
//! The heads of messages are flatbuffers, which arrow-ipc checks and reads. The bodies are read here: its own reader takes the numbers in a head at
//! their word and panics where they lie. Nothing is allocated that is not there.

use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::{Endianness, Message, root_as_message};
use arrow_schema::Schema;

use super::batch::Batch;
use super::unreadable;
use crate::Error;

const MARK: [u8; 4] = [0xFF; 4];

/// The batches of a stream, and what its schema says.
pub(super) struct Stream<'a> {
    rest: &'a [u8],
    schema: Schema,
}

/// A message: its head, where arrow-ipc wants it, and its body.
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
        Ok(Self { rest, schema })
    }

    /// What the schema notes under a name; `None` also when that is nothing.
    pub(super) fn note(&self, name: &str) -> Option<String> {
        let note = self.schema.metadata().get(name);
        note.filter(|note| !note.is_empty()).cloned()
    }

    /// The next batch of rows. Messages of other kinds are passed over.
    pub(super) fn next(&mut self) -> Result<Option<Batch<'_>>, Error> {
        while let Some((framed, rest)) = framed(self.rest)? {
            self.rest = rest;
            if let Some(batch) = framed.message()?.header_as_record_batch() {
                return Batch::read(&self.schema, &batch, framed.body).map(Some);
            }
        }
        Ok(None)
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
