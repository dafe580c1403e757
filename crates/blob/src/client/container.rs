//! A container of blobs.

use futures_core::Stream;
use lazuli_protocol::ContainerName;
use lazuli_protocol::xml::{ListBlobsEntry, ListBlobsPage};

use super::{BlobClient, BlobServiceClient};
use crate::operations::{GetContainerAcl, GetContainerProperties, ListBlobs, ListBlobsInclude};
use crate::options::CallOptions;
use crate::pages::{self, Paged};
use crate::{Call, Error};

/// A container of blobs. The name is checked when a call is sent.
#[derive(Clone, Debug)]
pub struct ContainerClient {
    service: BlobServiceClient,
    name: String,
}

impl ContainerClient {
    pub(super) fn new(service: BlobServiceClient, name: String) -> Self {
        Self { service, name }
    }

    /// The container's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The service that it belongs to.
    #[must_use]
    pub fn service(&self) -> &BlobServiceClient {
        &self.service
    }

    /// A blob of the container. Its name is checked when a call is sent.
    #[must_use]
    pub fn blob(&self, name: impl Into<String>) -> BlobClient {
        BlobClient::new(self.clone(), name.into())
    }

    /// Asks who may do what with the container, beside those who have a key
    /// ([Get Container ACL](https://learn.microsoft.com/rest/api/storageservices/get-container-acl)).
    pub fn acl(&self) -> Call<GetContainerAcl> {
        let operation = ContainerName::new(&self.name)
            .map(GetContainerAcl::new)
            .map_err(Error::from);
        Call::new(self.service.clone(), operation)
    }

    /// Reads the container's properties and metadata
    /// ([Get Container Properties](https://learn.microsoft.com/rest/api/storageservices/get-container-properties)).
    pub fn properties(&self) -> Call<GetContainerProperties> {
        let operation = ContainerName::new(&self.name)
            .map(GetContainerProperties::new)
            .map_err(Error::from);
        Call::new(self.service.clone(), operation)
    }

    /// Lists the container's blobs ([List Blobs](https://learn.microsoft.com/rest/api/storageservices/list-blobs)).
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt as _;
    /// use lazuli_protocol::xml::ListBlobsEntry;
    ///
    /// # async fn example(blobs: lazuli_blob::BlobServiceClient) -> Result<(), lazuli_blob::Error> {
    /// let mut items = blobs.container("models").list().prefix("llama/").items();
    /// while let Some(entry) = items.try_next().await? {
    ///     if let ListBlobsEntry::Blob(blob) = entry {
    ///         println!("{} has {} bytes", blob.name, blob.content_length);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListBlobsCall {
        let operation = ContainerName::new(&self.name)
            .map(ListBlobs::new)
            .map_err(Error::from);
        ListBlobsCall {
            service: self.service.clone(),
            operation,
            options: CallOptions::default(),
        }
    }
}

/// A list of blobs in the making; nothing is sent before its stream is polled.
#[derive(Debug)]
#[must_use = "a list is fetched when its stream is polled"]
pub struct ListBlobsCall {
    service: BlobServiceClient,
    operation: Result<ListBlobs, Error>,
    pub(crate) options: CallOptions,
}

impl ListBlobsCall {
    fn with(mut self, edit: impl FnOnce(&mut ListBlobs)) -> Self {
        if let Ok(operation) = &mut self.operation {
            edit(operation);
        }
        self
    }

    /// Only names that start with `prefix`.
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        self.with(|list| list.prefix = Some(prefix.into()))
    }

    /// Lists names up to the first `delimiter` after the prefix, as folders are listed: `"/"`.
    pub fn delimiter(self, delimiter: impl Into<String>) -> Self {
        self.with(|list| list.delimiter = Some(delimiter.into()))
    }

    /// Only names from this one on, in the order of names.
    pub fn start_from(self, name: impl Into<String>) -> Self {
        self.with(|list| list.start_from = Some(name.into()))
    }

    /// Starts at the page that this marker of an earlier page names.
    pub fn marker(self, marker: impl Into<String>) -> Self {
        self.with(|list| list.marker = Some(marker.into()))
    }

    /// At most this many entries a page, 1 to 5,000.
    pub fn page_size(self, entries: u32) -> Self {
        self.with(|list| list.max_results = Some(entries))
    }

    /// Lists, or tells, this too.
    pub fn include(self, include: ListBlobsInclude) -> Self {
        self.with(|list| list.include.push(include))
    }

    /// The pages. A page may be empty and still have others after it.
    pub fn pages(self) -> impl Stream<Item = Result<ListBlobsPage, Error>> + Send + Unpin {
        pages::pages(self.service, self.operation, self.options)
    }

    /// The entries, page after page.
    pub fn items(self) -> impl Stream<Item = Result<ListBlobsEntry, Error>> + Send + Unpin {
        pages::items(self.pages(), |page| page.entries)
    }
}

impl Paged for ListBlobs {
    fn go_to(&mut self, marker: String) {
        self.marker = Some(marker);
    }

    fn next(page: &ListBlobsPage) -> Option<String> {
        page.next_marker.clone()
    }
}

#[cfg(feature = "provisioning")]
mod provisioning {
    //! What only a program that sets accounts up needs.

    use lazuli_protocol::xml::SignedIdentifiers;
    use lazuli_protocol::{ContainerName, Metadata};

    use super::ContainerClient;
    use crate::operations::{CreateContainer, DeleteContainer, SetContainerAcl, SetContainerMetadata};
    use crate::{Call, Error};

    impl ContainerClient {
        /// Makes the container ([Create Container](https://learn.microsoft.com/rest/api/storageservices/create-container)).
        pub fn create(&self) -> Call<CreateContainer> {
            let operation = ContainerName::new(&self.name)
                .map(CreateContainer::new)
                .map_err(Error::from);
            Call::new(self.service.clone(), operation)
        }

        /// Sets the container's stored access policies, in place of those that are there, and closes it to the public unless the call
        /// [says otherwise](Call::public_access)
        /// ([Set Container ACL](https://learn.microsoft.com/rest/api/storageservices/set-container-acl)).
        pub fn set_acl(&self, policies: SignedIdentifiers) -> Call<SetContainerAcl> {
            let operation = ContainerName::new(&self.name)
                .map(|name| SetContainerAcl::new(name, policies))
                .map_err(Error::from);
            Call::new(self.service.clone(), operation)
        }

        /// Replaces the container's metadata with the pairs that the call is given
        /// ([Set Container Metadata](https://learn.microsoft.com/rest/api/storageservices/set-container-metadata)).
        pub fn set_metadata(&self) -> Call<SetContainerMetadata> {
            let operation = ContainerName::new(&self.name)
                .map(|name| SetContainerMetadata::new(name, Metadata::new()))
                .map_err(Error::from);
            Call::new(self.service.clone(), operation)
        }

        /// Deletes the container with all its blobs
        /// ([Delete Container](https://learn.microsoft.com/rest/api/storageservices/delete-container)).
        pub fn delete(&self) -> Call<DeleteContainer> {
            let operation = ContainerName::new(&self.name)
                .map(DeleteContainer::new)
                .map_err(Error::from);
            Call::new(self.service.clone(), operation)
        }
    }
}
