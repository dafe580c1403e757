//! A blob's content on its way in, checked as it passes.

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};
use lazuli_protocol::{
    self as protocol, Checksum, ContentRange, Crc64Hasher, Md5Hasher, ResponseBody, StructuredDecoder,
};

use crate::{BlobProperties, Error};

/// The content of a blob, or of a range of it, as it arrives, and all that the service says of the blob.
///
/// The stream ends well only when every byte has arrived: one byte too few is an error, and so is content that does not have
/// the checksum that came with it; [`is_checked`](Self::is_checked) says whether any came. Dropping a download cancels it.
///
/// With the layers of `lazuli-transport`, content that comes in segments is verified before it is here: no byte of a damaged segment is ever handed on. Without them a download takes the
/// content out of its segments itself, and hands it on before the checksum of its segment has come; damage is the error after it.
///
/// ```no_run
/// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
/// let mut download = blob.download().range(0..1024).await?;
/// println!("{} of {} bytes", download.content_length(), download.properties().content_length);
/// while let Some(piece) = download.next().await {
///     let piece = piece?;
///     // write it somewhere
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Download {
    properties: BlobProperties,
    content_range: Option<ContentRange>,
    content_length: u64,
    received: u64,
    check: Option<Check>,
    segments: Option<Box<Segments>>,
    // Whether a layer below holds the content against checksums before it comes here.
    verified: bool,
    body: ResponseBody,
    done: bool,
}

/// Content that comes in segments with checksums.
#[derive(Debug)]
struct Segments {
    decoder: StructuredDecoder,
    // What of the last piece is not yet taken apart.
    piece: Bytes,
}

#[derive(Debug)]
struct Check {
    expected: Checksum,
    state: Hasher,
}

#[derive(Debug)]
enum Hasher {
    Crc64(Box<Crc64Hasher>),
    Md5(Box<Md5Hasher>),
}

impl Download {
    pub(crate) fn new(
        properties: BlobProperties,
        content_range: Option<ContentRange>,
        content_length: u64,
        checksum: Option<Checksum>,
        body: ResponseBody,
    ) -> Self {
        let check = checksum.and_then(|expected| {
            let state = match expected {
                Checksum::Crc64(_) => Hasher::Crc64(Box::default()),
                Checksum::Md5(_) => Hasher::Md5(Box::default()),
                _ => return None,
            };
            Some(Check { expected, state })
        });
        Self {
            properties,
            content_range,
            content_length,
            received: 0,
            check,
            segments: None,
            verified: false,
            body,
            done: false,
        }
    }

    /// Takes the body for a structured message.
    pub(crate) fn in_segments(mut self) -> Self {
        self.segments = Some(Box::new(Segments {
            decoder: StructuredDecoder::new(self.content_length),
            piece: Bytes::new(),
        }));
        self
    }

    /// Says that a layer below has done that, and verifies what comes.
    pub(crate) fn verified(mut self) -> Self {
        self.verified = true;
        self
    }

    /// What the service says of the blob.
    #[must_use]
    pub fn properties(&self) -> &BlobProperties {
        &self.properties
    }

    /// Which bytes these are; `None` when it is the whole blob.
    #[must_use]
    pub fn content_range(&self) -> Option<ContentRange> {
        self.content_range
    }

    /// How many bytes are to come in all.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        self.content_length
    }

    /// The checksum that the service sent of these bytes, which the end of the stream is held against.
    #[must_use]
    pub fn checksum(&self) -> Option<Checksum> {
        self.check.as_ref().map(|check| check.expected)
    }

    /// Whether the content is held against checksums that the service sent with it. Without them, only its length is checked.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.check.is_some() || self.segments.is_some() || self.verified
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::Body`](crate::ErrorKind::Body) when the connection breaks off or the length is wrong, [`ErrorKind::ChecksumMismatch`](crate::ErrorKind::ChecksumMismatch) when the
    /// content is not what the service sent. After an error there is nothing more.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        if self.done {
            return None;
        }
        let outcome = match self.next_content().await {
            Some(Ok(piece)) => self.take(piece),
            Some(Err(error)) => Err(error.into()),
            None => {
                self.done = true;
                return self.finish().err().map(Err);
            }
        };
        self.done = outcome.is_err();
        Some(outcome)
    }

    /// The next piece of content, out of its segment if it comes in one.
    async fn next_content(&mut self) -> Option<Result<Bytes, protocol::Error>> {
        let Some(segments) = &mut self.segments else {
            return self.body.next().await;
        };
        loop {
            match segments.decoder.decode(&mut segments.piece) {
                Ok(Some(content)) => return Some(Ok(content)),
                Ok(None) => {}
                Err(error) => return Some(Err(error)),
            }
            match self.body.next().await {
                Some(Ok(piece)) => segments.piece = piece,
                Some(Err(error)) => return Some(Err(error)),
                None => return segments.decoder.finish().err().map(Err),
            }
        }
    }

    fn take(&mut self, piece: Bytes) -> Result<Bytes, Error> {
        self.received = self.received.saturating_add(piece.len() as u64);
        if self.received > self.content_length {
            return Err(self.wrong_length());
        }
        match self.check.as_mut().map(|check| &mut check.state) {
            Some(Hasher::Crc64(hasher)) => hasher.update(&piece),
            Some(Hasher::Md5(hasher)) => hasher.update(&piece),
            None => {}
        }
        Ok(piece)
    }

    fn finish(&mut self) -> Result<(), Error> {
        if self.received != self.content_length {
            return Err(self.wrong_length());
        }
        let Some(Check { expected, state }) = self.check.take() else {
            return Ok(());
        };
        let actual = match state {
            Hasher::Crc64(hasher) => Checksum::Crc64(hasher.finish()),
            Hasher::Md5(hasher) => Checksum::Md5(hasher.finish()),
        };
        if actual == expected {
            return Ok(());
        }
        let message =
            "the content does not have the checksum that the service sent with it; download it again";
        Err(protocol::Error::new(protocol::ErrorKind::ChecksumMismatch, message).into())
    }

    fn wrong_length(&self) -> Error {
        let message = format!("{} of {} bytes arrived", self.received, self.content_length);
        protocol::Error::new(protocol::ErrorKind::Body, message).into()
    }

    /// All bytes, in memory.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let Some(first) = self.next().await.transpose()? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.next().await.transpose()? else {
            return Ok(first);
        };
        // The length is what a header claims; memory is taken as content arrives.
        let mut whole =
            Vec::with_capacity(usize::try_from(self.content_length.min(1 << 24)).unwrap_or_default());
        whole.extend_from_slice(&first);
        whole.extend_from_slice(&second);
        while let Some(piece) = self.next().await.transpose()? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.into())
    }

    /// The pieces as a [`Stream`].
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        stream::unfold(self, async |mut download| {
            download.next().await.map(|piece| (piece, download))
        })
        .fuse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use lazuli_protocol::{Crc64, Operation as _};

    async fn download(
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> Result<Download, lazuli_protocol::Error> {
        let mut response = http::Response::builder()
            .status(206)
            .header("etag", "\"0x1\"")
            .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT");
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let (parts, ()) = response.body(()).unwrap().into_parts();
        crate::operations::GetBlob::response(parts, Bytes::from_static(body.as_bytes()).into()).await
    }

    #[tokio::test]
    async fn content_with_its_checksum_arrives() {
        let crc = Crc64::of(b"hello").to_string();
        let headers = [
            ("content-length", "5"),
            ("content-range", "bytes 0-4/9"),
            ("x-ms-content-crc64", &crc),
        ];
        let download = download(&headers, "hello").await.unwrap();
        assert_eq!(download.checksum(), Some(Checksum::Crc64(Crc64::of(b"hello"))));
        assert_eq!(download.properties().content_length, 9);
        assert_eq!(download.bytes().await.unwrap(), "hello");
    }

    #[tokio::test]
    async fn damage_is_an_error_and_the_end() {
        let crc = Crc64::of(b"hello").to_string();
        let headers = [
            ("content-length", "5"),
            ("content-range", "bytes 0-4/9"),
            ("x-ms-content-crc64", &crc),
        ];
        let mut download = download(&headers, "hallo").await.unwrap();
        assert_eq!(download.next().await.unwrap().unwrap(), "hallo");
        assert_eq!(
            download.next().await.unwrap().unwrap_err().kind(),
            ErrorKind::ChecksumMismatch
        );
        assert!(download.next().await.is_none());
    }

    #[tokio::test]
    async fn a_wrong_length_is_an_error() {
        for body in ["hell", "hello!"] {
            let headers = [("content-length", "5"), ("content-range", "bytes 0-4/9")];
            let error = download(&headers, body).await.unwrap().bytes().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Body, "{body}");
        }
    }

    #[tokio::test]
    async fn a_stream_that_is_over_stays_over() {
        let headers = [("content-length", "5"), ("content-range", "bytes 0-4/9")];
        for body in ["hello", "hell"] {
            let download = download(&headers, body).await.unwrap();
            let mut stream = std::pin::pin!(download.into_stream());
            while stream.next().await.is_some() {}
            assert!(stream.next().await.is_none(), "{body}");
        }
    }

    const SEGMENTED: [(&str, &str); 5] = [
        ("content-length", "86"),
        ("content-range", "bytes 0-10/11"),
        ("x-ms-structured-body", "XSM/1.0; properties=crc64"),
        ("x-ms-structured-content-length", "11"),
        ("x-ms-request-id", "r"),
    ];

    async fn segmented(message: Vec<u8>) -> Download {
        let response = SEGMENTED.iter().fold(
            http::Response::builder()
                .status(206)
                .header("etag", "\"0x1\"")
                .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT"),
            |response, (name, value)| response.header(*name, *value),
        );
        let (parts, ()) = response.body(()).unwrap().into_parts();
        let body = Bytes::from(message).into();
        crate::operations::GetBlob::response(parts, body).await.unwrap()
    }

    #[tokio::test]
    async fn content_in_segments_is_taken_out_and_checked() {
        let content = Bytes::from_static(b"hello world");
        let message = lazuli_protocol::structured_message(&content, 4).unwrap().concat();
        let download = segmented(message.clone()).await;
        assert!(download.is_checked());
        assert_eq!(
            (download.content_length(), download.properties().content_length),
            (11, 11)
        );
        assert_eq!(download.bytes().await.unwrap(), content);

        let mut damaged = message.clone();
        damaged[25] ^= 1;
        let error = segmented(damaged).await.bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
        let error = segmented(message[..50].to_vec()).await.bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body);
    }

    #[tokio::test]
    async fn a_partial_answer_must_say_what_it_holds() {
        assert!(download(&[("content-length", "5")], "hello").await.is_err());
    }
}
