//! The answer to a query, which comes as Avro records of four kinds: data, progress, errors and an end.

mod error;
mod event;
mod result;

pub use error::QueryError;
pub use event::{QueryEvent, QueryProgress};
pub use result::QueryResult;
