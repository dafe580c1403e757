//! Set Blob Tags.

use http::{StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, BlobTags, Body, Checksum, Conditions, ContainerName, Endpoint, Error, LeaseId,
    Operation, OperationInfo, OperationKind, ResponseBody,
};

use super::content::{Check, document};
use super::request::set_lease;

/// Gives a blob these tags, in place of those that it has: [Set Blob Tags](https://learn.microsoft.com/rest/api/storageservices/set-blob-tags).
/// It changes neither the blob's ETag nor its time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetBlobTags {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The tags; none of the old ones stays.
    pub tags: BlobTags,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
    /// What the [body](BlobTags::to_xml) must arrive as; its CRC64 without one.
    pub checksum: Option<Checksum>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these. But for those on tags, the service takes them from version 2026-02-06 on.
    pub conditions: Conditions,
}

/// What the service answers when tags were set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TagsSet {}

impl SetBlobTags {
    /// Sets `tags`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, tags: BlobTags) -> Self {
        Self {
            container,
            blob,
            tags,
            version_id: None,
            checksum: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SetBlobTags {
    type Output = TagsSet;
    const INFO: OperationInfo = OperationInfo::blob("SetBlobTags", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "tags")
            .query_if("versionid", self.version_id.as_deref())
            .build()?;
        let mut request = document::<Self>(uri, self.tags.to_xml(), Check::of(self.checksum))?;
        let headers = request.headers_mut();
        set_lease(headers, self.lease_id)?;
        self.conditions.apply_to_tags(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<TagsSet, Error> {
        Answer::expect(parts, body, &[StatusCode::NO_CONTENT]).await?;
        Ok(TagsSet {})
    }
}
