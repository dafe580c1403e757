//! Set Blob Properties: the sequence number of a page blob.

use http::{Method, response};
use lazuli_protocol::{
    BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody, SequenceNumberAction, header,
};

use super::PageBlobSet;
use super::request::{request, set, set_lease};
use crate::page_range;

/// Changes the sequence number of a page blob: [Set Blob Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-properties).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetSequenceNumber {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// How to change it.
    pub change: SequenceNumberChange,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// How the sequence number of a page blob is changed. It is at most 2^63 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SequenceNumberChange {
    /// To this one, if that is more than it is.
    Max(u64),
    /// To this one.
    Update(u64),
    /// To the next one. A call is sent once alone, unless it surely did not arrive.
    Increment,
}

impl SetSequenceNumber {
    /// Makes this change.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, change: SequenceNumberChange) -> Self {
        Self {
            container,
            blob,
            change,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

/// A number that is named is the same, however often it is sent.
const TO_A_NUMBER: OperationInfo = OperationInfo::blob("SetSequenceNumber", OperationKind::Write);

impl Operation for SetSequenceNumber {
    type Output = PageBlobSet;
    const INFO: OperationInfo = TO_A_NUMBER.sent_once();

    fn info(&self) -> OperationInfo {
        match self.change {
            SequenceNumberChange::Increment => Self::INFO,
            SequenceNumberChange::Max(_) | SequenceNumberChange::Update(_) => TO_A_NUMBER,
        }
    }

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .blob(&self.blob)
            .query("comp", "properties")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        request.extensions_mut().insert(self.info());
        let headers = request.headers_mut();
        let (action, number) = match self.change {
            SequenceNumberChange::Max(number) => (SequenceNumberAction::Max, Some(number)),
            SequenceNumberChange::Update(number) => (SequenceNumberAction::Update, Some(number)),
            SequenceNumberChange::Increment => (SequenceNumberAction::Increment, None),
        };
        set(headers, header::SEQUENCE_NUMBER_ACTION, action.as_str())?;
        if let Some(number) = number {
            page_range::set_sequence_number(headers, number)?;
        }
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<PageBlobSet, Error> {
        PageBlobSet::read(parts, body).await
    }
}
