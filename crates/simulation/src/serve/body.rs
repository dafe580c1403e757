//! The body of a request as it comes off a socket.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::{Error, ErrorKind};

/// The body of a request, read from a socket as the service asks for it.
pub struct RequestBody(hyper::body::Incoming);

impl RequestBody {
    pub(super) fn new(body: hyper::body::Incoming) -> Self {
        Self(body)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let failed = |source| Error::new(ErrorKind::Io, "the body of a request broke off").because(source);
        Pin::new(&mut self.0).poll_frame(cx).map_err(failed)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("size_hint", &self.size_hint())
            .finish()
    }
}
