//! A container of blobs.

use lazuli_protocol::ContainerName;

use super::{BlobClient, BlobServiceClient};
use crate::operations::{GetContainerAcl, GetContainerProperties, ListBlobs};
use crate::{Call, Error, ListBlobsCall};

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
        ListBlobsCall::new(self.service.clone(), operation)
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
