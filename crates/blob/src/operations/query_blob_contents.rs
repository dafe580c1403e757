//! Query Blob Contents: SQL over the content of a blob.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::xml::QueryRequest;
use lazuli_protocol::{
    Answer, BlobName, Body, Conditions, ContainerName, Endpoint, Error, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody,
};

use super::request::{of_state, request, set_customer_key, set_lease};
use crate::{BlobProperties, CustomerKey, QueryResult};

/// Asks the content of a blob: [Query Blob Contents](https://learn.microsoft.com/rest/api/storageservices/query-blob-contents).
/// It changes nothing, though it is sent with POST.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryBlobContents {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// The question, and how content and answer are written.
    pub query: QueryRequest,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

impl QueryBlobContents {
    /// Asks in SQL.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, expression: impl Into<String>) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            query: QueryRequest::new(expression),
            customer_key: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for QueryBlobContents {
    type Output = QueryResult;
    const INFO: OperationInfo = OperationInfo::blob("QueryBlobContents", OperationKind::LargeRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = of_state(uri.query("comp", "query"), self.snapshot.as_deref(), None).build()?;
        let mut request = request::<Self>(Method::POST, uri, self.query.to_xml()?.into());
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        set_lease(headers, self.lease_id)?;
        set_customer_key(headers, &self.customer_key)?;
        self.conditions.apply(headers)?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<QueryResult, Error> {
        let expected = [StatusCode::OK, StatusCode::PARTIAL_CONTENT];
        let (answer, body) = Answer::expect(parts, body, &expected).await?;
        // `Content-Length`, where there is one, is that of the answer.
        let properties = BlobProperties::read(&answer, 0)?;
        Ok(QueryResult::new(properties, body))
    }
}
