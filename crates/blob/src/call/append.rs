//! What calls on append blobs take that no other operation shares.

use super::Call;
use crate::operations::SealAppendBlob;

impl Call<SealAppendBlob> {
    /// Only if the blob has exactly so many bytes.
    pub fn at_position(self, position: u64) -> Self {
        self.with(|operation| operation.position = Some(position))
    }
}
