//! The body of an answer, with what goes wrong with it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use lazuli_protocol::BoxError;
use tokio::time::{Sleep, sleep};

use super::Failure;
use super::ledger::Open;

/// How many pieces a body that trickles comes in.
const PIECES: u32 = 8;

/// What becomes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harm {
    /// It comes as it is.
    None,
    /// It comes as it is, and does not know how long it is: a header says something else.
    Disowned,
    /// It fails after so many bytes.
    Cut(u64),
    /// It ends after so many bytes.
    Truncate(u64),
    /// It stops after so many bytes.
    Stall(u64),
    /// A piece of so many bytes comes after each such time.
    Trickle(usize, Duration),
}

impl Harm {
    /// A trickle that brings so many bytes in such a time.
    pub(super) fn trickle(length: u64, time: Duration) -> Self {
        let piece = usize::try_from(length.div_ceil(u64::from(PIECES))).unwrap();
        Self::Trickle(piece.max(1), time / PIECES)
    }

    fn limit(self) -> Option<u64> {
        match self {
            Self::Cut(at) | Self::Truncate(at) | Self::Stall(at) => Some(at),
            _ => None,
        }
    }
}

/// The body of an answer of a [`Faulty`](super::Faulty) service.
pub struct FaultyBody {
    inner: UnsyncBoxBody<Bytes, BoxError>,
    harm: Harm,
    passed: u64,
    // What is left of a frame that is larger than a piece.
    rest: Bytes,
    pause: Option<Pin<Box<Sleep>>>,
    _open: Open,
}

impl FaultyBody {
    pub(super) fn new<B>(body: B, harm: Harm, open: Open) -> Self
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            inner: body.map_err(Into::into).boxed_unsync(),
            harm,
            passed: 0,
            rest: Bytes::new(),
            pause: None,
            _open: open,
        }
    }

    pub(super) fn of(bytes: Bytes, harm: Harm, open: Open) -> Self {
        Self::new(Full::new(bytes), harm, open)
    }

    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.into_data().unwrap_or_default())))
    }

    fn poll_limited(&mut self, limit: u64, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        let left = limit.saturating_sub(self.passed);
        if left == 0 {
            return match self.harm {
                Harm::Cut(_) => Poll::Ready(Some(Err(Failure::Reset.into()))),
                Harm::Truncate(_) => Poll::Ready(None),
                // Nobody wakes the reader any more.
                _ => Poll::Pending,
            };
        }
        let bytes = ready!(self.poll_bytes(cx));
        Poll::Ready(bytes.map(|bytes| {
            bytes.map(|mut bytes| {
                bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                bytes
            })
        }))
    }

    fn poll_trickle(
        &mut self,
        piece: usize,
        time: Duration,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BoxError>>> {
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(time)));
        ready!(pause.as_mut().poll(cx));
        let bytes = ready!(self.poll_bytes(cx));
        self.pause = None;
        Poll::Ready(bytes.map(|bytes| {
            bytes.map(|mut bytes| {
                self.rest = bytes.split_off(piece.min(bytes.len()));
                bytes
            })
        }))
    }
}

impl Body for FaultyBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let bytes = match (self.harm, self.harm.limit()) {
            (_, Some(limit)) => self.poll_limited(limit, cx),
            (Harm::Trickle(piece, time), _) => self.poll_trickle(piece, time, cx),
            _ => self.poll_bytes(cx),
        };
        let bytes = ready!(bytes);
        if let Some(Ok(bytes)) = &bytes {
            self.passed += bytes.len() as u64;
        }
        Poll::Ready(bytes.map(|bytes| bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.harm == Harm::None && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match self.harm {
            Harm::None => self.inner.size_hint(),
            // The head says how long it is, and a server must not hold the two against each other.
            _ => SizeHint::default(),
        }
    }
}

impl fmt::Debug for FaultyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyBody")
            .field("harm", &self.harm)
            .field("passed", &self.passed)
            .finish_non_exhaustive()
    }
}
