//! Finding blobs by their tags, in an account or in a container.

use lazuli_protocol::ContainerName;

use super::{BlobServiceClient, ContainerClient};
use crate::operations::FindBlobsByTags;
use crate::{Call, Error, TagQuery};

impl BlobServiceClient {
    /// Finds blobs of the account by their tags
    /// ([Find Blobs by Tags](https://learn.microsoft.com/rest/api/storageservices/find-blobs-by-tags)): a page of them when awaited, or
    /// [all](Call::items). The index follows the blobs after a moment.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt as _;
    /// use lazuli_blob::tag;
    ///
    /// # async fn example(blobs: lazuli_blob::BlobServiceClient) -> Result<(), lazuli_blob::Error> {
    /// let query = tag("project").eq("apollo").and(tag("year").ge("1969")).in_container("logs");
    /// let mut found = blobs.find_blobs_by_tags(query).items();
    /// while let Some(blob) = found.try_next().await? {
    ///     println!("{}/{}", blob.container, blob.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn find_blobs_by_tags(&self, query: impl Into<TagQuery>) -> Call<FindBlobsByTags> {
        let operation = query.into().text().map(FindBlobsByTags::new);
        Call::new(self.clone(), operation.map_err(Error::from))
    }
}

impl ContainerClient {
    /// Finds blobs of the container by their tags
    /// ([Find Blobs by Tags in Container](https://learn.microsoft.com/rest/api/storageservices/find-blobs-by-tags-container)): a page of them
    /// when awaited, or [all](Call::items). The index follows the blobs after a moment.
    pub fn find_blobs_by_tags(&self, query: impl Into<TagQuery>) -> Call<FindBlobsByTags> {
        let operation = query.into().text_in_container().and_then(|query| {
            let container = ContainerName::new(self.name())?;
            Ok(FindBlobsByTags::in_container(container, query))
        });
        Call::new(self.service().clone(), operation.map_err(Error::from))
    }
}
