//! Put Block From URL: a block whose content the service reads elsewhere.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo, OperationKind,
    ResponseBody,
};

use super::BlockPut;
use super::request::{request, set_encryption, set_lease};
use crate::copy_source::Takes;
use crate::{CopySource, CustomerKey, SourcePart};

/// Puts a block, whose content of at most 4,000 MiB the service reads from a URL:
/// [Put Block From URL](https://learn.microsoft.com/rest/api/storageservices/put-block-from-url).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutBlockFromUrl {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The block's id. All ids of a blob must have the same length.
    pub id: BlockId,
    /// Where the content is.
    pub source: CopySource,
    /// What of it to take.
    pub part: SourcePart,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
}

impl PutBlockFromUrl {
    /// Puts what is at `source` as the block `id`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, id: BlockId, source: impl Into<CopySource>) -> Self {
        Self {
            container,
            blob,
            id,
            source: source.into(),
            part: SourcePart::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
        }
    }
}

impl Operation for PutBlockFromUrl {
    type Output = BlockPut;
    const INFO: OperationInfo = OperationInfo::blob("PutBlockFromUrl", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri
            .query("comp", "block")
            .query("blockid", &self.id.to_string())
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.source.apply(headers, Takes::PART_FROM_URL)?;
        self.part.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlockPut, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        Ok(BlockPut::read(&answer))
    }
}
