//! How far a copy is.

use lazuli_protocol::CopyStatus;

use crate::BlobProperties;

/// How far a copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyProgress {
    /// [`Pending`](CopyStatus::Pending) while it goes on, [`Success`](CopyStatus::Success) when it is done.
    pub status: Option<CopyStatus>,
    /// How many bytes are there.
    pub bytes_copied: Option<u64>,
    /// How many bytes there will be.
    pub bytes_total: Option<u64>,
}

impl CopyProgress {
    /// What the properties of the destination say, or else what was said when the copy began.
    pub(super) fn of(properties: &BlobProperties, begun: Option<&CopyStatus>) -> Self {
        let (copied, total) = properties
            .copy_progress
            .as_deref()
            .and_then(|text| text.split_once('/'))
            .unzip();
        let number = |text: &str| text.trim().parse().ok();
        Self {
            status: properties.copy_status.as_ref().or(begun).cloned(),
            bytes_copied: copied.and_then(number),
            bytes_total: total.and_then(number),
        }
    }

    /// Whether it is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.status == Some(CopyStatus::Success)
    }
}
