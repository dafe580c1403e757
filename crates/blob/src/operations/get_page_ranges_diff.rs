//! Get Page Ranges: which parts of a page blob have changed since a snapshot.

use std::fmt;

use http::{HeaderValue, Method, response};
use lazuli_protocol::{
    BlobName, Body, ContainerName, Endpoint, Error, ErrorKind, Operation, OperationInfo, OperationKind,
    ResponseBody, header, redacted_uri,
};

use super::request::request;
use super::{GetPageRanges, PageRanges};

/// Asks for a page of the ranges of a page blob that were written or cleared since a snapshot:
/// [Get Page Ranges](https://learn.microsoft.com/rest/api/storageservices/get-page-ranges).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetPageRangesDiff {
    /// What is compared: the blob, or a snapshot of it, and within which bytes.
    pub ranges: GetPageRanges,
    /// The snapshot that it is compared with.
    pub previous: PreviousSnapshot,
}

/// The snapshot that a page blob is compared with. It must be older.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreviousSnapshot {
    /// A snapshot of the blob, by its id.
    Id(String),
    /// A snapshot of a managed disk, by its URL. With a SAS it is a secret.
    Url(String),
}

impl GetPageRangesDiff {
    /// Asks for the first page of what has changed since `previous`.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName, previous: PreviousSnapshot) -> Self {
        Self {
            ranges: GetPageRanges::new(container, blob),
            previous,
        }
    }
}

impl Operation for GetPageRangesDiff {
    type Output = PageRanges;
    const INFO: OperationInfo = OperationInfo::blob("GetPageRangesDiff", OperationKind::List);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = self.ranges.uri(endpoint)?;
        let (uri, url) = match &self.previous {
            PreviousSnapshot::Id(id) => (uri.query("prevsnapshot", id), None),
            PreviousSnapshot::Url(url) => (uri, Some(url)),
        };
        let mut request = request::<Self>(Method::GET, uri.build()?, Body::empty());
        if let Some(url) = url {
            let mut value = HeaderValue::from_str(url).map_err(|_| {
                let message =
                    "the URL of the previous snapshot cannot stand in a header: encode it as it would be sent";
                Error::new(ErrorKind::InvalidInput, message)
            })?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::PREVIOUS_SNAPSHOT_URL, value);
        }
        self.ranges.apply(request.headers_mut())?;
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<PageRanges, Error> {
        PageRanges::read(parts, body).await
    }
}

impl fmt::Debug for PreviousSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.debug_tuple("Id").field(id).finish(),
            Self::Url(url) => {
                let shown = url
                    .parse()
                    .map_or_else(|_| "(no URL)".to_owned(), |url| redacted_uri(&url));
                f.debug_tuple("Url").field(&shown).finish()
            }
        }
    }
}
