//! What comes while a query runs.

use std::sync::Arc;

use bytes::Bytes;
use lazuli_protocol::{Error, ErrorKind};

use super::QueryError;
use crate::avro::{Record, Value};

/// A part of the answer to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryEvent {
    /// The next bytes of the answer. They end anywhere, in the middle of a record too.
    Data(Bytes),
    /// How far the query is.
    Progress(QueryProgress),
    /// Something in the content that the service could not work with, and went on after.
    Error(QueryError),
    /// A kind of record that this version of the crate does not know, by its name.
    Unknown(String),
}

/// How far a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryProgress {
    /// How many bytes of the blob were read.
    pub bytes_scanned: u64,
    /// How many there are to read.
    pub total_bytes: u64,
}

/// A record of the answer.
#[derive(Debug)]
pub(super) enum Part {
    Event(QueryEvent),
    End,
}

impl Part {
    pub(super) fn read(value: Value) -> Result<Self, Error> {
        let Value::Record(record) = value else {
            return Err(unreadable("it holds something that is no record"));
        };
        let name = record.name().to_owned();
        let mut fields = Fields::of(record);
        Ok(match &*name {
            "resultData" => Self::Event(QueryEvent::Data(fields.bytes("data")?)),
            "progress" => Self::Event(QueryEvent::Progress(QueryProgress {
                bytes_scanned: fields.count("bytesScanned")?,
                total_bytes: fields.count("totalBytes")?,
            })),
            "error" => Self::Event(QueryEvent::Error(QueryError {
                fatal: fields.flag("fatal")?,
                name: fields.text("name")?,
                description: fields.text("description")?,
                position: fields.count("position")?,
            })),
            "end" => Self::End,
            _ => Self::Event(QueryEvent::Unknown(name)),
        })
    }
}

struct Fields(Vec<(Arc<str>, Value)>);

impl Fields {
    fn of(record: Record) -> Self {
        Self(record.into_fields().collect())
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let (_, value) = self.0.iter_mut().find(|(field, _)| **field == *name)?;
        Some(std::mem::replace(value, Value::Null))
    }

    fn bytes(&mut self, name: &str) -> Result<Bytes, Error> {
        match self.take(name) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(lacks(name)),
        }
    }

    fn flag(&mut self, name: &str) -> Result<bool, Error> {
        match self.take(name) {
            Some(Value::Boolean(flag)) => Ok(flag),
            _ => Err(lacks(name)),
        }
    }

    fn text(&mut self, name: &str) -> Result<String, Error> {
        match self.take(name) {
            Some(Value::String(text)) => Ok((*text).to_owned()),
            _ => Err(lacks(name)),
        }
    }

    fn count(&mut self, name: &str) -> Result<u64, Error> {
        let count = match self.take(name) {
            Some(Value::Long(count)) => u64::try_from(count).ok(),
            _ => None,
        };
        count.ok_or_else(|| lacks(name))
    }
}

fn lacks(field: &str) -> Error {
    unreadable(&format!("a record has no readable field {field:?}"))
}

fn unreadable(why: &str) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("the answer to the query cannot be read: {why}"),
    )
}
