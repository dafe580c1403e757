//! Copy Blob: a copy that the service may go on with after its answer.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, CopyStatus, Endpoint, Error, ErrorKind, Etag, LeaseId,
    Operation, OperationInfo, OperationKind, RehydratePriority, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_if, set_lease};
use crate::attributes::flag;
use crate::copy_source::Takes;
use crate::{CopyAttributes, CopySource};

/// Starts a copy to a blob, in place of what is there: [Copy Blob](https://learn.microsoft.com/rest/api/storageservices/copy-blob). Within an
/// account it is mostly done before the answer.
///
/// # Repeats
/// A second try after one whose answer was lost starts the same copy again, or is refused with 409 `PendingCopyOperation` while the first goes on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CopyBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// What to copy.
    pub source: CopySource,
    /// What to keep beside the content.
    pub attributes: CopyAttributes,
    /// How urgently the copy of an archived blob is to be brought back.
    pub rehydrate_priority: Option<RehydratePriority>,
    /// Whether the copy of an append blob is closed for good; as its source is when `None`.
    pub seal: Option<bool>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's old state must meet these.
    pub conditions: Conditions,
}

/// What the service answers to a copy that it has begun, and may have done.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CopyStarted {
    /// The identity of the blob's state.
    pub etag: Etag,
    /// When it was written; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The id of the new version, where the account keeps versions.
    pub version_id: Option<String>,
    /// The id of the copy, by which it is asked about and aborted.
    pub copy_id: String,
    /// [`Success`](CopyStatus::Success) when it is done, [`Pending`](CopyStatus::Pending) while it goes on.
    pub copy_status: CopyStatus,
}

impl CopyBlob {
    /// Copies `source`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, source: impl Into<CopySource>) -> Self {
        Self {
            container,
            blob,
            source: source.into(),
            attributes: CopyAttributes::default(),
            rehydrate_priority: None,
            seal: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for CopyBlob {
    type Output = CopyStarted;
    const INFO: OperationInfo = OperationInfo::blob("CopyBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.source.apply(headers, Takes::COPY_BLOB)?;
        self.attributes.apply(headers)?;
        let priority = self.rehydrate_priority.as_ref().map(RehydratePriority::as_str);
        set_if(headers, header::REHYDRATE_PRIORITY, priority)?;
        if let Some(seal) = self.seal {
            headers.insert(header::SEAL_BLOB, flag(seal));
        }
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<CopyStarted, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        CopyStarted::read(&answer)
    }
}

impl CopyStarted {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        let lacks = || {
            let id = answer.request_id().unwrap_or("unknown");
            let message = format!("the answer to a copy has no id and status of it (request id {id})");
            Error::new(ErrorKind::InvalidResponse, message)
        };
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            version_id: answer.string(&header::VERSION_ID),
            copy_id: answer.string(&header::COPY_ID).ok_or_else(lacks)?,
            copy_status: answer.value(&header::COPY_STATUS).ok_or_else(lacks)?,
        })
    }
}
