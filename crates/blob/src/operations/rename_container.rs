//! Rename Container.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo, OperationKind,
    ResponseBody, header,
};

use super::request::{request, set};

/// Gives a container another name. The service has this as Rename Container, without a page of reference, and not for every account.
///
/// # Repeats
/// A second try after one whose answer was lost is refused with 404 `ContainerNotFound`: no container has the old name any more.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RenameContainer {
    /// The name that it is to have. No container may have it.
    pub container: ContainerName,
    /// The name that it has.
    pub source_name: ContainerName,
    /// Shows that the caller holds the lease on it.
    pub source_lease_id: Option<LeaseId>,
}

/// What the service answers to a container that has another name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerRenamed {}

impl RenameContainer {
    /// Names the container `source_name` as `container` says.
    #[must_use]
    pub fn new(container: ContainerName, source_name: ContainerName) -> Self {
        Self {
            container,
            source_name,
            source_lease_id: None,
        }
    }
}

impl Operation for RenameContainer {
    type Output = ContainerRenamed;
    const INFO: OperationInfo = OperationInfo::blob("RenameContainer", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .query("comp", "rename")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        set(headers, header::SOURCE_CONTAINER_NAME, self.source_name.as_str())?;
        if let Some(id) = self.source_lease_id {
            headers.insert(header::SOURCE_LEASE_ID, id.header_value()?);
        }
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerRenamed, Error> {
        Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ContainerRenamed {})
    }
}
