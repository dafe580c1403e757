//! Set Container ACL.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::xml::SignedIdentifiers;
use lazuli_protocol::{
    Answer, Body, Conditions, ContainerName, Endpoint, Error, Etag, LeaseId, Operation, OperationInfo,
    OperationKind, PublicAccess, ResponseBody, header,
};
use time::OffsetDateTime;

use super::request::{request, set_if, set_lease};

/// Says what anybody may read of a container, and sets its stored access policies in place of those that are there:
/// [Set Container ACL](https://learn.microsoft.com/rest/api/storageservices/set-container-acl). It may take the service 30 seconds to follow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetContainerAcl {
    /// The container.
    pub container: ContainerName,
    /// What shared access signatures can refer to: five at most.
    pub policies: SignedIdentifiers,
    /// What anybody may read without a key; nothing when `None`.
    pub public_access: Option<PublicAccess>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// Under which conditions. Of a container the service compares dates only.
    pub conditions: Conditions,
}

/// What the service answers when the access to a container was set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ContainerAclSet {
    /// The identity of the new state.
    pub etag: Etag,
    /// When it was set; whole seconds.
    pub last_modified: OffsetDateTime,
}

impl SetContainerAcl {
    /// Sets these policies, and opens nothing to the public.
    #[must_use]
    pub fn new(container: ContainerName, policies: SignedIdentifiers) -> Self {
        Self {
            container,
            policies,
            public_access: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for SetContainerAcl {
    type Output = ContainerAclSet;
    const INFO: OperationInfo = OperationInfo::blob("SetContainerAcl", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .query("comp", "acl")
            .build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::from(self.policies.to_xml()));
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        let access = self.public_access.as_ref().map(PublicAccess::as_str);
        set_if(headers, header::BLOB_PUBLIC_ACCESS, access)?;
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ContainerAclSet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ContainerAclSet {
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
        })
    }
}
