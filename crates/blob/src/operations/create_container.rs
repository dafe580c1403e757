//! Create Container.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Etag, Metadata, Operation, OperationInfo, OperationKind,
    PublicAccess, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_if};
use crate::attributes::flag;

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
    /// The scope of the account that blobs are encrypted with which name none.
    pub default_encryption_scope: Option<String>,
    /// Whether blobs may name no other scope. The service wants a default scope beside it.
    pub deny_encryption_scope_override: Option<bool>,
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
            default_encryption_scope: None,
            deny_encryption_scope_override: None,
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
        let headers = request.headers_mut();
        set_if(headers, header::BLOB_PUBLIC_ACCESS, access)?;
        let scope = self.default_encryption_scope.as_deref();
        set_if(headers, header::DEFAULT_ENCRYPTION_SCOPE, scope)?;
        if let Some(denied) = self.deny_encryption_scope_override {
            headers.insert(header::DENY_ENCRYPTION_SCOPE_OVERRIDE, flag(denied));
        }
        self.metadata.apply(headers)?;
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
