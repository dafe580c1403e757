//! A request's body on its way out in segments: each with its checksum, and one of the whole.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Body as _;
use lazuli_protocol::StructuredEncoder;

use super::OutgoingBody;
use crate::{Error, ErrorKind};

/// Content that is put into segments as it is sent. Nothing of it is held but the piece that was read last.
pub(super) struct InSegments {
    content: OutgoingBody,
    encoder: Box<StructuredEncoder>,
    // What of the last piece is not yet sent.
    piece: Bytes,
}

impl InSegments {
    pub(super) fn new(content: OutgoingBody, encoder: Box<StructuredEncoder>) -> Self {
        Self {
            content,
            encoder,
            piece: Bytes::new(),
        }
    }

    pub(super) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            if let Some(part) = self.encoder.encode(&mut self.piece) {
                return Poll::Ready(Some(Ok(part)));
            }
            match ready!(Pin::new(&mut self.content).poll_frame(cx)) {
                Some(Ok(frame)) => self.piece = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(Some(self.end())),
            }
        }
    }

    fn end(&mut self) -> Result<Bytes, Error> {
        self.encoder.finish().map_err(|error| {
            let message = "the request's body ended before all of it was in segments";
            Error::new(ErrorKind::RequestBody, message).because(error)
        })
    }
}
