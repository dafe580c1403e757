//! Restore Container.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody,
    header,
};

use super::request::{request, set};

/// Brings back a container that soft delete still keeps, under its name or another:
/// [Restore Container](https://learn.microsoft.com/rest/api/storageservices/restore-container).
///
/// # Repeats
/// A second try after one whose answer was lost is refused with 409 `ContainerAlreadyExists`: the container is back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RestoreContainer {
    /// The name that it is to have. No container may have it.
    pub container: ContainerName,
    /// The name that it had.
    pub deleted_name: ContainerName,
    /// Which of the deleted containers of that name: its version, as a list of deleted containers tells.
    pub deleted_version: String,
}

/// What the service answers to a container that is back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerRestored {}

impl RestoreContainer {
    /// Brings a container back under the name that it had.
    #[must_use]
    pub fn new(container: ContainerName, deleted_version: impl Into<String>) -> Self {
        Self {
            deleted_name: container.clone(),
            container,
            deleted_version: deleted_version.into(),
        }
    }
}

impl Operation for RestoreContainer {
    type Output = ContainerRestored;
    const INFO: OperationInfo = OperationInfo::blob("RestoreContainer", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .query("comp", "undelete")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        set(
            headers,
            header::DELETED_CONTAINER_NAME,
            self.deleted_name.as_str(),
        )?;
        set(headers, header::DELETED_CONTAINER_VERSION, &self.deleted_version)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerRestored, Error> {
        Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        Ok(ContainerRestored {})
    }
}
