//! What calls on a blob take that no other operation shares.

use super::Call;
use crate::operations::{DeleteBlob, DeleteSnapshots, GetBlob, RangeChecksum};

impl Call<GetBlob> {
    /// Reads only these bytes: `0..1024`, `512..`.
    pub fn range(self, range: impl Into<lazuli_protocol::ByteRange>) -> Self {
        self.with(|operation| operation.range = Some(range.into()))
    }

    /// Has the service compute a checksum of the range, of at most 4 MiB, which the [`Download`](crate::Download) is held against.
    pub fn range_checksum(self, checksum: RangeChecksum) -> Self {
        self.with(|operation| operation.range_checksum = Some(checksum))
    }
}

impl Call<DeleteBlob> {
    /// Says what to do with the blob's snapshots.
    pub fn snapshots(self, snapshots: DeleteSnapshots) -> Self {
        self.with(|operation| operation.snapshots = Some(snapshots))
    }

    /// Deletes for good a snapshot or a version that soft delete still keeps. The account must allow it.
    pub fn permanent(self) -> Self {
        self.with(|operation| operation.permanent = true)
    }
}
