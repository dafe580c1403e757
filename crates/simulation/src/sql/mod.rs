//! The engine of Query Blob Contents: a small SQL over delimited text and JSON, which reads a blob as it streams by, and over Parquet.
//!
//! ```text
//! SELECT * | item, … | aggregate, … | sys.split(bytes)
//! FROM BlobStorage [path] [[AS] alias]
//! [WHERE expression] [LIMIT rows] [;]
//! ```
//!
//! [`Engine`] takes the bytes of a blob in, record by record, and gives [`Frame`]s out: results, what went wrong with single records,
//! and progress. It holds one record of at most 16 MiB and about 1 MiB of results, whatever the size of the blob. Nothing in a query
//! or a blob can make it recurse without bound.
//!
//! Values of delimited text are strings, and turn into what they are compared with; where they cannot, the record is left out and
//! reported as `InvalidTypeConversion`, as the service does it. Null and missing values make a comparison unknown, and a record whose
//! condition is unknown is left out.
//!
//! Tables of Parquet, behind the feature `parquet`, have their columns one after the other and say where they are at their end: a
//! [`TableEngine`] reads them from any place, the columns alone that the query speaks of.

mod aggregate;
mod arithmetic;
mod column;
mod compare;
mod convert;
mod document;
mod engine;
mod evaluate;
mod frame;
mod functions;
mod input;
mod json;
mod like;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod parse;
mod problem;
mod query;
mod request;
mod run;
mod split;
#[cfg(test)]
mod tests;
mod timestamp;
mod value;

pub(crate) use document::Fault;
pub(crate) use engine::Engine;
pub(crate) use frame::Frame;
#[cfg(test)]
pub(crate) use frame::RowError;
#[cfg(feature = "parquet")]
pub(crate) use parquet::{Stored, TableEngine};
pub(crate) use parse::Malformed;
pub(crate) use request::Request;
#[cfg(test)]
pub(crate) use request::{ArrowField, ArrowType, Delimited, Input, JsonText, Output};
