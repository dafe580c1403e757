//! What a lease can be on, and what the requests of all its operations share.

use std::fmt;

use http::{HeaderValue, Method, Request};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Operation,
    OperationInfo, OperationKind, UriBuilder, header,
};
use time::OffsetDateTime;

use super::request::request;

mod sealed {
    #[expect(
        unnameable_types,
        reason = "a bound that only this crate can meet: the service leases nothing else"
    )]
    pub trait Sealed {}
}

/// What a lease is on: [`LeasedBlob`] or [`LeasedContainer`].
pub trait LeaseTarget: Clone + fmt::Debug + Send + Sync + 'static + sealed::Sealed {
    #[doc(hidden)]
    const INFO: OperationInfo;

    #[doc(hidden)]
    fn info(&self) -> OperationInfo {
        Self::INFO
    }

    #[doc(hidden)]
    fn uri(&self, endpoint: &Endpoint) -> UriBuilder;
}

/// A blob that a lease is on ([Lease Blob](https://learn.microsoft.com/rest/api/storageservices/lease-blob)): nobody else can write or delete it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
}

/// A container that a lease is on ([Lease Container](https://learn.microsoft.com/rest/api/storageservices/lease-container)): nobody else can
/// delete it. What is in it is not leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedContainer {
    /// The container.
    pub container: ContainerName,
}

/// Either of them, for those who hold a lease and do not care on what.
#[derive(Clone, Debug)]
pub(crate) enum Leasable {
    Blob(LeasedBlob),
    Container(LeasedContainer),
}

impl sealed::Sealed for LeasedBlob {}
impl sealed::Sealed for LeasedContainer {}
impl sealed::Sealed for Leasable {}

impl LeaseTarget for LeasedBlob {
    const INFO: OperationInfo = OperationInfo::blob("LeaseBlob", OperationKind::Lease);

    fn uri(&self, endpoint: &Endpoint) -> UriBuilder {
        endpoint.uri().container(&self.container).blob(&self.blob)
    }
}

impl LeaseTarget for LeasedContainer {
    const INFO: OperationInfo = OperationInfo::blob("LeaseContainer", OperationKind::Lease);

    fn uri(&self, endpoint: &Endpoint) -> UriBuilder {
        endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
    }
}

impl LeaseTarget for Leasable {
    const INFO: OperationInfo = LeasedBlob::INFO;

    fn info(&self) -> OperationInfo {
        match self {
            Self::Blob(blob) => blob.info(),
            Self::Container(container) => container.info(),
        }
    }

    fn uri(&self, endpoint: &Endpoint) -> UriBuilder {
        match self {
            Self::Blob(blob) => blob.uri(endpoint),
            Self::Container(container) => container.uri(endpoint),
        }
    }
}

impl From<LeasedBlob> for Leasable {
    fn from(blob: LeasedBlob) -> Self {
        Self::Blob(blob)
    }
}

impl From<LeasedContainer> for Leasable {
    fn from(container: LeasedContainer) -> Self {
        Self::Container(container)
    }
}

/// What the service answers to who holds a lease: when it was acquired, renewed, or its id changed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LeaseHeld {
    /// The identity of the state of what is leased; a lease does not change it.
    pub etag: Etag,
    /// When what is leased last changed; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The id of the lease.
    pub lease_id: Option<LeaseId>,
}

impl LeaseHeld {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        Ok(Self {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            lease_id: answer.parsed(&header::LEASE_ID),
        })
    }
}

/// A request of an operation on the lease of `target`.
pub(super) fn lease_request<O: Operation>(
    operation: &O,
    target: &impl LeaseTarget,
    action: &'static str,
    conditions: &Conditions,
    endpoint: &Endpoint,
) -> Result<Request<Body>, Error> {
    let uri = target.uri(endpoint).query("comp", "lease").build()?;
    let mut request = request::<O>(Method::PUT, uri, Body::empty());
    request.extensions_mut().insert(operation.info());
    let headers = request.headers_mut();
    headers.insert(header::LEASE_ACTION, HeaderValue::from_static(action));
    conditions.apply(headers)?;
    Ok(request)
}
