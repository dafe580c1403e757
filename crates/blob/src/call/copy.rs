//! What calls that copy, or write what is at a URL, take that no other operation shares.

use lazuli_protocol::{CopySourceTags, Md5, RehydratePriority};

use super::Call;
use crate::operations::{CopyBlob, CopyBlobFromUrl, IncrementalCopyBlob, PutBlobFromUrl};
use crate::{CopyPoller, Error};

impl Call<CopyBlob> {
    /// How urgently the copy of an archived blob is to be brought back.
    pub fn rehydrate_priority(self, priority: RehydratePriority) -> Self {
        self.with(|operation| operation.rehydrate_priority = Some(priority))
    }

    /// Whether the copy of an append blob is closed for good, in place of what its source is.
    pub fn seal(self, seal: bool) -> Self {
        self.with(|operation| operation.seal = Some(seal))
    }

    /// Starts the copy, and gives a handle that knows how to wait for it and to give it up.
    ///
    /// # Errors
    /// What the way there or the service refuses.
    pub async fn start(self) -> Result<CopyPoller, Error> {
        let operation = self.operation?;
        let started = self.service.send_with(&operation, &self.options).await?;
        let id = started.copy_id.clone();
        let poller = CopyPoller::new(self.service, operation.container, operation.blob, id);
        Ok(poller.started_as(started, operation.lease_id))
    }
}

impl Call<IncrementalCopyBlob> {
    /// Starts the copy, and gives a handle that knows how to wait for it and to give it up.
    ///
    /// # Errors
    /// What the way there or the service refuses.
    pub async fn start(self) -> Result<CopyPoller, Error> {
        let operation = self.operation?;
        let started = self.service.send_with(&operation, &self.options).await?;
        let id = started.copy_id.clone();
        let poller = CopyPoller::new(self.service, operation.container, operation.blob, id);
        Ok(poller.started_as(started, None))
    }
}

macro_rules! reads_whole_source {
    ($($operation:ty)*) => {$(
        impl Call<$operation> {
            /// Has the service refuse what it reads if it does not have this MD5.
            pub fn source_md5(self, md5: Md5) -> Self {
                self.with(|operation| operation.source_md5 = Some(md5))
            }

            /// Whether the tags of the source are taken over.
            pub fn source_tags(self, tags: CopySourceTags) -> Self {
                self.with(|operation| operation.source_tags = Some(tags))
            }
        }
    )*};
}

reads_whole_source! { CopyBlobFromUrl PutBlobFromUrl }

impl Call<PutBlobFromUrl> {
    /// Whether the headers of a source that is a blob are taken over, but for those that the call names. The service does so unless it is told otherwise.
    pub fn source_properties(self, taken: bool) -> Self {
        self.with(|operation| operation.source_properties = Some(taken))
    }
}
