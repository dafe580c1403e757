//! What calls on a blob take that no other operation shares.

use lazuli_protocol::Checksum;
use time::OffsetDateTime;

use super::Call;
use crate::operations::{DeleteBlob, DeleteSnapshots, GetBlob, PutBlockList, RangeChecksum, Segments};

impl Call<GetBlob> {
    /// Reads only these bytes: `0..1024`, `512..`.
    pub fn range(self, range: impl Into<lazuli_protocol::ByteRange>) -> Self {
        self.with(|operation| operation.range = Some(range.into()))
    }

    /// Has the service compute a checksum of the range, of at most 4 MiB, which the [`Download`](crate::Download) is held against in the place of those of
    /// segments.
    pub fn range_checksum(self, checksum: RangeChecksum) -> Self {
        self.with(|operation| operation.range_checksum = Some(checksum))
    }

    /// Takes no answer whose content cannot be checked. Content is asked for in segments with their CRC64 anyway, but a service that does not know of
    /// them answers without, which [`Download::is_checked`](crate::Download::is_checked) tells otherwise.
    ///
    /// # Errors
    /// The call fails with [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) then.
    pub fn checked(self) -> Self {
        self.with(|operation| operation.segments = Segments::Required)
    }

    /// Does not ask for content in segments: nothing waits for the end of a segment of 4 MiB, and only the length is checked, unless
    /// [`range_checksum`](Self::range_checksum) asks for more.
    pub fn unchecked(self) -> Self {
        self.with(|operation| operation.segments = Segments::No)
    }
}

impl Call<PutBlockList> {
    /// Has the service refuse the list of blocks if its XML does not arrive with this checksum. Without it, its CRC64 is sent.
    pub fn checksum(self, checksum: Checksum) -> Self {
        self.with(|operation| operation.checksum = Some(checksum))
    }
}

impl Call<DeleteBlob> {
    /// Says what to do with the blob's snapshots.
    pub fn snapshots(self, snapshots: DeleteSnapshots) -> Self {
        self.with(|operation| operation.snapshots = Some(snapshots))
    }

    /// Only if the blob's tier was set after `at`, to the second.
    pub fn if_tier_modified_since(self, at: OffsetDateTime) -> Self {
        self.with(|operation| operation.tier_if_modified_since = Some(at))
    }

    /// Only if the blob's tier was not set after `at`, to the second.
    pub fn if_tier_unmodified_since(self, at: OffsetDateTime) -> Self {
        self.with(|operation| operation.tier_if_unmodified_since = Some(at))
    }

    /// Deletes for good a snapshot or a version that soft delete still keeps. The account must allow it.
    pub fn permanent(self) -> Self {
        self.with(|operation| operation.permanent = true)
    }
}
