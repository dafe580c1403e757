//! What calls take that keep a blob from being changed.

use time::OffsetDateTime;

use super::Call;
use crate::operations::SetImmutabilityPolicy;

impl Call<SetImmutabilityPolicy> {
    /// Only if the blob did not change after `at`, to the second.
    pub fn if_unmodified_since(self, at: OffsetDateTime) -> Self {
        self.with(|operation| operation.if_unmodified_since = Some(at))
    }
}
