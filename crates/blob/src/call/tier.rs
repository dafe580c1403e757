//! What calls that set a tier take that no other operation shares.

use lazuli_protocol::RehydratePriority;

use super::Call;
use crate::operations::SetBlobTier;

impl Call<SetBlobTier> {
    /// How urgently an archived blob is to be brought back.
    pub fn rehydrate_priority(self, priority: RehydratePriority) -> Self {
        self.with(|operation| operation.rehydrate_priority = Some(priority))
    }
}
