//! Get Container ACL.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::SignedIdentifiers;
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Etag, LeaseId, Operation, OperationInfo, OperationKind,
    PublicAccess, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_lease};

/// The answer has at most five policies, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Asks what anybody may read of a container, and for its stored access policies:
/// [Get Container ACL](https://learn.microsoft.com/rest/api/storageservices/get-container-acl).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetContainerAcl {
    /// The container.
    pub container: ContainerName,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
}

/// Who may do what with a container.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ContainerAcl {
    /// What anybody may read without a key; nothing when `None`.
    pub public_access: Option<PublicAccess>,
    /// What shared access signatures can refer to.
    pub policies: SignedIdentifiers,
    /// The identity of the container's state.
    pub etag: Etag,
    /// When the container was changed last; whole seconds.
    pub last_modified: OffsetDateTime,
}

impl GetContainerAcl {
    /// Asks for this container.
    #[must_use]
    pub fn new(container: ContainerName) -> Self {
        Self {
            container,
            lease_id: None,
        }
    }
}

impl Operation for GetContainerAcl {
    type Output = ContainerAcl;
    const INFO: OperationInfo = OperationInfo::blob("GetContainerAcl", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .query("comp", "acl")
            .build()?;
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        set_lease(request.headers_mut(), self.lease_id)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerAcl, Error> {
        let (answer, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ContainerAcl {
            public_access: answer.value(&header::BLOB_PUBLIC_ACCESS),
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            policies: SignedIdentifiers::parse(&body.collect(ANSWER_LIMIT).await?)?,
        })
    }
}
