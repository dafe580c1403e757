//! List Blobs, flat or by a delimiter.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::ListBlobsPage;
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody,
    limits,
};

use super::request::request;

// 5,000 entries with names of 1,024 characters and 8 KiB of metadata each stay below it.
pub(super) const ANSWER_LIMIT: usize = 256 * 1024 * 1024;

/// Asks for a page of a container's blobs: [List Blobs](https://learn.microsoft.com/rest/api/storageservices/list-blobs).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListBlobs {
    /// The container.
    pub container: ContainerName,
    /// Only names that start with this.
    pub prefix: Option<String>,
    /// Names are listed up to the first of these after the prefix, each such part once.
    pub delimiter: Option<String>,
    /// Where the page starts, from the page before.
    pub marker: Option<String>,
    /// Only names from this one on, in the order of names.
    pub start_from: Option<String>,
    /// The most entries of a page, 1 to 5,000; the service may give fewer.
    pub max_results: Option<u32>,
    /// What else to list, and to say of each blob.
    pub include: Vec<ListBlobsInclude>,
}

/// What else a list holds, or says of each blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListBlobsInclude {
    /// Metadata.
    Metadata,
    /// Snapshots.
    Snapshots,
    /// Versions.
    Versions,
    /// Blobs that were deleted and can be brought back.
    Deleted,
    /// Blobs that have only blocks that are not committed.
    UncommittedBlobs,
    /// How copies stand.
    Copy,
    /// Tags.
    Tags,
}

impl ListBlobsInclude {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Snapshots => "snapshots",
            Self::Versions => "versions",
            Self::Deleted => "deleted",
            Self::UncommittedBlobs => "uncommittedblobs",
            Self::Copy => "copy",
            Self::Tags => "tags",
        }
    }
}

impl ListBlobs {
    /// Asks for the first page of all blobs.
    #[must_use]
    pub fn new(container: ContainerName) -> Self {
        Self {
            container,
            prefix: None,
            delimiter: None,
            marker: None,
            start_from: None,
            max_results: None,
            include: Vec::new(),
        }
    }
}

impl Operation for ListBlobs {
    type Output = ListBlobsPage;
    const INFO: OperationInfo = OperationInfo::blob("ListBlobs", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let include = self
            .include
            .iter()
            .map(|include| include.as_str())
            .collect::<Vec<_>>()
            .join(",");
        let max_results = self.max_results.map(page_size).transpose()?;
        let uri = endpoint.uri().container(&self.container);
        let uri = uri.query("restype", "container").query("comp", "list");
        let uri = uri.query_if(
            "prefix",
            self.prefix.as_deref().filter(|prefix| !prefix.is_empty()),
        );
        let uri = uri.query_if("delimiter", self.delimiter.as_deref());
        let uri = uri.query_if("marker", self.marker.as_deref());
        let uri = uri.query_if("startFrom", self.start_from.as_deref());
        let uri = uri.query_if("maxresults", max_results.as_deref());
        let uri = uri
            .query_if(
                "include",
                Some(include.as_str()).filter(|include| !include.is_empty()),
            )
            .build()?;
        Ok(request::<Self>(Method::GET, uri, Body::empty()))
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ListBlobsPage, Error> {
        let (_, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        ListBlobsPage::parse(&body.collect(ANSWER_LIMIT).await?)
    }
}

pub(super) fn page_size(size: u32) -> Result<String, Error> {
    if !(1..=limits::LIST_PAGE).contains(&size) {
        let message = format!("a page has 1 to {} entries, not {size}", limits::LIST_PAGE);
        return Err(Error::new(lazuli_protocol::ErrorKind::InvalidInput, message));
    }
    Ok(size.to_string())
}
