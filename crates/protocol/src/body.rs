//! The body of a request: described, not yet read, so that it can be sent again.

use std::fmt;
use std::fs::File;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;

use crate::structured_message::SEGMENT_BYTES;
use crate::{Error, StructuredEncoder};

/// A stream of pieces of a body.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static>>;

/// The body of a request, of a length that is known before the first byte is sent.
///
/// A body is a description: nothing is read until the layers below send it, and all but [`Body::once`] can be sent any number of
/// times, which is what a retry needs. A clone is cheap and shares the content.
///
/// ```
/// use lazuli_protocol::Body;
///
/// let body = Body::from("hello");
/// assert_eq!(body.content_length(), 5);
/// assert!(body.is_replayable());
/// ```
#[derive(Clone, Default)]
pub struct Body(Inner);

#[derive(Clone, Default)]
enum Inner {
    #[default]
    Empty,
    Bytes(Bytes),
    File(FilePart),
    Stream {
        length: u64,
        open: Arc<dyn Fn() -> ByteStream + Send + Sync>,
    },
    Once {
        length: u64,
        stream: Arc<Mutex<Option<ByteStream>>>,
    },
    // The encoder has put nothing into segments yet.
    InSegments(Arc<(Body, StructuredEncoder)>),
}

/// What a body is made of, for the layer that sends it.
#[non_exhaustive]
pub enum BodyKind {
    /// No bytes.
    Empty,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A part of a file.
    File(FilePart),
    /// A stream, from its start.
    Stream(ByteStream),
    /// A [`Body::once`] that was sent before and cannot be sent again.
    Spent,
    /// What the encoder makes of this content, and the end that it writes after it.
    InSegments {
        /// What is in the segments.
        content: Body,
        /// What puts it there.
        encoder: Box<StructuredEncoder>,
    },
}

/// A part of a file, read when it is sent and never as a whole.
#[derive(Clone, Debug)]
pub struct FilePart {
    /// The file. Reads name their offset, so that many parts of one file can be sent side by side.
    pub file: Arc<File>,
    /// The first byte of the part.
    pub offset: u64,
    /// The length of the part, in bytes. A file that ends before it fails the request.
    pub length: u64,
}

impl Body {
    /// No body.
    #[must_use]
    pub fn empty() -> Self {
        Self(Inner::Empty)
    }

    /// A part of a file.
    #[must_use]
    pub fn file(part: FilePart) -> Self {
        Self(Inner::File(part))
    }

    /// A stream of exactly `length` bytes that `open` starts anew each time the body is sent.
    #[must_use]
    pub fn stream(length: u64, open: impl Fn() -> ByteStream + Send + Sync + 'static) -> Self {
        Self(Inner::Stream {
            length,
            open: Arc::new(open),
        })
    }

    /// A stream of exactly `length` bytes that cannot start again. A request with it is never retried.
    #[must_use]
    pub fn once(length: u64, stream: ByteStream) -> Self {
        Self(Inner::Once {
            length,
            stream: Arc::new(Mutex::new(Some(stream))),
        })
    }

    /// The same content as a structured message: in segments of 4 MiB, each with its CRC64, which are made as it is sent. It is read as it would be without, and
    /// none of it is kept for this.
    ///
    /// ```
    /// use lazuli_protocol::Body;
    ///
    /// assert_eq!(Body::from("hello").in_segments()?.content_length(), 5 + 39);
    /// # Ok::<(), lazuli_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when there are more than 65,535 segments, which is far beyond what any request may hold.
    pub fn in_segments(self) -> Result<Self, Error> {
        let encoder = StructuredEncoder::new(self.content_length(), SEGMENT_BYTES)?;
        Ok(Self(Inner::InSegments(Arc::new((self, encoder)))))
    }

    /// The length, in bytes.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        match &self.0 {
            Inner::Empty => 0,
            Inner::Bytes(bytes) => bytes.len() as u64,
            Inner::File(part) => part.length,
            Inner::Stream { length, .. } | Inner::Once { length, .. } => *length,
            Inner::InSegments(segments) => segments.1.length(),
        }
    }

    /// Whether the body can be sent more than once.
    #[must_use]
    pub fn is_replayable(&self) -> bool {
        match &self.0 {
            Inner::Once { .. } => false,
            Inner::InSegments(segments) => segments.0.is_replayable(),
            _ => true,
        }
    }

    /// The bytes, when the body holds them in memory.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Empty => Some(&[]),
            Inner::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// What is to be sent now. A stream is opened by this.
    #[must_use]
    pub fn open(&self) -> BodyKind {
        match &self.0 {
            Inner::Empty => BodyKind::Empty,
            Inner::Bytes(bytes) => BodyKind::Bytes(bytes.clone()),
            Inner::File(part) => BodyKind::File(part.clone()),
            Inner::Stream { open, .. } => BodyKind::Stream(open()),
            Inner::Once { stream, .. } => {
                match stream.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    Some(stream) => BodyKind::Stream(stream),
                    None => BodyKind::Spent,
                }
            }
            Inner::InSegments(segments) => {
                let (content, encoder) = &**segments;
                BodyKind::InSegments {
                    content: content.clone(),
                    encoder: Box::new(encoder.clone()),
                }
            }
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(if bytes.is_empty() {
            Inner::Empty
        } else {
            Inner::Bytes(bytes)
        })
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.0 {
            Inner::Empty => "empty",
            Inner::Bytes(_) => "bytes",
            Inner::File(_) => "file part",
            Inner::Stream { .. } => "stream",
            Inner::Once { .. } => "stream, once",
            Inner::InSegments(_) => "in segments",
        };
        write!(f, "Body({kind}, {} bytes)", self.content_length())
    }
}

impl fmt::Debug for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Bytes(_) => "Bytes",
            Self::File(_) => "File",
            Self::Stream(_) => "Stream",
            Self::Spent => "Spent",
            Self::InSegments { .. } => "InSegments",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> ByteStream {
        Box::pin(futures_util::stream::iter([
            Ok(Bytes::from_static(b"ab")),
            Ok(Bytes::from_static(b"c")),
        ]))
    }

    #[test]
    fn a_stream_can_be_opened_again() {
        let body = Body::stream(3, pieces);
        assert!(matches!(body.open(), BodyKind::Stream(_)));
        assert!(matches!(body.clone().open(), BodyKind::Stream(_)));
    }

    #[test]
    fn a_stream_that_is_sent_once_is_spent_for_every_clone() {
        let body = Body::once(3, pieces());
        assert!(!body.is_replayable());
        assert!(matches!(body.clone().open(), BodyKind::Stream(_)));
        assert!(matches!(body.open(), BodyKind::Spent));
    }

    #[test]
    fn content_is_put_into_segments_whenever_it_is_sent() {
        let body = Body::from("hello").in_segments().unwrap();
        assert_eq!((body.content_length(), body.as_bytes()), (44, None));
        for _ in 0..2 {
            let BodyKind::InSegments { content, mut encoder } = body.open() else {
                panic!("{body:?}");
            };
            let mut rest = Bytes::copy_from_slice(content.as_bytes().unwrap());
            let mut message = Vec::new();
            while let Some(piece) = encoder.encode(&mut rest) {
                message.extend_from_slice(&piece);
            }
            message.extend_from_slice(&encoder.finish().unwrap());
            let whole = crate::structured_message(&Bytes::from("hello"), 5).unwrap();
            assert_eq!(message, whole.concat());
        }
        let once = Body::once(3, pieces()).in_segments().unwrap();
        assert!(body.is_replayable() && !once.is_replayable());
        assert!(Body::stream(u64::MAX, pieces).in_segments().is_err());
    }

    #[test]
    fn content_never_shows() {
        assert_eq!(format!("{:?}", Body::from("secret")), "Body(bytes, 6 bytes)");
    }
}
