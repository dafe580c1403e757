//! Streams of Apache Arrow: what Query Blob Contents writes rows in, and List Blobs pages.
//!
//! A stream is a message with the schema, then a message for each batch of rows, whose body holds the columns one behind the other. Messages are written
//! by hand: what is needed of FlatBuffers are tables, vectors and texts, and of Arrow the few types that the service knows.

mod column;
mod flatbuffer;
mod kind;
mod message;
#[cfg(test)]
pub(crate) mod reading;
#[cfg(test)]
mod tests;

pub(crate) use column::{Cell, Column};
pub(crate) use kind::Kind;
pub(crate) use message::{END, Field, batch, schema};
