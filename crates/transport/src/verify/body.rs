//! A body of which only that is handed on which has its checksum.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{BoxError, ResponseBody, StructuredDecoder};

use crate::{Error, ErrorKind};

/// What is held back at most, in bytes: twice what the service puts into a segment.
pub(super) const MOST_HELD: usize = 8 * 1024 * 1024;
/// What a piece takes beside its bytes.
const PER_PIECE: usize = 128;

pub(super) struct VerifyingBody {
    inner: ResponseBody,
    decoder: StructuredDecoder,
    // What of the last piece is not yet taken apart.
    piece: Bytes,
    // Content that waits for its checksum, or for its reader, and the memory that it takes.
    held: VecDeque<Bytes>,
    weight: usize,
    state: State,
    length: u64,
    handed: u64,
}

enum State {
    Reading,
    // Nothing more comes; what is good of the content goes before this.
    Over(Option<BoxError>),
    Done,
}

impl VerifyingBody {
    /// The content, of this length, of what is a structured message.
    pub(super) fn new(inner: ResponseBody, length: u64) -> Self {
        Self {
            inner,
            decoder: StructuredDecoder::new(length),
            piece: Bytes::new(),
            held: VecDeque::new(),
            weight: 0,
            state: State::Reading,
            length,
            handed: 0,
        }
    }

    fn hold(&mut self, content: Bytes) {
        self.weight = self.weight.saturating_add(weight(&content));
        self.held.push_back(content);
    }

    /// The next piece that may be handed on: a good one, or one that there is no room for.
    fn release(&mut self) -> Option<Bytes> {
        let length = self.held.front()?.len() as u64;
        let after = self.handed.saturating_add(length);
        let is_good = after <= self.decoder.verified();
        let is_too_much = matches!(self.state, State::Reading) && self.weight > MOST_HELD;
        if !is_good && !is_too_much {
            return None;
        }
        let content = self.held.pop_front()?;
        self.weight = self.weight.saturating_sub(weight(&content));
        self.handed = after;
        Some(content)
    }

    /// Takes the next content in, or learns why there is none.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let over = match self.decoder.decode(&mut self.piece) {
            Ok(Some(content)) => {
                self.hold(content);
                return Poll::Ready(());
            }
            Ok(None) => match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    // Trailers say nothing to a storage client.
                    self.piece = frame.into_data().unwrap_or_default();
                    return Poll::Ready(());
                }
                Some(Err(broke)) => Some(broke),
                None => self.decoder.finish().err().map(BoxError::from),
            },
            Err(damage) => Some(damage.into()),
        };
        // The connection is in nobody's way.
        self.inner = ResponseBody::empty();
        self.state = State::Over(over);
        Poll::Ready(())
    }

    /// The error at the end. Whoever goes on with a body does so from the byte where it broke: no more, once that is beyond what was good.
    fn error(&self, cause: BoxError) -> BoxError {
        if self.handed <= self.decoder.verified() {
            return cause;
        }
        let message = "the download failed in a segment that is too long to be held back, of which some was handed on and cannot be checked; read it again, in ranges";
        Error::new(ErrorKind::ChecksumMismatch, message)
            .because(cause)
            .into()
    }
}

fn weight(content: &Bytes) -> usize {
    content.len().saturating_add(PER_PIECE)
}

impl HttpBody for VerifyingBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if let Some(content) = self.release() {
                return Poll::Ready(Some(Ok(Frame::data(content))));
            }
            if matches!(self.state, State::Reading) {
                ready!(self.poll_more(cx));
                continue;
            }
            self.held.clear();
            let over = std::mem::replace(&mut self.state, State::Done);
            let State::Over(Some(cause)) = over else {
                return Poll::Ready(None);
            };
            return Poll::Ready(Some(Err(self.error(cause))));
        }
    }

    fn is_end_stream(&self) -> bool {
        match self.state {
            State::Done => true,
            State::Over(_) => false,
            State::Reading => {
                self.handed == self.length && self.decoder.finish().is_ok() && self.inner.is_end_stream()
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self.state {
            State::Done => SizeHint::with_exact(0),
            _ => SizeHint::with_exact(self.length.saturating_sub(self.handed)),
        }
    }
}
