//! When a blob goes by itself. Accounts with a hierarchical namespace alone have it.

use std::time::Duration;

use time::OffsetDateTime;

use super::BlobClient;
use crate::Call;
use crate::operations::{Expiry, SetBlobExpiry};

impl BlobClient {
    /// Deletes the blob after this time, in whole milliseconds, from when the service reads the request
    /// ([Set Blob Expiry](https://learn.microsoft.com/rest/api/storageservices/set-blob-expiry)).
    pub fn expire_in(&self, time: Duration) -> Call<SetBlobExpiry> {
        self.expire(Expiry::AfterNow(time))
    }

    /// Deletes the blob this time, in whole milliseconds, after it was made
    /// ([Set Blob Expiry](https://learn.microsoft.com/rest/api/storageservices/set-blob-expiry)).
    pub fn expire_after_creation(&self, time: Duration) -> Call<SetBlobExpiry> {
        self.expire(Expiry::AfterCreation(time))
    }

    /// Deletes the blob at this time, to the second
    /// ([Set Blob Expiry](https://learn.microsoft.com/rest/api/storageservices/set-blob-expiry)).
    pub fn expire_at(&self, at: OffsetDateTime) -> Call<SetBlobExpiry> {
        self.expire(Expiry::At(at))
    }

    /// Keeps the blob until somebody deletes it
    /// ([Set Blob Expiry](https://learn.microsoft.com/rest/api/storageservices/set-blob-expiry)).
    pub fn never_expire(&self) -> Call<SetBlobExpiry> {
        self.expire(Expiry::Never)
    }

    fn expire(&self, expiry: Expiry) -> Call<SetBlobExpiry> {
        self.call(|container, blob| SetBlobExpiry::new(container, blob, expiry))
    }
}
