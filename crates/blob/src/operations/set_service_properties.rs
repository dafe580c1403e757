//! Set Blob Service Properties.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::xml::BlobServiceProperties;
use lazuli_protocol::{Answer, Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody};

use super::request::request;

/// Sets what an account keeps for its blobs: [Set Blob Service Properties](https://learn.microsoft.com/rest/api/storageservices/set-blob-service-properties).
/// It may take the service 30 seconds to follow.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SetServiceProperties {
    /// What to set; the rest stays as it is.
    pub properties: BlobServiceProperties,
}

/// What the service answers when its properties were set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServicePropertiesSet {}

impl SetServiceProperties {
    /// Sets these properties.
    #[must_use]
    pub fn new(properties: BlobServiceProperties) -> Self {
        Self { properties }
    }
}

impl Operation for SetServiceProperties {
    type Output = ServicePropertiesSet;
    const INFO: OperationInfo = OperationInfo::blob("SetBlobServiceProperties", OperationKind::Write);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        self.properties.check()?;
        let uri = endpoint.uri().query("restype", "service");
        let uri = uri.query("comp", "properties").build()?;
        let mut request = request::<Self>(Method::PUT, uri, Body::from(self.properties.to_xml()));
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ServicePropertiesSet, Error> {
        Answer::expect(parts, body, &[StatusCode::ACCEPTED]).await?;
        Ok(ServicePropertiesSet {})
    }
}
