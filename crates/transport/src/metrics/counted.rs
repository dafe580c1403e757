//! The body of an answer, with its bytes counted.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{BoxError, ResponseBody};

use super::record::Call;

/// Tells how many bytes were read when the body ends, breaks off or is dropped, and not with each piece.
pub(super) struct Counted {
    body: ResponseBody,
    call: Call,
    read: u64,
}

impl Counted {
    /// The same body, watched where there is something to watch.
    pub(super) fn watch(body: ResponseBody, call: Call) -> ResponseBody {
        if body.is_end_stream() {
            return body;
        }
        ResponseBody::new(Self { body, call, read: 0 })
    }

    fn tell(&mut self) {
        let read = std::mem::take(&mut self.read);
        if read > 0 {
            self.call.read(read);
        }
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                self.read = self.read.saturating_add(length as u64);
            }
            Some(Err(error)) => {
                self.call.broke(error);
                self.tell();
            }
            None => self.tell(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.tell();
    }
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counted")
            .field("call", &self.call)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}
