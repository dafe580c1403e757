//! Put Blob From URL: a block blob whose content the service reads elsewhere.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, BlobType, Body, Conditions, ContainerName, CopySourceTags, Endpoint, Error, ErrorKind,
    LeaseId, Md5, Operation, OperationInfo, OperationKind, ResponseBody, header,
};

use super::BlobWritten;
use super::request::{request, set, set_encryption, set_lease, set_md5, set_source_tags};
use crate::attributes::flag;
use crate::copy_source::Takes;
use crate::{BlobAttributes, CopySource, CustomerKey};

/// Writes a whole block blob, whose content of at most 5,000 MiB the service reads from a URL:
/// [Put Blob From URL](https://learn.microsoft.com/rest/api/storageservices/put-blob-from-url).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PutBlobFromUrl {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Where the content is.
    pub source: CopySource,
    /// What the content must sum up to.
    pub source_md5: Option<Md5>,
    /// What the body of the request must arrive as, which is empty. What the content must sum up to is `source_md5`.
    pub content_md5: Option<Md5>,
    /// Whether the headers of a source that is a blob are taken over, but for those that `attributes` names; the service does so when `None`.
    pub source_properties: Option<bool>,
    /// Whether the source's tags are taken over, or the tags of `attributes` set, as when `None`.
    pub source_tags: Option<CopySourceTags>,
    /// What to keep beside the content. The operation takes no immutability policy and no legal hold: set them when the blob is there.
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

impl PutBlobFromUrl {
    /// Writes what is at `source`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, source: impl Into<CopySource>) -> Self {
        Self {
            container,
            blob,
            source: source.into(),
            source_md5: None,
            content_md5: None,
            source_properties: None,
            source_tags: None,
            attributes: BlobAttributes::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for PutBlobFromUrl {
    type Output = BlobWritten;
    const INFO: OperationInfo = OperationInfo::blob("PutBlobFromUrl", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        set(headers, header::BLOB_TYPE, BlobType::Block.as_str())?;
        self.source.apply(headers, Takes::PUT_FROM_URL)?;
        set_md5(headers, header::SOURCE_CONTENT_MD5, self.source_md5)?;
        set_md5(headers, header::CONTENT_MD5, self.content_md5)?;
        if let Some(taken) = self.source_properties {
            headers.insert(header::COPY_SOURCE_BLOB_PROPERTIES, flag(taken));
        }
        if self.attributes.immutability_policy.is_some() || self.attributes.legal_hold.is_some() {
            // The service would go on without them.
            let message = "Put Blob From URL takes no immutability policy and no legal hold; set them when the blob is there";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        self.attributes.apply(headers)?;
        set_source_tags(headers, self.source_tags.as_ref())?;
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
