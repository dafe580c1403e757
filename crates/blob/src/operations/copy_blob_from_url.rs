//! Copy Blob From URL: a copy that is done before the answer.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, CopySourceTags, Crc64, Endpoint, Error, LeaseId, Md5,
    Operation, OperationInfo, OperationKind, ResponseBody, header,
};

use super::CopyStarted;
use super::request::{request, set_if, set_lease, set_md5, set_source_tags};
use crate::copy_source::Takes;
use crate::{CopyAttributes, CopySource, EncryptedWith};

/// Copies a source of at most 256 MiB to a block blob, and answers when that is done:
/// [Copy Blob From URL](https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CopyBlobFromUrl {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// What to copy.
    pub source: CopySource,
    /// What the source must sum up to.
    pub source_md5: Option<Md5>,
    /// Whether the source's tags are taken over, or the tags of `attributes` set, as when `None`.
    pub source_tags: Option<CopySourceTags>,
    /// What to keep beside the content.
    pub attributes: CopyAttributes,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's old state must meet these.
    pub conditions: Conditions,
}

/// What the service answers to a copy that it has done.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BlobCopied {
    /// The copy, which is done.
    pub copy: CopyStarted,
    /// The CRC64 of the content.
    pub content_crc64: Option<Crc64>,
    /// The MD5 of the content, when MD5 was sent.
    pub content_md5: Option<Md5>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl CopyBlobFromUrl {
    /// Copies `source`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, source: impl Into<CopySource>) -> Self {
        Self {
            container,
            blob,
            source: source.into(),
            source_md5: None,
            source_tags: None,
            attributes: CopyAttributes::default(),
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for CopyBlobFromUrl {
    type Output = BlobCopied;
    const INFO: OperationInfo = OperationInfo::blob("CopyBlobFromUrl", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        headers.insert(header::REQUIRES_SYNC, HeaderValue::from_static("true"));
        self.source.apply(headers, Takes::COPY_FROM_URL)?;
        set_md5(headers, header::SOURCE_CONTENT_MD5, self.source_md5)?;
        self.attributes.apply(headers)?;
        set_source_tags(headers, self.source_tags.as_ref())?;
        set_if(
            headers,
            header::ENCRYPTION_SCOPE,
            self.encryption_scope.as_deref(),
        )?;
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobCopied, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        Ok(BlobCopied {
            copy: CopyStarted::read(&answer)?,
            content_crc64: answer.parsed(&header::CONTENT_CRC64),
            content_md5: answer.parsed(&header::CONTENT_MD5),
            encryption: EncryptedWith::written(&answer),
        })
    }
}
