//! Snapshot Blob.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, ErrorKind, Etag, LeaseId, Metadata,
    Operation, OperationInfo, OperationKind, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_encryption, set_lease};
use crate::{CustomerKey, EncryptedWith};

/// Takes a snapshot of a blob, which cannot be changed: [Snapshot Blob](https://learn.microsoft.com/rest/api/storageservices/snapshot-blob).
///
/// # Repeats
/// A second try would take a second snapshot: the request is sent once, unless it surely did not arrive.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SnapshotBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// The snapshot's own pairs; those of the blob when there are none here.
    pub metadata: Metadata,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// The scope of the account to encrypt with.
    pub encryption_scope: Option<String>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// What the service answers to a snapshot.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SnapshotTaken {
    /// The snapshot's id: a time, to be kept as it is written.
    pub snapshot: String,
    /// The identity of the snapshot's state: the blob's, unless the snapshot has metadata of its own.
    pub etag: Etag,
    /// When that last changed; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The id of the new version, where the account keeps versions.
    pub version_id: Option<String>,
    /// What the service encrypted it with.
    pub encryption: EncryptedWith,
}

impl SnapshotBlob {
    /// Takes a snapshot of the blob as it is.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            metadata: Metadata::new(),
            customer_key: None,
            encryption_scope: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SnapshotBlob {
    type Output = SnapshotTaken;
    const INFO: OperationInfo = OperationInfo::blob("SnapshotBlob", OperationKind::Write).sent_once();

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "snapshot").build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.metadata.apply(headers)?;
        set_lease(headers, self.lease_id)?;
        set_encryption(headers, &self.customer_key, &self.encryption_scope)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<SnapshotTaken, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        let snapshot = answer.string(&header::SNAPSHOT).ok_or_else(|| {
            let message = "the service took a snapshot and did not say which";
            Error::new(ErrorKind::InvalidResponse, message)
        })?;
        Ok(SnapshotTaken {
            snapshot,
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            version_id: answer.string(&header::VERSION_ID),
            encryption: EncryptedWith::written(&answer),
        })
    }
}
