//! Content that is damaged on its way, through the default stack: what the caller sees of it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::stream;
use http::{Method, Request, Response};
use http_body_util::BodyExt as _;
use lazuli_blob::{BlobClient, BlobServiceClient, ErrorKind};
use lazuli_protocol::{
    Body, ByteRange, Checksum, Crc64, Endpoint, Md5, ResponseBody, STRUCTURED_BODY, structured_message,
};
use lazuli_transport::{OutgoingBody, Transport};

const CONTENT: &[u8] = b"0123456789";
/// The first byte of the content, in a message.
const FIRST: usize = 13 + 10;

/// What is wrong with the service.
#[derive(Clone, Copy, Debug)]
enum Harm {
    None,
    /// The first so many answers are damaged.
    Damages(usize),
    /// It knows nothing of segments, nor of checksums.
    Old,
}

/// A blob of a service that holds `CONTENT`, and how many requests it was sent.
fn blob(harm: Harm) -> (BlobClient, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let call = count.fetch_add(1, Ordering::Relaxed);
        let damaged = matches!(harm, Harm::Damages(calls) if call < calls);
        async move {
            Ok::<_, Infallible>(match *request.method() {
                Method::GET => read(&request, damaged, matches!(harm, Harm::Old)),
                _ => written(request, damaged, matches!(harm, Harm::Old)).await,
            })
        }
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    let blobs = BlobServiceClient::new(endpoint, transport);
    (blobs.container("box").blob("a"), calls)
}

fn read(request: &Request<OutgoingBody>, damaged: bool, old: bool) -> Response<ResponseBody> {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap());
    let first = header("x-ms-range").map_or(0, |range| range.parse::<ByteRange>().unwrap().first());
    let first = usize::try_from(first).unwrap();
    let content = Bytes::from_static(&CONTENT[first..]);
    let answer = Response::builder()
        .status(206)
        .header("etag", "\"0x1\"")
        .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
        .header("content-range", format!("bytes {first}-9/10"));
    if old || header("x-ms-structured-body").is_none() {
        let answer = answer.header("content-length", content.len());
        return answer.body(content.into()).unwrap();
    }
    let mut message = structured_message(&content, 4).unwrap().concat();
    if damaged {
        message[FIRST] ^= 1;
    }
    answer
        .header("content-length", message.len())
        .header("x-ms-structured-body", STRUCTURED_BODY)
        .header("x-ms-structured-content-length", content.len())
        .body(Bytes::from(message).into())
        .unwrap()
}

async fn written(request: Request<OutgoingBody>, damaged: bool, old: bool) -> Response<ResponseBody> {
    let segments = request.headers().get("x-ms-structured-body").cloned();
    let received = request.into_body().collect().await.unwrap().to_bytes();
    let crc = Crc64::from(Crc64::of(&received).get() ^ u64::from(damaged));
    let mut answer = Response::builder()
        .status(201)
        .header("etag", "\"0x1\"")
        .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
        .header("x-ms-content-crc64", crc.to_string());
    if let Some(form) = segments {
        let message = structured_message(&Bytes::from_static(CONTENT), CONTENT.len()).unwrap();
        assert_eq!(received, message.concat());
        if damaged {
            answer = answer.status(400).header("x-ms-error-code", "Crc64Mismatch");
        } else if !old {
            answer = answer.header("x-ms-structured-body", form);
        }
    }
    answer.body(ResponseBody::empty()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_is_damaged_is_read_again_and_nobody_notices() {
    let (blob, calls) = blob(Harm::Damages(1));
    let download = blob.download().range(0..10).await.unwrap();
    assert!(download.is_checked());
    assert_eq!((download.content_length(), download.checksum()), (10, None));
    assert_eq!(download.bytes().await.unwrap(), CONTENT);
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn what_stays_damaged_is_never_seen() {
    let (blob, calls) = blob(Harm::Damages(usize::MAX));
    let mut download = blob.download().range(0..10).await.unwrap();
    let error = download.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
    assert!(error.to_string().contains("after 3 resumptions"), "{error}");
    assert!(download.next().await.is_none());
    assert_eq!(calls.load(Ordering::Relaxed), 4);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_knows_no_segments_is_read_without_and_refused_where_that_is_not_enough() {
    let (old, _) = blob(Harm::Old);
    let download = old.download().range(0..10).await.unwrap();
    assert!(!download.is_checked());
    assert_eq!(download.bytes().await.unwrap(), CONTENT);
    let error = old.download().range(0..10).checked().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);

    let (new, _) = blob(Harm::None);
    let download = new.download().range(0..10).checked().await.unwrap();
    assert!(download.is_checked());
    assert_eq!(download.bytes().await.unwrap(), CONTENT);
    let download = new.download().range(0..10).unchecked().await.unwrap();
    assert!(!download.is_checked());
    assert_eq!(download.bytes().await.unwrap(), CONTENT);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_arrives_damaged_is_sent_once_more() {
    let body = || Body::stream(10, || Box::pin(stream::iter([Ok(Bytes::from_static(CONTENT))])));
    for (damages, tries, is_well) in [(0, 1, true), (1, 2, true), (9, 2, false)] {
        let (blob, calls) = blob(Harm::Damages(damages));
        let outcome = blob.upload(body()).await;
        assert_eq!((outcome.is_ok(), calls.load(Ordering::Relaxed)), (is_well, tries));
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
            assert!(error.to_string().contains("write them again"), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn segments_are_taken_apart_or_the_upload_fails() {
    let streamed = || Body::stream(10, || Box::pin(stream::iter([Ok(Bytes::from_static(CONTENT))])));
    for body in [streamed(), Body::from(CONTENT)] {
        let (new, calls) = blob(Harm::None);
        let written = new.upload(body.clone()).in_segments().await.unwrap();
        assert_eq!(written.structured_body.as_deref(), Some(STRUCTURED_BODY));
        assert_eq!(calls.load(Ordering::Relaxed), 1);

        let (old, calls) = blob(Harm::Old);
        let error = old.upload(body.clone()).in_segments().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(error.to_string().contains("may have stored them"), "{error}");
        assert_eq!(calls.load(Ordering::Relaxed), 1);

        let (bad, _) = blob(Harm::Damages(usize::MAX));
        let error = bad.upload(body.clone()).in_segments().await.unwrap_err();
        assert_eq!(error.code().map(|code| code.as_str()), Some("Crc64Mismatch"));

        let sum = Checksum::Md5(Md5::of(CONTENT));
        let both = new.upload(body).checksum(sum).in_segments().await.unwrap_err();
        assert_eq!(both.kind(), ErrorKind::InvalidInput);
    }
}
