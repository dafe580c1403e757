//! The body of a request as it comes off a socket, and what is left of it when the request was answered.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::{Error, ErrorKind};

/// The most of a body that is read only to be forgotten, in bytes: as long as what clients send in one request.
const FORGOTTEN: u64 = 256 * 1024 * 1024;

/// The body of a request, read from a socket as the service asks for it.
pub struct RequestBody {
    /// `None` once it was given back.
    body: Option<Incoming>,
    /// Whether the client waits to be asked for it.
    waits: bool,
    /// Where what is not read goes.
    left: Left,
}

/// A body that was not read to its end, if there is one.
type Left = Arc<Mutex<Option<Incoming>>>;

/// What a service leaves of a request's body.
pub(super) struct Leftover(Left);

impl RequestBody {
    /// The body, and what will be left of it.
    pub(super) fn lend(body: Incoming, headers: &HeaderMap) -> (Self, Leftover) {
        let left = Left::default();
        let leftover = Leftover(left.clone());
        let body = Self {
            body: Some(body),
            waits: headers.contains_key(header::EXPECT),
            left,
        };
        (body, leftover)
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        // Whoever waits to be asked is answered now, and sends nothing.
        let left = self
            .body
            .take()
            .filter(|body| !self.waits && !body.is_end_stream());
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }
}

impl Leftover {
    /// Reads what is left. Many clients listen only when they have sent all, and would hear of a connection that was closed instead of why
    /// they were refused.
    pub(super) async fn forget(self) {
        let left = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut body) = left else { return };
        let mut room = FORGOTTEN;
        while let Some(Ok(frame)) = body.frame().await {
            let len = frame.data_ref().map_or(0, Bytes::len);
            match room.checked_sub(u64::try_from(len).unwrap_or(u64::MAX)) {
                Some(less) => room = less,
                None => return,
            }
        }
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
        self.waits = false;
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx).map_err(failed),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("size_hint", &self.size_hint())
            .finish()
    }
}
