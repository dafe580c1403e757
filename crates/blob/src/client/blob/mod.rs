//! A blob: what can be done with every kind. The rest is beside this, by topic.

mod append;
mod block;
mod copy;
mod expiry;
mod immutability;
mod page;
#[cfg(feature = "query")]
mod query;
mod tags;
mod tier;
mod versions;

use lazuli_protocol::{BlobName, Body, ContainerName, Metadata, Operation};

use super::ContainerClient;
use crate::call::names;
use crate::operations::{
    DeleteBlob, GetBlob, GetBlobProperties, PutBlob, SetBlobMetadata, SetBlobProperties,
};
use crate::{Call, ContentHeaders};

/// A blob. The name is checked when a call is sent; the blob need not exist.
#[derive(Clone, Debug)]
pub struct BlobClient {
    container: ContainerClient,
    name: String,
}

impl BlobClient {
    pub(in crate::client) fn new(container: ContainerClient, name: String) -> Self {
        Self { container, name }
    }

    /// The blob's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The container that it is in.
    #[must_use]
    pub fn container(&self) -> &ContainerClient {
        &self.container
    }

    /// Writes the whole blob in one request of at most 5,000 MiB
    /// ([Put Blob](https://learn.microsoft.com/rest/api/storageservices/put-blob)).
    ///
    /// ```no_run
    /// use lazuli_protocol::EtagMatch;
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let written = blob.upload("hello").content_type("text/plain").if_none_match(EtagMatch::Any).await?;
    /// println!("written as {}", written.etag);
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload(&self, body: impl Into<Body>) -> Call<PutBlob> {
        let body = body.into();
        self.call(|container, blob| PutBlob::new(container, blob, body))
    }

    /// Reads the blob, whole or a range of it ([Get Blob](https://learn.microsoft.com/rest/api/storageservices/get-blob)).
    ///
    /// ```no_run
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let first_kilobyte = blob.download().range(0..1024).await?.bytes().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self) -> Call<GetBlob> {
        self.call(GetBlob::new)
    }

    /// Reads the blob's properties
    /// ([Get Blob Properties](https://learn.microsoft.com/rest/api/storageservices/get-blob-properties)).
    pub fn properties(&self) -> Call<GetBlobProperties> {
        self.call(GetBlobProperties::new)
    }

    /// Replaces the blob's metadata with the pairs that the call is given
    /// ([Set Blob Metadata](https://learn.microsoft.com/rest/api/storageservices/set-blob-metadata)).
    ///
    /// ```no_run
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// blob.set_metadata().metadata("project", "apollo").metadata("stage", "2").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_metadata(&self) -> Call<SetBlobMetadata> {
        self.call(|container, blob| SetBlobMetadata::new(container, blob, Metadata::new()))
    }

    /// Replaces the headers that the blob is read with by those that the call is given
    /// ([Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties)). What is not named is cleared.
    ///
    /// ```no_run
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// blob.set_headers().content_type("text/plain").cache_control("max-age=60").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_headers(&self) -> Call<SetBlobProperties> {
        self.call(|container, blob| SetBlobProperties::new(container, blob, ContentHeaders::default()))
    }

    /// Deletes the blob ([Delete Blob](https://learn.microsoft.com/rest/api/storageservices/delete-blob)).
    pub fn delete(&self) -> Call<DeleteBlob> {
        self.call(DeleteBlob::new)
    }

    fn call<O: Operation>(&self, operation: impl FnOnce(ContainerName, BlobName) -> O) -> Call<O> {
        let names = names(self.container.name(), &self.name);
        Call::new(
            self.container.service().clone(),
            names.map(|(container, blob)| operation(container, blob)),
        )
    }
}
