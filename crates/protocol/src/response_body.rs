//! The body of an answer: a stream of bytes from whatever is at the bottom of the transport.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};

use crate::{BoxError, Error, ErrorKind};

/// The body of an answer.
///
/// It is an [`http_body::Body`], for those who stream it, and can be [collected](Self::collect) by those who know it is small.
/// Dropping it cancels what is left of the download.
pub struct ResponseBody(UnsyncBoxBody<Bytes, BoxError>);

impl ResponseBody {
    /// Wraps the body of any HTTP client.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(body.map_err(Into::into).boxed_unsync())
    }

    /// No bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Empty::new())
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// [`ErrorKind::Body`] when the connection breaks off. An [`Error`] that a layer puts in the place of what came is that error.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        loop {
            match self.0.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(data) => return Some(Ok(data)),
                    // Trailers say nothing to a storage client.
                    Err(_) => continue,
                },
                Err(source) => return Some(Err(broken(source))),
            }
        }
    }

    /// The whole body, when it has at most `limit` bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Body`] when the connection breaks off, [`ErrorKind::InvalidResponse`] when there is more.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, Error> {
        let Some(first) = self.next().await.transpose()? else {
            return Ok(Bytes::new());
        };
        // Most bodies come in one piece, which is then handed on without a copy.
        let mut whole = BytesMut::new();
        let mut only = Some(first);
        loop {
            if whole.len() + only.as_ref().map_or(0, Bytes::len) > limit {
                return Err(Error::new(
                    ErrorKind::InvalidResponse,
                    format!("the answer has more than {limit} bytes"),
                ));
            }
            let Some(next) = self.next().await.transpose()? else {
                break;
            };
            if let Some(first) = only.take() {
                let rest = usize::try_from(self.0.size_hint().lower()).unwrap_or(limit);
                let known = first.len().saturating_add(next.len()).saturating_add(rest);
                whole.reserve(known.min(limit));
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&next);
        }
        Ok(only.unwrap_or_else(|| whole.freeze()))
    }
}

fn broken(source: BoxError) -> Error {
    match source.downcast::<Error>() {
        Ok(own) => *own,
        Err(source) => Error::new(ErrorKind::Body, "the answer's body broke off").with_source(source),
    }
}

impl Default for ResponseBody {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self::new(Full::new(bytes))
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody")
            .field("size", &self.0.size_hint())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use http_body_util::StreamBody;

    fn chunked(pieces: Vec<Result<&'static [u8], std::io::Error>>) -> ResponseBody {
        let frames = pieces
            .into_iter()
            .map(|piece| piece.map(|bytes| Frame::data(Bytes::from_static(bytes))));
        ResponseBody::new(StreamBody::new(stream::iter(frames)))
    }

    fn now<F: Future>(future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        match future
            .as_mut()
            .poll(&mut Context::from_waker(std::task::Waker::noop()))
        {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("these bodies are always ready"),
        }
    }

    #[test]
    fn pieces_are_joined() {
        assert_eq!(
            now(chunked(vec![Ok(b"ab"), Ok(b""), Ok(b"cd")]).collect(4)).unwrap(),
            "abcd"
        );
        assert_eq!(now(ResponseBody::empty().collect(0)).unwrap(), "");
    }

    #[test]
    fn more_than_the_limit_is_an_error() {
        for pieces in [vec![Ok(&b"abcde"[..])], vec![Ok(&b"abc"[..]), Ok(&b"de"[..])]] {
            assert_eq!(
                now(chunked(pieces).collect(4)).unwrap_err().kind(),
                ErrorKind::InvalidResponse
            );
        }
    }

    #[test]
    fn a_body_that_breaks_off_is_an_error() {
        let body = chunked(vec![Ok(b"ab"), Err(std::io::Error::other("reset"))]);
        assert_eq!(now(body.collect(9)).unwrap_err().kind(), ErrorKind::Body);
        let own = Error::new(ErrorKind::ChecksumMismatch, "it is damaged");
        let damaged = StreamBody::new(stream::iter([Err::<Frame<Bytes>, _>(own)]));
        let error = now(ResponseBody::new(damaged).collect(9)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
    }
}
