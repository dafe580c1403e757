//! The conditions that only one kind of blob has: where an append begins, and the sequence number of pages.

use http::{HeaderMap, HeaderName, HeaderValue};
use lazuli_protocol::header;

/// What must be of an append blob for something to be appended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AppendConditions {
    /// The blob has exactly so many bytes.
    pub position: Option<u64>,
    /// The blob has at most so many bytes afterwards.
    pub max_size: Option<u64>,
}

/// What the sequence number of a page blob must be for its pages to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SequenceNumberConditions {
    /// At most this.
    pub at_most: Option<u64>,
    /// Less than this.
    pub less_than: Option<u64>,
    /// This.
    pub equal_to: Option<u64>,
}

impl AppendConditions {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        set(headers, header::BLOB_CONDITION_APPENDPOS, self.position);
        set(headers, header::BLOB_CONDITION_MAXSIZE, self.max_size);
    }
}

impl SequenceNumberConditions {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        set(headers, header::IF_SEQUENCE_NUMBER_LE, self.at_most);
        set(headers, header::IF_SEQUENCE_NUMBER_LT, self.less_than);
        set(headers, header::IF_SEQUENCE_NUMBER_EQ, self.equal_to);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<u64>) {
    if let Some(value) = value {
        headers.insert(name, HeaderValue::from(value));
    }
}
