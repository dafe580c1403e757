//! Get Page Ranges: which parts of a page blob hold something.

use http::{Method, StatusCode, response};
use lazuli_protocol::xml::{PageList, PageRange};
use lazuli_protocol::{
    Answer, BlobName, Body, ByteRange, Conditions, ContainerName, Endpoint, Error, ErrorKind, Etag, LeaseId,
    Operation, OperationInfo, OperationKind, ResponseBody, UriBuilder, header,
};
use time::OffsetDateTime;

use super::request::{request, set, set_lease};

// A page of ranges has at most 10,000, of a hundred bytes each; without a page size an old service answers with all, which are a million at the most here.
const ANSWER_LIMIT: usize = 128 * 1024 * 1024;

/// Asks for a page of the ranges of a page blob that hold something: [Get Page Ranges](https://learn.microsoft.com/rest/api/storageservices/get-page-ranges).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetPageRanges {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// Only within these bytes.
    pub range: Option<ByteRange>,
    /// Where the page starts, from the page before.
    pub marker: Option<String>,
    /// The most ranges of a page, 1 to 10,000; the service may give fewer.
    pub max_results: Option<u32>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// A page of the ranges of a page blob, and what the service says of the blob with it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PageRanges {
    /// The ranges, in the order of their places.
    pub ranges: Vec<PageRange>,
    /// Where the next page starts; `None` on the last page.
    pub next_marker: Option<String>,
    /// The identity of the blob's state.
    pub etag: Etag,
    /// When the blob changed last; whole seconds.
    pub last_modified: OffsetDateTime,
    /// The size of the blob, in bytes.
    pub blob_content_length: Option<u64>,
}

impl GetPageRanges {
    /// Asks for the first page of all ranges.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            range: None,
            marker: None,
            max_results: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }

    pub(super) fn uri(&self, endpoint: &Endpoint) -> Result<UriBuilder, Error> {
        if self.max_results == Some(0) {
            let message = "a page of page ranges has 1 range or more";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let max_results = self.max_results.map(|most| most.to_string());
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = uri.query("comp", "pagelist");
        let uri = uri.query_if("snapshot", self.snapshot.as_deref());
        let uri = uri.query_if("marker", self.marker.as_deref());
        Ok(uri.query_if("maxresults", max_results.as_deref()))
    }

    pub(super) fn apply(&self, headers: &mut http::HeaderMap) -> Result<(), Error> {
        if let Some(range) = &self.range {
            set(headers, header::RANGE, &range.header_value()?)?;
        }
        set_lease(headers, self.lease_id)?;
        self.conditions.apply(headers)
    }
}

impl Operation for GetPageRanges {
    type Output = PageRanges;
    const INFO: OperationInfo = OperationInfo::blob("GetPageRanges", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = self.uri(endpoint)?.build()?;
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        self.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<PageRanges, Error> {
        PageRanges::read(parts, body).await
    }
}

impl PageRanges {
    pub(super) async fn read(parts: response::Parts, body: ResponseBody) -> Result<Self, Error> {
        let (answer, body) = Answer::expect(parts, body, &[StatusCode::OK]).await?;
        let list = PageList::parse(&body.collect(ANSWER_LIMIT).await?)?;
        Ok(Self {
            ranges: list.ranges,
            next_marker: list.next_marker,
            etag: answer.etag()?,
            last_modified: answer.last_modified()?,
            blob_content_length: answer.parsed(&header::BLOB_CONTENT_LENGTH),
        })
    }
}
