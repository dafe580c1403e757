//! List Containers.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::ListContainersPage;
use lazuli_protocol::{Answer, Body, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody};

use super::list_blobs::{ANSWER_LIMIT, page_size};
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

/// What else a list holds, or says of each container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListContainersInclude {
    /// Metadata.
    Metadata,
    /// Containers that were deleted and can be brought back.
    Deleted,
    /// The service's own containers.
    System,
}

impl ListContainersInclude {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Deleted => "deleted",
            Self::System => "system",
        }
    }
}

impl Operation for ListContainers {
    type Output = ListContainersPage;
    const INFO: OperationInfo = OperationInfo::blob("ListContainers", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let include = self
            .include
            .iter()
            .map(|include| include.as_str())
            .collect::<Vec<_>>()
            .join(",");
        let max_results = self.max_results.map(page_size).transpose()?;
        let uri = endpoint.uri().query("comp", "list");
        let uri = uri.query_if(
            "prefix",
            self.prefix.as_deref().filter(|prefix| !prefix.is_empty()),
        );
        let uri = uri.query_if("marker", self.marker.as_deref());
        let uri = uri.query_if("maxresults", max_results.as_deref());
        let uri = uri
            .query_if(
                "include",
                Some(include.as_str()).filter(|include| !include.is_empty()),
            )
            .build()?;
        Ok(request::<Self>(Method::GET, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ListContainersPage, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        ListContainersPage::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}
