//! Set Blob Immutability Policy.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, ErrorKind, Operation, OperationInfo,
    OperationKind, ResponseBody, format_rfc1123,
};
use time::OffsetDateTime;

use super::request::{of_state, request};
use crate::ImmutabilityPolicy;

/// Keeps a blob from being changed or deleted for a time: [Set Blob Immutability Policy](https://learn.microsoft.com/rest/api/storageservices/set-blob-immutability-policy).
/// An unlocked policy can be changed by this in any way; a locked one can only be made longer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetImmutabilityPolicy {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Until when, and how firmly.
    pub policy: ImmutabilityPolicy,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
    /// Only if the blob did not change after this; whole seconds.
    pub if_unmodified_since: Option<OffsetDateTime>,
}

/// What the service answers when a policy was set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImmutabilityPolicySet {
    /// The policy as it is now.
    pub policy: Option<ImmutabilityPolicy>,
}

impl SetImmutabilityPolicy {
    /// Sets `policy`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, policy: ImmutabilityPolicy) -> Self {
        Self {
            container,
            blob,
            policy,
            snapshot: None,
            version_id: None,
            if_unmodified_since: None,
        }
    }
}

impl Operation for SetImmutabilityPolicy {
    type Output = ImmutabilityPolicySet;
    const INFO: OperationInfo = OperationInfo::blob("SetImmutabilityPolicy", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "immutabilityPolicies");
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        let headers = request.headers_mut();
        self.policy.apply(headers)?;
        if let Some(at) = self.if_unmodified_since {
            let value = HeaderValue::from_str(&format_rfc1123(at)).map_err(|source| {
                Error::new(ErrorKind::InvalidInput, "the date cannot be sent").with_source(source)
            })?;
            headers.insert(http::header::IF_UNMODIFIED_SINCE, value);
        }
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ImmutabilityPolicySet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(ImmutabilityPolicySet {
            policy: ImmutabilityPolicy::read(&answer),
        })
    }
}
