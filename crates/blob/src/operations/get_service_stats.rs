//! Get Blob Service Stats.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::ServiceStats;
use lazuli_protocol::{Answer, Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody};
use lazuli_transport::ReadFrom;

use super::request::request;

/// The answer has a status and a time, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Asks how the copy of an account in its second region stands:
/// [Get Blob Service Stats](https://learn.microsoft.com/rest/api/storageservices/get-blob-service-stats). Only the secondary host of an account that can be
/// read there (RA-GRS, RA-GZRS) answers; the request says so to the layers below.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetServiceStats {}

impl Operation for GetServiceStats {
    type Output = ServiceStats;
    const INFO: OperationInfo = OperationInfo::blob("GetBlobServiceStats", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().query("restype", "service");
        let uri = uri.query("comp", "stats").build()?;
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        request.extensions_mut().insert(ReadFrom::Secondary);
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ServiceStats, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        ServiceStats::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}
