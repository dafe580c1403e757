//! Delete Blob Immutability Policy.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind,
    ResponseBody,
};

use super::request::{of_state, request};

/// Takes an unlocked immutability policy away: [Delete Blob Immutability Policy](https://learn.microsoft.com/rest/api/storageservices/delete-blob-immutability-policy).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeleteImmutabilityPolicy {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
}

/// What the service answers when a policy was taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImmutabilityPolicyDeleted {}

impl DeleteImmutabilityPolicy {
    /// Takes the policy of the current blob away.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            version_id: None,
        }
    }
}

impl Operation for DeleteImmutabilityPolicy {
    type Output = ImmutabilityPolicyDeleted;
    const INFO: OperationInfo = OperationInfo::blob("DeleteImmutabilityPolicy", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "immutabilityPolicies");
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        Ok(request::<Self>(Method::DELETE, uri, Body::empty()))
    }

    async fn response(
        parts: response::Parts,
        body: ResponseBody,
    ) -> Result<ImmutabilityPolicyDeleted, Error> {
        Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ImmutabilityPolicyDeleted {})
    }
}
