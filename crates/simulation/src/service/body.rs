//! The body of an answer.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use lazuli_protocol::BoxError;

use super::download::Download;
use super::query_answer::QueryAnswer;
use crate::Error;

/// The body of a request, whatever it was before.
pub(super) type Incoming = UnsyncBoxBody<Bytes, BoxError>;

/// The body of an answer of the simulation.
///
/// A blob is streamed in frames of at most 256 KiB. One download holds at most two batches of 1 MiB in memory, however large the blob
/// is, and goes on with the bytes that it began with when the blob is overwritten or deleted meanwhile.
pub struct SimulationBody(Kind);

enum Kind {
    /// A length that is said, and these bytes.
    Full(Bytes),
    /// A length that is not said, and these bytes.
    Chunked(Bytes),
    Download(Download),
    Query(Box<QueryAnswer>),
}

impl SimulationBody {
    pub(super) fn empty() -> Self {
        Self::full(Bytes::new())
    }

    /// Nothing, without saying so in a `Content-Length`.
    pub(super) fn unsized_empty() -> Self {
        Self(Kind::Chunked(Bytes::new()))
    }

    pub(crate) fn full(bytes: Bytes) -> Self {
        Self(Kind::Full(bytes))
    }

    pub(super) fn chunked(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Chunked(bytes.into()))
    }

    pub(super) fn query(query: QueryAnswer) -> Self {
        Self(Kind::Query(Box::new(query)))
    }

    pub(super) fn download(download: Download) -> Self {
        Self(Kind::Download(download))
    }
}

impl Body for SimulationBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match &mut self.0 {
            Kind::Full(bytes) | Kind::Chunked(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Kind::Query(query) => query.poll_bytes(cx).map(|bytes| Some(bytes?.map(Frame::data))),
            Kind::Download(download) => download.poll_bytes(cx).map(|bytes| Some(bytes?.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Full(bytes) => bytes.is_empty(),
            Kind::Chunked(_) | Kind::Query(_) => false,
            Kind::Download(download) => download.left() == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Full(bytes) => SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Kind::Chunked(_) | Kind::Query(_) => SizeHint::default(),
            Kind::Download(download) => SizeHint::with_exact(download.left()),
        }
    }
}

impl fmt::Debug for SimulationBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulationBody")
            .field("size_hint", &self.size_hint())
            .finish()
    }
}
