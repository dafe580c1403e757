//! Batches: several requests in the body of one, and their answers in the body of its answer, as `multipart/mixed`.

mod answer;
mod request;

pub use answer::{BatchPart, parse_batch_answer};
pub use request::BatchRequest;
