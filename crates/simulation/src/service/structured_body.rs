//! Bodies that come and go as structured messages: unpacked on their way in, and packed on their way out.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use lazuli_protocol::{BoxError, ErrorCode, header as names};

use super::body::Incoming;
use super::call::Call;
use super::refusal::Refusal;
use crate::structured::{Decoder, Encoder, HEADER_VALUE, Malformed};

impl Call {
    /// Whether the bodies of the request and the answer are structured messages.
    pub(super) fn is_structured(&self) -> Result<bool, Box<Refusal>> {
        const NAME: &str = "x-ms-structured-body";
        match self.header(&names::STRUCTURED_BODY)? {
            None => Ok(false),
            Some(_) if !self.since(b"2025-01-05") => {
                Err(Refusal::new(ErrorCode::UnsupportedHeader).detail("HeaderName", NAME))
            }
            Some(HEADER_VALUE) => Ok(true),
            Some(other) => Err(Refusal::bad_header(NAME, other)),
        }
    }

    /// How long what the body holds says it is, in bytes: the body itself, or what is in the structured message.
    pub(super) fn upload_length(&self) -> Result<u64, Box<Refusal>> {
        let sent = self.content_length()?;
        if !self.is_structured()? {
            return Ok(sent);
        }
        let length = self.number(&names::STRUCTURED_CONTENT_LENGTH)?;
        length.ok_or_else(|| Refusal::missing_header(names::STRUCTURED_CONTENT_LENGTH.as_str()))
    }

    /// The body, without the structured message around it if there is one.
    pub(super) fn unpacked(&self, body: Incoming) -> Result<Incoming, Box<Refusal>> {
        if !self.is_structured()? {
            return Ok(body);
        }
        let unpacking = Unpacking {
            body,
            decoder: Decoder::new(Some(self.content_length()?)),
            ready: VecDeque::new(),
            ended: false,
        };
        Ok(unpacking.boxed_unsync())
    }
}

/// What is said of a body that broke off, or was no message.
pub(super) fn refuse(error: &BoxError) -> Box<Refusal> {
    match error.downcast_ref::<Damaged>() {
        Some(Damaged(malformed)) if malformed.is_checksum() => Refusal::new(ErrorCode::Crc64Mismatch),
        _ => Refusal::new(ErrorCode::InvalidInput),
    }
}

/// What is wrong with a message, as an error of its body.
#[derive(Debug)]
struct Damaged(Malformed);

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Damaged {}

/// A message of which the content is handed on. At its end comes an error if it was not whole.
struct Unpacking {
    body: Incoming,
    decoder: Decoder,
    ready: VecDeque<Bytes>,
    ended: bool,
}

impl Body for Unpacking {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            if let Some(bytes) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            let outcome = match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Err(error)) => Err(error),
                Some(Ok(frame)) => {
                    let mut out = Vec::new();
                    let bytes = frame.into_data().unwrap_or_default();
                    let outcome = this.decoder.push(bytes, &mut out);
                    this.ready.extend(out);
                    outcome.map_err(|malformed| Damaged(malformed).into())
                }
                None => {
                    this.ended = true;
                    let outcome = this.decoder.finish().map(|_| ());
                    outcome.map_err(|malformed| Damaged(malformed).into())
                }
            };
            if let Err(error) = outcome {
                this.ended = true;
                this.ready.clear();
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

/// A message that is made around what is read.
#[derive(Debug)]
pub(super) struct Packing {
    /// `None` once the end was written.
    encoder: Option<Encoder>,
    ready: VecDeque<Bytes>,
    len: u64,
    left: u64,
}

impl Packing {
    /// Around this many bytes.
    pub(super) fn new(content: u64) -> Self {
        let encoder = Encoder::new(content);
        let len = encoder.message_bytes();
        Self {
            encoder: Some(encoder),
            ready: VecDeque::new(),
            len,
            left: len,
        }
    }

    /// How long the message is, in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// How much of it is still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Takes the next piece of the content in, or its end.
    pub(super) fn take(&mut self, content: Option<Bytes>) {
        let mut out = Vec::new();
        match (content, &mut self.encoder) {
            (Some(bytes), Some(encoder)) => encoder.push(bytes, &mut out),
            (None, encoder) => {
                if let Some(encoder) = encoder.take() {
                    encoder.finish(&mut out);
                }
            }
            (Some(_), None) => {}
        }
        self.ready.extend(out);
    }

    /// The next bytes of the message that are ready.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let bytes = self.ready.pop_front()?;
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(len);
        Some(bytes)
    }

    /// Whether the end was written.
    pub(super) fn is_over(&self) -> bool {
        self.encoder.is_none()
    }
}
