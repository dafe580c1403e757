//! List Blobs, flat or by a delimiter, in XML or as an Apache Arrow table.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::ListBlobsPage;
use lazuli_protocol::{
    Answer, Body, ContainerName, Endpoint, Error, Operation, OperationInfo, OperationKind, ResponseBody,
};

use super::listing::{ANSWER_LIMIT, PageQuery, includes, some};
use super::request::request;

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
    /// Only names before this one. The service knows this with [`arrow`](Self::arrow) only.
    #[cfg(feature = "arrow")]
    pub end_before: Option<String>,
    /// The most entries of a page, 1 to 5,000; the service may give fewer.
    pub max_results: Option<u32>,
    /// What else to list, and to say of each blob.
    pub include: Vec<ListBlobsInclude>,
    /// Whether an Apache Arrow table is welcome. The request speaks version 2026-12-06 then, and the service may answer in XML all the same.
    #[cfg(feature = "arrow")]
    pub arrow: bool,
}

includes! {
    /// What else a list of blobs holds, or says of each blob.
    ListBlobsInclude {
        /// Metadata.
        Metadata = "metadata",
        /// Snapshots.
        Snapshots = "snapshots",
        /// Versions.
        Versions = "versions",
        /// Blobs that were deleted and can be brought back.
        Deleted = "deleted",
        /// Blobs that were deleted and of which there are versions.
        DeletedWithVersions = "deletedwithversions",
        /// Blobs that have only blocks that are not committed.
        UncommittedBlobs = "uncommittedblobs",
        /// How copies stand.
        Copy = "copy",
        /// Tags.
        Tags = "tags",
        /// Immutability policies.
        ImmutabilityPolicy = "immutabilitypolicy",
        /// Legal holds.
        LegalHold = "legalhold",
        /// Owners, groups, permissions and access control lists, on accounts with a hierarchical namespace.
        Permissions = "permissions",
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
            #[cfg(feature = "arrow")]
            end_before: None,
            max_results: None,
            include: Vec::new(),
            #[cfg(feature = "arrow")]
            arrow: false,
        }
    }
}

impl Operation for ListBlobs {
    type Output = ListBlobsPage;
    const INFO: OperationInfo = OperationInfo::blob("ListBlobs", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let page = PageQuery {
            marker: self.marker.as_deref(),
            max_results: self.max_results,
            include: self.include.iter().map(|include| include.as_str()).collect(),
        };
        let uri = endpoint
            .uri()
            .container(&self.container)
            .query("restype", "container")
            .query("comp", "list")
            .query_if("prefix", some(self.prefix.as_deref()))
            .query_if(
                "delimiter",
                self.delimiter
                    .as_deref()
                    .filter(|delimiter| !delimiter.is_empty()),
            )
            .query_if("startFrom", self.start_from.as_deref());
        #[cfg(feature = "arrow")]
        let uri = uri.query_if("endBefore", self.end_before.as_deref());
        let uri = page.ask(uri)?.build()?;
        #[cfg_attr(
            not(feature = "arrow"),
            expect(unused_mut, reason = "XML is what all requests accept")
        )]
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        #[cfg(feature = "arrow")]
        if self.arrow {
            arrow::accept(request.headers_mut());
        }
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<ListBlobsPage, Error> {
        let (answer, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        let body = body.collect(ANSWER_LIMIT).await?;
        #[cfg(feature = "arrow")]
        if arrow::is_table(&answer) {
            return ListBlobsPage::parse_arrow(&body);
        }
        let _ = answer;
        ListBlobsPage::parse(&body)
    }
}

#[cfg(feature = "arrow")]
mod arrow {
    //! How a table is asked for and known.

    use http::header::{ACCEPT, CONTENT_TYPE};
    use http::{HeaderMap, HeaderValue};
    use lazuli_protocol::{Answer, header};

    const TABLE: &str = "application/vnd.apache.arrow.stream";

    /// Welcomes a table, in the version of the service that is known to answer with one. The layers below leave a version as they find it.
    pub(super) fn accept(headers: &mut HeaderMap) {
        let accepted = "application/vnd.apache.arrow.stream,application/xml";
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        headers.insert(header::VERSION, HeaderValue::from_static("2026-12-06"));
    }

    pub(super) fn is_table(answer: &Answer) -> bool {
        let kind = answer.text(&CONTENT_TYPE).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case(TABLE)
    }
}
