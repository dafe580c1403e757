//! Get Blob Service Properties.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::BlobServiceProperties;
use lazuli_protocol::{Answer, Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody};

use super::request::request;

/// Five rules of some kilobytes each are most of the answer, in bytes.
const ANSWER_LIMIT: usize = 256 * 1024;

/// Reads what an account has set for its blobs: logs, metrics, rules for other origins, soft delete, the static site:
/// [Get Blob Service Properties](https://learn.microsoft.com/rest/api/storageservices/get-blob-service-properties).
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetServiceProperties {}

impl Operation for GetServiceProperties {
    type Output = BlobServiceProperties;
    const INFO: OperationInfo = OperationInfo::blob("GetBlobServiceProperties", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().query("restype", "service");
        let uri = uri.query("comp", "properties").build()?;
        Ok(request::<Self>(Method::GET, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<BlobServiceProperties, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        BlobServiceProperties::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}
