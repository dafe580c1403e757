//! The container that the service keeps the log in, and how it is asked.

use super::CONTAINER;
use crate::operations::GetBlob;
use crate::options::CallOptions;
use crate::{BlobServiceClient, Call, ContainerClient, ListBlobsCall};

#[derive(Clone, Debug)]
pub(super) struct Log {
    container: ContainerClient,
    options: CallOptions,
}

impl Log {
    /// The log of an account; every request of it goes with these options.
    pub(super) fn new(service: &BlobServiceClient, options: CallOptions) -> Self {
        Self {
            container: service.container(CONTAINER),
            options,
        }
    }

    /// Lists files whose names start with `prefix`.
    pub(super) fn list(&self, prefix: impl Into<String>) -> ListBlobsCall {
        let mut call = self.container.list().prefix(prefix);
        call.options = self.options.clone();
        call
    }

    /// Reads a file.
    pub(super) fn read(&self, name: &str) -> Call<GetBlob> {
        let mut call = self.container.blob(name).download();
        call.options = self.options.clone();
        call
    }
}
