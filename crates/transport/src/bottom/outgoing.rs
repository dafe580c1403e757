//! A request's body on its way out: read piece by piece, and held to the length that it said.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{Body, BodyKind, ByteStream};

use super::file_reader::{FileReader, PIECE};
use super::segments::InSegments;
use crate::stall::{Meter, Progress};
use crate::timeout::{HandedOver, Handing};
use crate::verify::{OutgoingSum, Summing};
use crate::{Error, ErrorKind};

/// The body of a request as an HTTP client sends it, or as a service in the same process reads it.
///
/// It yields exactly the bytes that its length says, which [`size_hint`](HttpBody::size_hint) gives. Parts of files are read in
/// pieces of 256 KiB, the next one while the last one is sent, so one body holds at most 512 KiB of its file in memory. Bytes in memory are yielded in slices
/// of the same size, without a copy, so that a [`StallLayer`](crate::StallLayer) sees them move. What goes [in segments](Body::in_segments) is read in the same pieces, and
/// put into segments without a copy.
///
/// # Errors
/// [`ErrorKind::RequestBody`] when a file cannot be read or ends early, when a stream fails, and when it has fewer or more bytes than it said. The last piece
/// is held back until a stream has ended, so that no request with too many bytes is ever completed.
pub struct OutgoingBody {
    source: Source,
    // Bytes that are still to be yielded.
    left: u64,
    failure: Failure,
    // Where somebody watches how far it is; gone once that is all the way.
    meter: Option<Meter>,
    // Where somebody waits for the client to have all of it.
    handing: Option<Handing>,
    // Where somebody wants to know what its checksum is.
    summing: Option<Box<Summing>>,
}

/// Why a body failed, for the one who sent it. Whoever reads a body in between may answer as a service does that was sent too little, and
/// that answer is not the reason.
#[derive(Clone, Debug, Default)]
pub(super) struct Failure(Arc<OnceLock<Error>>);

impl Failure {
    /// The failure, once the body is gone.
    pub(super) fn take(self) -> Option<Error> {
        match Arc::try_unwrap(self.0) {
            Ok(once) => once.into_inner(),
            Err(shared) => shared.get().map(Error::again),
        }
    }
}

enum Source {
    Done,
    Bytes(Bytes),
    File(FileReader),
    Stream(Streamed),
    InSegments(Box<InSegments>),
}

struct Streamed {
    stream: ByteStream,
    // The piece that completes the length, until the stream says that nothing follows.
    last: Option<Bytes>,
}

impl OutgoingBody {
    /// What is to be sent now.
    ///
    /// # Errors
    /// [`ErrorKind::BodyNotReplayable`] when the body can be sent only once, and was.
    pub fn open(body: &Body) -> Result<Self, Error> {
        let source = match body.open() {
            BodyKind::Empty => Source::Done,
            BodyKind::Bytes(bytes) => Source::Bytes(bytes),
            BodyKind::File(part) => Source::File(FileReader::new(part)),
            BodyKind::Stream(stream) => Source::Stream(Streamed { stream, last: None }),
            BodyKind::InSegments { content, encoder } => {
                Source::InSegments(Box::new(InSegments::new(Self::open(&content)?, encoder)))
            }
            BodyKind::Spent => {
                return Err(Error::new(
                    ErrorKind::BodyNotReplayable,
                    "the body was sent before and can be sent only once; make it from bytes, a file or a stream that can start again",
                ));
            }
            // A kind that is made after this one.
            other => {
                let message = format!("a body of the kind {other:?} cannot be sent");
                return Err(Error::new(ErrorKind::RequestBody, message));
            }
        };
        Ok(Self {
            source,
            left: body.content_length(),
            failure: Failure::default(),
            meter: None,
            handing: None,
            summing: None,
        })
    }

    /// Whether it is a stream that says to have no bytes. No client would ask it for any, and send none where there are some.
    pub(super) fn claims_to_be_empty(&self) -> bool {
        self.left == 0 && matches!(self.source, Source::Stream(_))
    }

    /// The same, once it has turned out to be empty.
    pub(super) async fn empty(mut self) -> Result<Self, Error> {
        match poll_fn(|cx| self.poll_piece(cx)).await {
            None => {
                self.source = Source::Done;
                Ok(self)
            }
            Some(outcome) => Err(outcome.err().unwrap_or_else(|| wrong_length("more"))),
        }
    }

    /// Tells how far it is, and when it is all the way.
    pub(super) fn watched(mut self, progress: Option<Progress>, handed: Option<HandedOver>) -> Self {
        self.meter = progress.map(Progress::meter);
        self.handing = handed.map(HandedOver::by);
        self
    }

    /// Tells what its checksum is, when all of it was taken.
    pub(super) fn summed(mut self, sum: Option<OutgoingSum>) -> Self {
        self.summing = sum.map(|sum| Box::new(sum.summing()));
        self
    }

    /// Where the body will say why it failed, if it does.
    pub(super) fn failure(&self) -> Failure {
        self.failure.clone()
    }

    fn took(&mut self, piece: &Bytes) {
        self.left = self.left.saturating_sub(piece.len() as u64);
        if let Some(summing) = &mut self.summing {
            summing.take(piece);
        }
        match &self.meter {
            Some(meter) if self.left > 0 => meter.took(piece.len()),
            _ => self.meter = None,
        }
        if self.left == 0 {
            self.handing = None;
            if let Some(summing) = self.summing.take() {
                summing.end();
            }
            // A stream has said so already, and is not to be asked once more.
            self.source = Source::Done;
        }
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        match &mut self.source {
            Source::Done => Poll::Ready(None),
            Source::Bytes(bytes) => {
                let piece = bytes.split_to(bytes.len().min(PIECE));
                Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
            }
            Source::File(reader) => reader.poll_piece(cx),
            Source::Stream(streamed) => streamed.poll_piece(cx, self.left),
            Source::InSegments(segments) => segments.poll_piece(cx),
        }
    }
}

impl Streamed {
    fn poll_piece(&mut self, cx: &mut Context<'_>, left: u64) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            let piece = match ready!(self.stream.as_mut().poll_next(cx)) {
                Some(Ok(piece)) if piece.is_empty() => continue,
                Some(Ok(piece)) => piece,
                Some(Err(source)) => {
                    let error = Error::new(ErrorKind::RequestBody, "the stream of the request's body failed");
                    return Poll::Ready(Some(Err(error.because(source))));
                }
                None => return Poll::Ready(self.end(left)),
            };
            let after = match &self.last {
                Some(_) => None,
                None => left.checked_sub(piece.len() as u64),
            };
            match after {
                Some(0) => self.last = Some(piece),
                Some(_) => return Poll::Ready(Some(Ok(piece))),
                None => return Poll::Ready(Some(Err(wrong_length("more")))),
            }
        }
    }

    fn end(&mut self, left: u64) -> Option<Result<Bytes, Error>> {
        match self.last.take() {
            Some(last) => Some(Ok(last)),
            None if left == 0 => None,
            None => Some(Err(wrong_length("fewer"))),
        }
    }
}

fn wrong_length(more: &str) -> Error {
    let message = format!("the stream of the request's body has {more} bytes than its length says");
    Error::new(ErrorKind::RequestBody, message)
}

impl HttpBody for OutgoingBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Poll::Ready(piece) = self.poll_piece(cx) else {
            if let Some(meter) = &self.meter {
                meter.starves();
            }
            return Poll::Pending;
        };
        match &piece {
            Some(Ok(piece)) => self.took(piece),
            Some(Err(_)) | None => {
                self.source = Source::Done;
                self.meter = None;
                self.handing = None;
            }
        }
        let piece = piece.map(|piece| {
            piece.map_err(|error| {
                let told = error.again();
                // A body fails once: it is done then.
                let _ = self.failure.0.set(error);
                told
            })
        });
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && !self.claims_to_be_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

impl fmt::Debug for OutgoingBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.source {
            Source::Done => "done",
            Source::Bytes(_) => "bytes",
            Source::File(_) => "file part",
            Source::Stream(_) => "stream",
            Source::InSegments(_) => "in segments",
        };
        write!(f, "OutgoingBody({kind}, {} bytes left)", self.left)
    }
}
