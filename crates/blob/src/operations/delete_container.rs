//! Delete Container.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody,
};

use super::request::{request, set_lease};

/// Deletes a container and all that is in it: [Delete Container](https://learn.microsoft.com/rest/api/storageservices/delete-container).
/// Its name can be used again after some seconds to minutes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeleteContainer {
    /// The container.
    pub container: ContainerName,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The container's state must meet these; only dates count here.
    pub conditions: Conditions,
}

/// What the service answers to a deleted container.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerDeleted {}

impl DeleteContainer {
    /// Deletes the container.
    #[must_use]
    pub fn new(container: ContainerName) -> Self {
        Self {
            container,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for DeleteContainer {
    type Output = ContainerDeleted;
    const INFO: OperationInfo = OperationInfo::blob("DeleteContainer", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .build()?;
        let mut request = request::<Self>(Method::DELETE, uri, Body::empty());
        set_lease(request.headers_mut(), self.lease_id)?;
        self.conditions.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerDeleted, Error> {
        Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        Ok(ContainerDeleted {})
    }
}
