//! What the reader sees.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::HeaderMap;
use http_body::{Body as _, Frame};
use http_body_util::StreamBody;
use tower::service_fn;

use super::*;
use crate::testing::of_kind;

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_goes_on() {
    let steps = vec![
        whole(vec![data("01"), data("23"), Piece::Break]),
        rest(4, vec![data("456"), Piece::Break]),
        rest(7, vec![data("789")]),
    ];
    let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
    assert_eq!(text, "0123456789");
    outcome.unwrap();
    let ranges: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.headers.get("x-ms-range").cloned())
        .collect();
    assert_eq!(ranges[0], None);
    assert_eq!(
        ranges[1..],
        [
            Some("bytes=4-9".parse().unwrap()),
            Some("bytes=7-9".parse().unwrap())
        ]
    );
    // Bytes came in between: there is nothing to wait for.
    assert_eq!(script.waits(), [Duration::ZERO; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_ends_too_early_goes_on() {
    for nothing in [vec![], vec![data("")]] {
        let steps = vec![
            whole(nothing),
            rest(0, vec![data("012")]),
            rest(3, vec![data("3456789")]),
        ];
        let (_, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
        assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
    }
}

#[tokio::test(start_paused = true)]
async fn a_range_goes_on_within_itself() {
    let mut request = get();
    request
        .headers_mut()
        .insert("x-ms-range", "bytes=2-7".parse().unwrap());
    let steps = vec![
        Step::Stream(206, head(2, 7), vec![data("234"), Piece::Break]),
        Step::Stream(206, head(5, 7), vec![data("567")]),
    ];
    let (script, text, outcome) = run(ResumePolicy::default(), steps, request).await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("234567", true));
    assert_eq!(script.seen()[1].headers["x-ms-range"], "bytes=5-7");
}

#[tokio::test(start_paused = true)]
async fn a_break_after_the_last_byte_is_no_break() {
    let steps = vec![whole(vec![data("0123456789"), Piece::Break])];
    let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn more_bytes_than_announced_are_an_error() {
    for steps in [
        vec![whole(vec![data("0123456789"), data("x")])],
        vec![whole(vec![data("0123456789x")])],
        vec![
            whole(vec![data("012"), Piece::Break]),
            rest(3, vec![data("3456789x")]),
        ],
    ] {
        let resumptions = steps.len() - 1;
        let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        assert!("0123456789".starts_with(&text));
        assert_eq!(own(&error).kind(), ErrorKind::Body);
        assert!(
            error
                .to_string()
                .contains(&format!("after {resumptions} resumption")),
            "{error}"
        );
        assert!(
            error.to_string().contains("more bytes than its length"),
            "{error}"
        );
        assert_eq!(script.seen().len(), resumptions + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_before_the_reader_asks() {
    let script = Script::of([
        whole(vec![data("0123"), Piece::Break]),
        rest(4, vec![data("456789")]),
    ]);
    let mut body = answer(script.clone(), ResumePolicy::default(), get())
        .await
        .into_body();
    assert_eq!(body.next().await.unwrap().unwrap(), "0123");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(script.seen().len(), 1);
    assert_eq!(body.next().await.unwrap().unwrap(), "456789");
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_waiting_loses_nothing() {
    let script = Script::of([
        whole(vec![data("0123"), Piece::Break]),
        rest(4, vec![Piece::Break]),
        rest(4, vec![Piece::After(Duration::from_millis(250)), data("456789")]),
    ]);
    let mut body = answer(script.clone(), ResumePolicy::default(), get())
        .await
        .into_body();
    let mut text = Vec::new();
    let mut given_up = 0;
    loop {
        match tokio::time::timeout(Duration::from_millis(100), body.next()).await {
            Ok(Some(piece)) => text.extend_from_slice(&piece.unwrap()),
            Ok(None) => break,
            Err(_) => given_up += 1,
        }
    }
    // Half a second of waiting to ask once more, and a quarter for the answer.
    assert_eq!((text.as_slice(), given_up), (b"0123456789".as_slice(), 7));
    assert_eq!(script.seen().len(), 3);
}

#[derive(Debug)]
struct Counted(Script, Arc<AtomicUsize>);

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.1.fetch_add(1, Ordering::Relaxed);
        Self(self.0.clone(), Arc::clone(&self.1))
    }
}

impl Service<Request<Body>> for Counted {
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = crate::AnswerFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request)
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_download_costs_nothing() {
    use lazuli_protocol::OperationKind;
    for (request, clones) in [(of_kind(OperationKind::Write), 0), (get(), 1)] {
        let service = Counted(Script::of([whole(vec![data("0123456789")])]), Arc::default());
        let counted = Arc::clone(&service.1);
        let body = answer(service, ResumePolicy::default(), request)
            .await
            .into_body();
        assert_eq!(read(body).await.0, "0123456789");
        assert_eq!(counted.load(Ordering::Relaxed), clones);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_body_drops_everything() {
    let alive = Arc::new(());
    let held = Arc::clone(&alive);
    let service = service_fn(move |request: Request<Body>| {
        let held = Arc::clone(&held);
        async move {
            if request.headers().contains_key("x-ms-range") {
                // The rest is asked for and does not come.
                let _held = held;
                std::future::pending::<()>().await;
            }
            let broken = stream::iter([Err::<Frame<Bytes>, _>(std::io::Error::other("cut"))]);
            let response = Response::builder()
                .header("etag", "\"1\"")
                .header("content-length", "10");
            Ok::<_, Error>(response.body(ResponseBody::new(StreamBody::new(broken))).unwrap())
        }
    });
    let mut body = answer(service, ResumePolicy::default(), get()).await.into_body();
    assert!(
        tokio::time::timeout(Duration::from_secs(9), body.next())
            .await
            .is_err()
    );
    // The test's own, that of the service and its clones, and the request's.
    assert!(Arc::strong_count(&alive) > 2);
    drop(body);
    assert_eq!(Arc::strong_count(&alive), 1);
}

#[tokio::test(start_paused = true)]
async fn sizes_are_exact_and_trailers_and_empty_pieces_get_through() {
    let service = service_fn(|request: Request<Body>| async move {
        let trailers = || {
            let mut trailers = HeaderMap::new();
            trailers.insert("x-end", "1".parse().unwrap());
            Ok::<_, std::io::Error>(Frame::trailers(trailers))
        };
        let piece = |text: &'static str| Ok(Frame::data(Bytes::from_static(text.as_bytes())));
        let response = Response::builder().header("etag", "\"1\"");
        Ok::<_, Error>(match request.headers().get("x-ms-range") {
            None => {
                // Trailers, although bytes are missing.
                let body = stream::iter([piece("01"), piece(""), piece("234"), trailers()]);
                let response = response.header("content-length", "10");
                response.body(ResponseBody::new(StreamBody::new(body))).unwrap()
            }
            Some(_) => {
                let body = stream::iter([piece(""), piece("56789"), trailers()]);
                let response = response.status(206).header("content-range", "bytes 5-9/10");
                response.body(ResponseBody::new(StreamBody::new(body))).unwrap()
            }
        })
    });
    let mut body = answer(service, ResumePolicy::default(), get()).await.into_body();
    let mut left = 10;
    let mut ends = 0;
    assert_eq!(body.size_hint().exact(), Some(left));
    while let Some(frame) = body.frame().await {
        match frame.unwrap().into_data() {
            Ok(piece) => left -= piece.len() as u64,
            Err(trailers) => {
                ends += 1;
                assert_eq!(
                    (left, &trailers.into_trailers().unwrap()["x-end"]),
                    (0, &"1".parse().unwrap())
                );
            }
        }
        assert_eq!(body.size_hint().exact(), Some(left));
        assert!(left == 0 || !body.is_end_stream());
    }
    assert_eq!((left, ends), (0, 1));
    assert!(body.is_end_stream());
}

#[tokio::test(start_paused = true)]
async fn everything_else_passes_untouched() {
    use lazuli_protocol::{OperationInfo, OperationKind};
    let asked = |method: &str, info: Option<OperationInfo>, body: &'static str| {
        let mut request = Request::builder().method(method).uri(crate::testing::URL);
        if let Some(info) = info {
            request = request.extension(info);
        }
        request.body(Body::from(body)).unwrap()
    };
    let large = OperationInfo::blob("Test", OperationKind::LargeRead);
    let small = OperationInfo::blob("Test", OperationKind::SmallRead);
    let whole_head = || with(head(0, 9), "content-range", "");
    for (request, status, headers) in [
        (of_kind(OperationKind::LargeRead), 200, whole_head()),
        (asked("GET", Some(small), ""), 200, whole_head()),
        (asked("GET", Some(large.sent_once()), ""), 200, whole_head()),
        (asked("GET", Some(large), "a body"), 200, whole_head()),
        (asked("POST", Some(large), ""), 200, whole_head()),
        (get(), 203, whole_head()),
        (get(), 404, whole_head()),
        (get(), 200, with(whole_head(), "etag", "")),
        (get(), 200, with(whole_head(), "etag", "W/\"1\"")),
        (get(), 200, with(whole_head(), "etag", "1")),
        (get(), 200, with(whole_head(), "content-length", "")),
        (get(), 200, with(whole_head(), "content-length", "+10")),
        (get(), 200, with(whole_head(), "content-length", "0")),
        (
            get(),
            200,
            with(whole_head(), "x-ms-structured-body", "XSM/1.0; properties=crc64"),
        ),
        (get(), 206, whole_head()),
        (get(), 206, with(whole_head(), "content-range", "bytes 0-9/*")),
        (get(), 206, with(whole_head(), "content-range", "bytes 0-8/10")),
        (
            get(),
            206,
            with(whole_head(), "content-length", "18446744073709551615"),
        ),
    ] {
        let shown = format!("{request:?} {status} {headers:?}");
        let steps = vec![Step::Stream(status, headers, vec![data("01"), Piece::Break])];
        let (script, text, outcome) = run(ResumePolicy::default(), steps, request).await;
        assert_eq!((text.as_str(), script.seen().len()), ("01", 1), "{shown}");
        assert!(outcome.unwrap_err().is::<std::io::Error>(), "{shown}");
    }
}
