//! The layer, which has no options.

use tower::Layer;

use super::VerifyService;

/// Holds content against its checksums, as it passes.
///
/// # Downloads
/// An answer to a `GET` that asks for a [body in segments](lazuli_protocol::STRUCTURED_BODY), and gets one. The content is taken out of it, each segment
/// is held back until its CRC64 has come and was right, and the layers above see a plain answer with the length of the content, marked as
/// [`ContentVerified`](lazuli_protocol::ContentVerified). Damage is a body that breaks off behind the last byte that was right, which a
/// [`ResumeLayer`](crate::ResumeLayer) above goes on with, as with every other break.
///
/// A service that does not know of segments answers without, and its answer passes; not if the request says that the content
/// [must be verified](lazuli_protocol::ContentMustBeVerified).
///
/// *Memory:* a segment, which the service makes 4 MiB long; 8 MiB at most, with 128 bytes counted for each piece beside its own. The pieces are held as they came, and never copied.
/// Of a segment that is longer, which a service can make of more than 512 GiB, what is too much is handed on before its checksum has come. Damage there ends the download, and so does a break:
/// nobody can say from where it would have to go on.
///
/// # Uploads
/// A `PUT` with a body that is not in memory and without a checksum. The CRC64 of what is sent is computed as it goes, and held against the one that the
/// service says to have received (`x-ms-content-crc64`); an answer that says none passes. The sum is that of the body at the [`Bottom`](crate::Bottom); under
/// another bottom nothing is held against anything.
///
/// What is sent [in segments](lazuli_protocol::Body::in_segments) the service checks before it stores it, and says so by repeating `x-ms-structured-body`. One that does not know of segments takes them
/// for the content: an answer that does not repeat the header is an error.
///
/// All other requests pass untouched.
///
/// # Errors
/// - [`ChecksumMismatch`](crate::ErrorKind::ChecksumMismatch) when the service has received something else than was sent: a
///   [`RetryLayer`](crate::RetryLayer) above sends it once more where that is safe ([`Trouble::Damaged`](crate::Trouble::Damaged)); what the service refuses then, because the
///   damaged blob is in the way of a condition say, stays this error. A body fails with it, as a [`lazuli_protocol::Error`], when content
///   is damaged.
/// - [`InvalidResponse`](crate::ErrorKind::InvalidResponse) when content that must be verified comes without checksums, for a body that is no
///   message of segments, and when a service may have stored segments as if they were content.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use lazuli_protocol::{Body, ContentVerified, ResponseBody, STRUCTURED_BODY, structured_message};
/// use lazuli_transport::{Error, VerifyLayer};
/// use tower::{Layer as _, ServiceExt as _};
///
/// let service = VerifyLayer::new().layer(tower::service_fn(|request: Request<Body>| async move {
///     assert_eq!(request.headers()["x-ms-structured-body"], STRUCTURED_BODY);
///     let message = structured_message(&Bytes::from("hello world"), 4)?.concat();
///     let response = Response::builder()
///         .header("content-length", message.len())
///         .header("x-ms-structured-body", STRUCTURED_BODY)
///         .header("x-ms-structured-content-length", 11);
///     Ok::<_, Error>(response.body(ResponseBody::from(Bytes::from(message))).unwrap())
/// }));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = Request::get("https://example.blob.core.windows.net/c/b").header("x-ms-structured-body", STRUCTURED_BODY);
/// let response = service.oneshot(request.body(Body::empty())?).await?;
/// assert_eq!(response.headers()["content-length"], "11");
/// assert!(response.extensions().get::<ContentVerified>().is_some());
/// assert_eq!(response.into_body().collect(11).await?, "hello world");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyLayer(());

impl VerifyLayer {
    /// The layer.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = VerifyService<S>;

    fn layer(&self, inner: S) -> VerifyService<S> {
        VerifyService { inner }
    }
}
