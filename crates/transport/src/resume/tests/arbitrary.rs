//! Any download that breaks or stalls anywhere arrives byte for byte.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body::Frame;
use http_body_util::StreamBody;
use lazuli_protocol::ByteRange;
use proptest::prelude::*;
use tower::service_fn;

use super::*;
use crate::StallLayer;

/// How one answer is sent.
#[derive(Clone, Debug)]
struct Way {
    // It breaks off after so many bytes, if it has as many.
    breaks: usize,
    how: How,
    // The sizes of its pieces, over and over; 0 is an empty piece.
    pieces: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Error,
    End,
    Silence,
}

fn way() -> impl Strategy<Value = Way> {
    let how = prop::sample::select(vec![How::Error, How::End, How::Silence]);
    let pieces = prop::collection::vec(0_usize..40, 1..5);
    (0_usize..300, how, pieces).prop_map(|(breaks, how, pieces)| Way { breaks, how, pieces })
}

type Piecewise = stream::BoxStream<'static, std::io::Result<Frame<Bytes>>>;

fn frames(content: Bytes, way: Option<Way>) -> Piecewise {
    let Some(way) = way else {
        return stream::iter([Ok(Frame::data(content))]).boxed();
    };
    let mut left = content.slice(..way.breaks.min(content.len()));
    let mut frames = Vec::new();
    let mut sizes = way.pieces.iter().cycle();
    while !left.is_empty() {
        let size = (*sizes.next().unwrap()).min(left.len());
        frames.push(Ok(Frame::data(left.split_to(size))));
        // Pieces that are all empty would have no end.
        frames.push(Ok(Frame::data(left.split_to(1.min(left.len())))));
    }
    let frames = stream::iter(frames);
    match way.how {
        How::Error => frames
            .chain(stream::iter([Err(std::io::ErrorKind::ConnectionReset.into())]))
            .boxed(),
        How::End => frames.boxed(),
        How::Silence => frames.chain(stream::pending()).boxed(),
    }
}

/// What a blob service does with ranges and `If-Match`.
fn serve(content: &Bytes, request: &Request<Body>, way: Option<Way>) -> Response<ResponseBody> {
    let size = content.len() as u64;
    let range = request.headers().get("x-ms-range");
    let range = range.map(|range| range.to_str().unwrap().parse::<ByteRange>().unwrap());
    if let Some(tag) = request.headers().get("if-match") {
        assert_eq!(tag, "\"tag\"");
    }
    let (first, end) = match range {
        None => (0, size),
        Some(range) => (range.first(), range.end().unwrap_or(size).min(size)),
    };
    let mut response = Response::builder()
        .header("etag", "\"tag\"")
        .header("content-length", end - first);
    if range.is_some() {
        let shown = format!("bytes {first}-{}/{size}", end - 1);
        response = response.status(206).header("content-range", shown);
    }
    let part = content.slice(usize::try_from(first).unwrap()..usize::try_from(end).unwrap());
    let body = StreamBody::new(frames(part, way));
    response.body(ResponseBody::new(body)).unwrap()
}

proptest! {
    #[test]
    fn a_broken_download_arrives_byte_for_byte(
        content in prop::collection::vec(any::<u8>(), 1..2000),
        range in prop::option::of((any::<prop::sample::Index>(), 1_u64..2000, any::<bool>())),
        ways in prop::collection::vec(way(), 0..30),
    ) {
        let content = Bytes::from(content);
        let asked = range.map(|(first, length, open)| {
            let first = first.index(content.len()) as u64;
            if open { ByteRange::from(first..) } else { ByteRange::new(first, length) }
        });
        let first = asked.map_or(0, |range| range.first());
        let size = content.len() as u64;
        let end = asked.and_then(|range| range.end()).unwrap_or(size).min(size);
        let expected = content.slice(usize::try_from(first).unwrap()..usize::try_from(end).unwrap());

        let broken = ways.len();
        let ways = Arc::new(Mutex::new(VecDeque::from(ways)));
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let service = service_fn(move |request: Request<Body>| {
            counted.fetch_add(1, Ordering::Relaxed);
            let way = ways.lock().unwrap().pop_front();
            std::future::ready(Ok::<_, Error>(serve(&content, &request, way)))
        });
        let mut request = get();
        if let Some(range) = asked {
            request.headers_mut().insert("x-ms-range", range.header_value().unwrap().parse().unwrap());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let policy = ResumePolicy::default().without_progress(100);
        let arrived = runtime.block_on(async {
            let body = answer(StallLayer::default().layer(service), policy, request).await.into_body();
            assert_eq!(http_body::Body::size_hint(&body).exact(), Some(expected.len() as u64));
            body.collect(usize::MAX).await
        });
        prop_assert_eq!(arrived.unwrap(), expected);
        prop_assert!(requests.load(Ordering::Relaxed) <= broken + 1);
    }
}
