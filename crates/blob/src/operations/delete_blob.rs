//! Delete Blob.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody, format_rfc1123, header,
};
use time::OffsetDateTime;

use super::request::{of_state, request, set_if, set_lease};

/// Deletes a blob: [Delete Blob](https://learn.microsoft.com/rest/api/storageservices/delete-blob).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeleteBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id, to delete that alone.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id, to delete that alone.
    pub version_id: Option<String>,
    /// What to do with the blob's snapshots. Without a word, a blob that has some is not deleted.
    pub snapshots: Option<DeleteSnapshots>,
    /// Whether to delete for good a snapshot or a version that soft delete still keeps.
    pub permanent: bool,
    /// Only if the blob's tier was set after this; whole seconds. The service takes it from version 2026-04-06 on.
    pub tier_if_modified_since: Option<OffsetDateTime>,
    /// Only if the blob's tier was not set after this; whole seconds. The service takes it from version 2026-04-06 on.
    pub tier_if_unmodified_since: Option<OffsetDateTime>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// What to do with the snapshots of a blob that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeleteSnapshots {
    /// Delete them with the blob.
    Include,
    /// Delete them and keep the blob.
    Only,
}

/// What the service answers to a delete.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobDeleted {
    /// Whether it is gone for good; `false` where soft delete or versions keep it.
    pub permanent: Option<bool>,
}

impl DeleteBlob {
    /// Deletes the blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            version_id: None,
            snapshots: None,
            permanent: false,
            tier_if_modified_since: None,
            tier_if_unmodified_since: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for DeleteBlob {
    type Output = BlobDeleted;
    const INFO: OperationInfo = OperationInfo::blob("DeleteBlob", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref())
            .query_if("deletetype", self.permanent.then_some("Permanent"))
            .build()?;
        let mut request = request::<Self>(Method::DELETE, uri, Body::empty());
        if let Some(snapshots) = self.snapshots {
            let value = match snapshots {
                DeleteSnapshots::Include => "include",
                DeleteSnapshots::Only => "only",
            };
            request
                .headers_mut()
                .insert(header::DELETE_SNAPSHOTS, HeaderValue::from_static(value));
        }
        for (name, at) in [
            (header::ACCESS_TIER_IF_MODIFIED_SINCE, self.tier_if_modified_since),
            (
                header::ACCESS_TIER_IF_UNMODIFIED_SINCE,
                self.tier_if_unmodified_since,
            ),
        ] {
            set_if(request.headers_mut(), name, at.map(format_rfc1123).as_deref())?;
        }
        set_lease(request.headers_mut(), self.lease_id)?;
        self.conditions.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobDeleted, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        Ok(BlobDeleted {
            permanent: answer.flag(&header::DELETE_TYPE_PERMANENT),
        })
    }
}
