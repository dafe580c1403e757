//! Keeping a blob from being changed and deleted.

use super::BlobClient;
use crate::operations::{DeleteImmutabilityPolicy, SetImmutabilityPolicy, SetLegalHold};
use crate::{Call, ImmutabilityPolicy};

impl BlobClient {
    /// Keeps the blob from being changed or deleted for a time
    /// ([Set Blob Immutability Policy](https://learn.microsoft.com/rest/api/storageservices/set-blob-immutability-policy)).
    pub fn set_immutability_policy(&self, policy: ImmutabilityPolicy) -> Call<SetImmutabilityPolicy> {
        self.call(|container, blob| SetImmutabilityPolicy::new(container, blob, policy))
    }

    /// Takes an unlocked policy away
    /// ([Delete Blob Immutability Policy](https://learn.microsoft.com/rest/api/storageservices/delete-blob-immutability-policy)).
    pub fn delete_immutability_policy(&self) -> Call<DeleteImmutabilityPolicy> {
        self.call(DeleteImmutabilityPolicy::new)
    }

    /// Keeps the blob from being changed or deleted until the hold is taken away, or takes it away
    /// ([Set Blob Legal Hold](https://learn.microsoft.com/rest/api/storageservices/set-blob-legal-hold)).
    pub fn set_legal_hold(&self, held: bool) -> Call<SetLegalHold> {
        self.call(|container, blob| SetLegalHold::new(container, blob, held))
    }
}
