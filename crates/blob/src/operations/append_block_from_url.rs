//! Append Block From URL: adds to an append blob what the service reads elsewhere.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Md5, Operation,
    OperationInfo, OperationKind, ResponseBody, header,
};

use super::BlockAppended;
use super::request::{request, set_encryption, set_lease, set_md5};
use crate::copy_source::Takes;
use crate::{AppendConditions, CopySource, CustomerKey, SourcePart};

/// Adds to the end of an append blob what the service reads from a URL, at most 100 MiB:
/// [Append Block From URL](https://learn.microsoft.com/rest/api/storageservices/append-block-from-url).
///
/// # Repeats
/// As [`AppendBlock`](super::AppendBlock): sent once, unless it names its position or surely did not arrive.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AppendBlockFromUrl {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Where the content is.
    pub source: CopySource,
    /// What of it to take.
    pub part: SourcePart,
    /// What the body of the request must arrive as, which is empty. What the content must sum up to is said in `part`.
    pub content_md5: Option<Md5>,
    /// Where it must begin and may end.
    pub append: AppendConditions,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account that the blob is encrypted with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

impl AppendBlockFromUrl {
    /// Appends what is at `source`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, source: impl Into<CopySource>) -> Self {
        Self {
            container,
            blob,
            source: source.into(),
            part: SourcePart::default(),
            content_md5: None,
            append: AppendConditions::default(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

const AT_A_POSITION: OperationInfo = OperationInfo::blob("AppendBlockFromUrl", OperationKind::Write);

impl Operation for AppendBlockFromUrl {
    type Output = BlockAppended;
    const INFO: OperationInfo = AT_A_POSITION.sent_once();

    fn info(&self) -> OperationInfo {
        match self.append.position {
            Some(_) => AT_A_POSITION,
            None => Self::INFO,
        }
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "appendblock").build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        request.extensions_mut().insert(self.info());
        let headers = request.headers_mut();
        self.source.apply(headers, Takes::PART_FROM_URL)?;
        self.part.apply(headers)?;
        set_md5(headers, header::CONTENT_MD5, self.content_md5)?;
        self.append.apply(headers);
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlockAppended, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        BlockAppended::read(&answer)
    }
}
