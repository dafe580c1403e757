//! Avro object container files, read as they arrive: what the service answers a query with, and what the change feed is written in.
//!
//! A file is a header with a schema in JSON, then blocks of objects. Reading it is three steps, and only the last awaits anything:
//! [`datum`] decodes an object by the schema, [`framing`] finds header and blocks in bytes that come in pieces, and [`reader`] asks
//! a [`Source`] for the pieces.
//!
//! # Bounds
//! Whoever wrote the file decides nothing about memory here. A header has at most [`HEADER_LIMIT`] bytes, a block [`BLOCK_LIMIT`], compressed
//! and not; an object at most [`VALUES_LIMIT`] values, nested at most [`DEPTH_LIMIT`] deep. Memory is taken as bytes
//! arrive, never because a length says that they will.

mod datum;
mod framing;
mod reader;
mod schema;
mod value;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use lazuli_protocol::{Error, ErrorKind};

pub(crate) use reader::AvroReader;
#[cfg(feature = "change-feed")]
pub(crate) use reader::Place;
#[cfg(any(feature = "change-feed", test))]
pub(crate) use reader::Source;
#[cfg(feature = "query")]
pub(crate) use value::Record;
pub(crate) use value::Value;

/// The longest header of a file, in bytes. The service's own have two to four kibibytes.
const HEADER_LIMIT: usize = 1 << 20;
/// The most bytes of a block, as it stands in the file and as it is when it is unpacked.
const BLOCK_LIMIT: usize = 64 << 20;
/// The most values of one object, fields and items counted alike. An event of the change feed has about a hundred.
const VALUES_LIMIT: usize = 1 << 16;
/// The longest name in a schema, in bytes.
const NAME_LIMIT: usize = 1_024;
/// How deep values nest at most.
const DEPTH_LIMIT: usize = 64;

fn unreadable(why: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("the Avro file cannot be read: {why}"),
    )
}
