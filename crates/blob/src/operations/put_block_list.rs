//! Put Block List: makes a blob of blocks.

use http::{StatusCode, response};
use lazuli_protocol::xml::BlockLookupList;
use lazuli_protocol::{
    Answer, BlobName, Body, Checksum, Conditions, ContainerName, Endpoint, Error, ErrorKind, LeaseId,
    Operation, OperationInfo, OperationKind, ResponseBody, limits,
};

use super::BlobWritten;
use super::content::{Check, document};
use super::request::{set_encryption, set_lease};
use crate::{BlobAttributes, CustomerKey};

/// Makes a blob of blocks that were put before: [Put Block List](https://learn.microsoft.com/rest/api/storageservices/put-block-list).
/// It resets headers, metadata and tier to what it carries.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutBlockList {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The blocks, at most 50,000, in the order of the blob's content.
    pub blocks: BlockLookupList,
    /// What the [body](BlockLookupList::to_xml) must arrive as; its CRC64 without one. It is no checksum of the blob.
    pub checksum: Option<Checksum>,
    /// What to keep beside the content.
    pub attributes: BlobAttributes,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's old state must meet these.
    pub conditions: Conditions,
}

impl PutBlockList {
    /// Commits `blocks`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, blocks: BlockLookupList) -> Self {
        Self {
            container,
            blob,
            blocks,
            checksum: None,
            attributes: BlobAttributes::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutBlockList {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutBlockList", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let count = self.blocks.0.len() as u64;
        if count > limits::COMMITTED_BLOCKS {
            let message = format!("a blob has at most 50,000 blocks, not {count}; use larger ones");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "blocklist")
            .build()?;
        let mut request = document::<Self>(uri, self.blocks.to_xml(), Check::of(self.checksum))?;
        let headers = request.headers_mut();
        self.attributes.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobWritten, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        BlobWritten::read(&answer)
    }
}
