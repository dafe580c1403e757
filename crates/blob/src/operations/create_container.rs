//! Create Container.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Etag, Metadata, Operation, OperationInfo, OperationKind,
    PublicAccess, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_if};

/// Makes a container: [Create Container](https://learn.microsoft.com/rest/api/storageservices/create-container).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateContainer {
    /// The container.
    pub container: ContainerName,
    /// The pairs to keep with it.
    pub metadata: Metadata,
    /// What anybody may read without a key; nothing when `None`.
    pub public_access: Option<PublicAccess>,
}

/// What the service answers to a new container.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ContainerCreated {
    /// The identity of its state.
    pub etag: Etag,
    /// When it was made; whole seconds.
    pub last_modified: OffsetDateTime,
}

impl CreateContainer {
    /// Makes a private container.
    #[must_use]
    pub fn new(container: ContainerName) -> Self {
        Self {
            container,
            metadata: Metadata::new(),
            public_access: None,
        }
    }
}

impl Operation for CreateContainer {
    type Output = ContainerCreated;
    const INFO: OperationInfo = OperationInfo::blob("CreateContainer", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let access = self.public_access.as_ref().map(PublicAccess::as_str);
        set_if(request.headers_mut(), header::BLOB_PUBLIC_ACCESS, access)?;
        self.metadata.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerCreated, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::CREATED]).await?;
        Ok(ContainerCreated {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
        })
    }
}
