//! Blob Batch on the wire: many requests in one `multipart/mixed` body, and their answers in another.
//!
//! [`parse`] takes a request's body apart without trusting it: a part is one request of one line and headers, nothing in it can reach
//! into another part, and what is more than the service takes is refused before it is looked at. [`Writer`] puts the answers together
//! as the service does.

mod answer;
mod malformed;
mod part;
mod request;
#[cfg(test)]
mod tests;

pub(crate) use answer::{Part, Writer, part_request_id};
pub(crate) use malformed::Malformed;
pub(crate) use part::SubRequest;
pub(crate) use request::{boundary, parse};
