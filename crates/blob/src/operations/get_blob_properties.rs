//! Get Blob Properties: all about a blob but its content.

use http::{Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody,
};

use super::request::{of_state, request, set_customer_key, set_lease};
use crate::{BlobProperties, CustomerKey};

/// Reads a blob's properties: [Get Blob Properties](https://learn.microsoft.com/rest/api/storageservices/get-blob-properties).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetBlobProperties {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

impl GetBlobProperties {
    /// Reads the properties of the current blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            version_id: None,
            customer_key: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for GetBlobProperties {
    type Output = BlobProperties;
    const INFO: OperationInfo = OperationInfo::blob("GetBlobProperties", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        let mut request = request::<Self>(Method::HEAD, uri, Body::empty());
        let headers = request.headers_mut();
        set_lease(headers, self.lease_id)?;
        set_customer_key(headers, &self.customer_key)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobProperties, Error> {
        let (answer, _) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        BlobProperties::read(&answer, answer.content_length()?)
    }
}
