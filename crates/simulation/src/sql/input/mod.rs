//! Cuts the bytes of a blob into records, as they come.

mod delimited;
mod json;
#[cfg(test)]
mod tests;

use super::json::Json;
use super::problem::Problem;
use super::request::Input;

/// The longest record, and so the most that is held of a blob.
pub(super) const RECORD_BYTES: usize = 16 * 1024 * 1024;

/// A record, and where it is in the blob.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) record: Record,
    pub(super) position: u64,
    /// With what separates it from the next one.
    pub(super) bytes: u64,
}

#[derive(Debug, PartialEq)]
pub(super) enum Record {
    Fields(Vec<String>),
    Json(Json),
}

/// Something that records are read from.
#[derive(Debug)]
pub(super) enum Source {
    Delimited(delimited::Reader),
    Json(json::Reader),
}

impl Source {
    /// None for what cannot be read from its beginning on.
    pub(super) fn new(input: &Input) -> Option<Self> {
        match input {
            Input::Delimited(delimited) => Some(Self::Delimited(delimited::Reader::new(delimited))),
            Input::Json(json) => Some(Self::Json(json::Reader::new(json))),
            Input::Parquet => None,
        }
    }

    /// Takes the next bytes of the blob in.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        match self {
            Self::Delimited(reader) => reader.push(bytes),
            Self::Json(reader) => reader.push(bytes),
        }
    }

    /// The next record, if all of it is here. After the last bytes of the blob, what is left is a record too.
    ///
    /// # Errors
    /// The bytes are no record, and nothing can be read behind them.
    pub(super) fn next(&mut self, last: bool) -> Result<Option<Found>, Problem> {
        match self {
            Self::Delimited(reader) => reader.next(last),
            Self::Json(reader) => reader.next(last),
        }
    }
}

/// A signature that some programs put before text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether these bytes begin with a text, or may once there are more of them.
fn begins(bytes: &[u8], text: &[u8], last: bool) -> Begins {
    if text.is_empty() {
        Begins::No
    } else if bytes.starts_with(text) {
        Begins::Yes
    } else if !last && text.starts_with(bytes) {
        Begins::Perhaps
    } else {
        Begins::No
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    Yes,
    No,
    Perhaps,
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
