//! List Containers.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::ListContainersPage;
use lazuli_protocol::{Answer, Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody};

use super::listing::{ANSWER_LIMIT, PageQuery, includes, some};
use super::request::request;

/// Asks for a page of an account's containers: [List Containers](https://learn.microsoft.com/rest/api/storageservices/list-containers2).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ListContainers {
    /// Only names that start with this.
    pub prefix: Option<String>,
    /// Where the page starts, from the page before.
    pub marker: Option<String>,
    /// The most entries of a page, 1 to 5,000; the service may give fewer.
    pub max_results: Option<u32>,
    /// What else to list, and to say of each container.
    pub include: Vec<ListContainersInclude>,
}

includes! {
    /// What else a list of containers holds, or says of each container.
    ListContainersInclude {
        /// Metadata.
        Metadata = "metadata",
        /// Containers that were deleted and can be brought back.
        Deleted = "deleted",
        /// The service's own containers.
        System = "system",
    }
}

impl Operation for ListContainers {
    type Output = ListContainersPage;
    const INFO: OperationInfo = OperationInfo::blob("ListContainers", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let page = PageQuery {
            marker: self.marker.as_deref(),
            max_results: self.max_results,
            include: self.include.iter().map(|include| include.as_str()).collect(),
        };
        let uri = endpoint.uri().query("comp", "list");
        let uri = uri.query_if("prefix", some(self.prefix.as_deref()));
        let uri = page.ask(uri)?.build()?;
        Ok(request::<Self>(Method::GET, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ListContainersPage, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        ListContainersPage::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}
