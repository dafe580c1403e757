//! Tables of Parquet as rows. The library's part are the encodings of values; what a stranger's file could use to take memory without
//! bound or to make the library fail is ours: the way through the file, the sizes, the unpacking.
//!
//! A footer has at most 8 MiB, a table at most 10,000 columns; of pages and dictionaries at most 256 MiB are held at once, unpacked, and of
//! a row 16 MiB. Each step reads about a thousand rows, so that it ends soon after nobody waits for the answer any more. Columns within
//! columns are not read.

mod cells;
mod codec;
mod delta;
mod engine;
mod failure;
mod footer;
mod held;
mod meaning;
mod page_header;
mod pages;
mod stored;
mod table;
#[cfg(test)]
mod tests;
mod thrift;
mod wanted;

pub(crate) use engine::TableEngine;
pub(crate) use stored::Stored;
