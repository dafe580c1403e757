//! A body of which some pieces, or all, have been read.

use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{BoxError, ResponseBody};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{Error, ErrorKind};

/// What comes after the pieces that were read.
#[derive(Debug)]
pub(super) enum Then {
    /// Nothing.
    End,
    /// What is still to be read.
    Rest(ResponseBody),
    /// What is still to be read, until the call's time is up.
    RestUntil(ResponseBody, Pin<Box<Sleep>>),
    /// This error.
    Broken(BoxError),
}

impl Then {
    /// The rest, for as long as the call may take.
    pub(super) fn rest(body: ResponseBody, expires: Option<Instant>) -> Self {
        match expires {
            Some(at) => Self::RestUntil(body, Box::pin(sleep_until(at))),
            None => Self::Rest(body),
        }
    }
}

/// The pieces as they came, and what comes after them.
#[derive(Debug)]
pub(super) struct Gathered {
    frames: VecDeque<Frame<Bytes>>,
    // In the frames that are left.
    bytes: u64,
    then: Then,
}

impl Gathered {
    /// As a body, made as cheap as can be: most are empty, or of one piece.
    pub(super) fn body(mut frames: VecDeque<Frame<Bytes>>, bytes: u64, then: Then) -> ResponseBody {
        if matches!(then, Then::End) && frames.len() <= 1 {
            match frames.pop_front().map(Frame::into_data) {
                None => return ResponseBody::empty(),
                Some(Ok(only)) => return only.into(),
                Some(Err(trailers)) => frames.push_front(trailers),
            }
        }
        ResponseBody::new(Self { frames, bytes, then })
    }
}

impl HttpBody for Gathered {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(frame) = self.frames.pop_front() {
            let length = frame.data_ref().map_or(0, Bytes::len);
            self.bytes = self
                .bytes
                .saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
            return Poll::Ready(Some(Ok(frame)));
        }
        match &mut self.then {
            Then::Rest(rest) => return Pin::new(rest).poll_frame(cx),
            Then::RestUntil(rest, time) => {
                let frame = Pin::new(rest).poll_frame(cx);
                if frame.is_ready() {
                    return frame;
                }
                ready!(time.as_mut().poll(cx));
                // Which drops the rest, and so closes its connection.
                self.then = Then::Broken(too_late("the rest of the answer"));
            }
            Then::End | Then::Broken(_) => {}
        }
        match std::mem::replace(&mut self.then, Then::End) {
            Then::Broken(error) => Poll::Ready(Some(Err(error))),
            _ => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        let ended = match &self.then {
            Then::End => true,
            Then::Rest(rest) | Then::RestUntil(rest, _) => rest.is_end_stream(),
            Then::Broken(_) => false,
        };
        ended && self.frames.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = match &self.then {
            Then::End => SizeHint::with_exact(0),
            Then::Rest(rest) | Then::RestUntil(rest, _) => rest.size_hint(),
            Then::Broken(_) => SizeHint::new(),
        };
        // The upper end first, so that it never is below the lower one.
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(self.bytes));
        }
        hint.set_lower(hint.lower().saturating_add(self.bytes));
        hint
    }
}

/// Why a body that was slow was given up.
pub(super) fn too_late(what: &str) -> BoxError {
    Error::new(ErrorKind::Timeout, format!("{what} did not come in time")).into()
}
