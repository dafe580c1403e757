//! Set Blob Legal Hold.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind,
    ResponseBody, header,
};

use super::request::{of_state, request};
use crate::attributes::flag;

/// Keeps a blob from being changed or deleted until the hold is taken away, or takes it away:
/// [Set Blob Legal Hold](https://learn.microsoft.com/rest/api/storageservices/set-blob-legal-hold).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetLegalHold {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// Whether the blob is to be held.
    pub held: bool,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
}

/// What the service answers when a hold was set or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LegalHoldSet {
    /// Whether the blob is held now.
    pub held: Option<bool>,
}

impl SetLegalHold {
    /// Sets or takes away the hold of the current blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, held: bool) -> Self {
        Self {
            container,
            blob,
            held,
            snapshot: None,
            version_id: None,
        }
    }
}

impl Operation for SetLegalHold {
    type Output = LegalHoldSet;
    const INFO: OperationInfo = OperationInfo::blob("SetLegalHold", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "legalhold");
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::empty());
        request.headers_mut().insert(header::LEGAL_HOLD, flag(self.held));
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<LegalHoldSet, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        Ok(LegalHoldSet {
            held: answer.flag(&header::LEGAL_HOLD),
        })
    }
}
