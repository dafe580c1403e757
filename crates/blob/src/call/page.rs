//! What calls on page blobs take that no other operation shares.

use lazuli_protocol::ByteRange;

use super::Call;
use crate::operations::{GetPageRanges, GetPageRangesDiff, PutPageBlob};

impl Call<PutPageBlob> {
    /// Starts with this sequence number, of at most 2^63 - 1, in place of zero.
    pub fn sequence_number(self, number: u64) -> Self {
        self.with(|operation| operation.sequence_number = Some(number))
    }
}

impl Call<GetPageRanges> {
    /// Only within these bytes.
    pub fn range(self, range: impl Into<ByteRange>) -> Self {
        self.with(|operation| operation.range = Some(range.into()))
    }

    /// Takes a snapshot of the blob, by its id.
    pub fn snapshot(self, id: impl Into<String>) -> Self {
        self.with(|operation| operation.snapshot = Some(id.into()))
    }
}

impl Call<GetPageRangesDiff> {
    /// Only within these bytes.
    pub fn range(self, range: impl Into<ByteRange>) -> Self {
        self.with(|operation| operation.ranges.range = Some(range.into()))
    }

    /// Compares a snapshot of the blob in place of the blob, by its id.
    pub fn snapshot(self, id: impl Into<String>) -> Self {
        self.with(|operation| operation.ranges.snapshot = Some(id.into()))
    }
}
