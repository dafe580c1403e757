//! Find Blobs by Tags, in an account or in a container.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::FoundBlobsPage;
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody,
};

use super::listing::{ANSWER_LIMIT, PageQuery};
use super::request::request;

/// Asks for a page of the blobs whose tags are so: [Find Blobs by Tags](https://learn.microsoft.com/rest/api/storageservices/find-blobs-by-tags), or
/// [in a container](https://learn.microsoft.com/rest/api/storageservices/find-blobs-by-tags-container). The index follows the blobs after a moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FindBlobsByTags {
    /// Only in this container; in the whole account when `None`.
    pub container: Option<ContainerName>,
    /// What the tags must be: `"project" = 'apollo'`. See [`TagQuery`](crate::TagQuery).
    pub query: String,
    /// Whether to find old versions too.
    pub versions: bool,
    /// Where the page starts, from the page before.
    pub marker: Option<String>,
    /// The most blobs of a page, 1 to 5,000; the service may give fewer.
    pub max_results: Option<u32>,
}

impl FindBlobsByTags {
    /// Asks for the first page in the whole account.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            container: None,
            query: query.into(),
            versions: false,
            marker: None,
            max_results: None,
        }
    }

    /// Asks for the first page in this container.
    #[must_use]
    pub fn in_container(container: ContainerName, query: impl Into<String>) -> Self {
        Self {
            container: Some(container),
            ..Self::new(query)
        }
    }
}

impl Operation for FindBlobsByTags {
    type Output = FoundBlobsPage;
    const INFO: OperationInfo = OperationInfo::blob("FindBlobsByTags", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let page = PageQuery {
            marker: self.marker.as_deref(),
            max_results: self.max_results,
            include: self.versions.then_some("versions").into_iter().collect(),
        };
        let uri = match &self.container {
            Some(container) => endpoint.uri().container(container).query("restype", "container"),
            None => endpoint.uri(),
        };
        let uri = uri.query("comp", "blobs").query("where", &self.query);
        let uri = page.ask(uri)?.build()?;
        Ok(request::<Self>(Method::GET, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<FoundBlobsPage, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        FoundBlobsPage::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}
