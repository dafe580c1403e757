//! What is read whole, what is streamed, and what happens to bodies that break.

use std::time::Duration;

use http::{Method, Request, Response};
use http_body::Body as _;
use lazuli_protocol::{Body, OperationInfo, OperationKind, ResponseBody};
use tower::{Layer as _, ServiceExt as _};

use super::GatherLayer;
use crate::testing::{Piece, Script, Step, URL, of_kind};
use crate::{DeadlineLayer, Deadlines, Error, ErrorKind, RetryLayer, RetryPolicy};

const LATER: Piece = Piece::After(Duration::from_secs(3));

fn list() -> Request<Body> {
    of_kind(OperationKind::List)
}

fn says(length: u64) -> Vec<(&'static str, String)> {
    vec![("content-length", length.to_string())]
}

async fn run(request: Request<Body>, step: Step) -> Result<Response<ResponseBody>, Error> {
    // Eight bytes, in two pieces.
    GatherLayer::new(8 + 2 * 128)
        .layer(Script::of([step]))
        .oneshot(request)
        .await
}

/// The pieces of a body, and how it ends.
async fn pieces(answer: Response<ResponseBody>) -> (Vec<String>, bool) {
    let mut body = answer.into_body();
    let mut pieces = Vec::new();
    while let Some(piece) = body.next().await {
        match piece {
            Ok(piece) => pieces.push(String::from_utf8(piece.to_vec()).unwrap()),
            Err(error) => {
                assert_eq!(error.kind(), lazuli_protocol::ErrorKind::Body);
                return (pieces, false);
            }
        }
    }
    (pieces, true)
}

#[tokio::test(start_paused = true)]
async fn a_small_answer_is_there_when_its_head_is() {
    let parts = vec![Piece::Data(b"ab"), LATER, Piece::Data(b"cd"), LATER];
    for headers in [vec![], says(4)] {
        let answer = run(list(), Step::Stream(200, headers, parts.clone()))
            .await
            .unwrap();
        assert_eq!(answer.body().size_hint().exact(), Some(4));
        let before = tokio::time::Instant::now();
        assert_eq!(
            pieces(answer).await,
            (vec!["ab".to_owned(), "cd".to_owned()], true)
        );
        assert_eq!(before.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn one_piece_is_handed_on_without_a_copy() {
    static PIECE: &[u8] = b"only";
    let answer = run(list(), Step::Stream(200, vec![], vec![Piece::Data(PIECE)])).await;
    let whole = answer.unwrap().into_body().collect(4).await.unwrap();
    assert_eq!(whole.as_ptr(), PIECE.as_ptr());
}

#[tokio::test(start_paused = true)]
async fn large_reads_are_streamed_unless_they_are_refused() {
    let nameless = Request::get(URL).body(Body::empty()).unwrap();
    for request in [of_kind(OperationKind::LargeRead), nameless] {
        let hangs = vec![Piece::Data(b"ab"), Piece::Hang];
        let mut answer = run(request, Step::Stream(206, vec![], hangs)).await.unwrap();
        assert_eq!(answer.body_mut().next().await.unwrap().unwrap(), "ab");
    }
    let slow = vec![LATER, Piece::Data(b"<Error/>")];
    let refused = run(of_kind(OperationKind::LargeRead), Step::Stream(404, vec![], slow)).await;
    assert_eq!(refused.unwrap().body().size_hint().exact(), Some(8));
}

#[tokio::test(start_paused = true)]
async fn what_is_larger_than_the_limit_is_handed_on() {
    let parts = vec![
        Piece::Data(b"12345"),
        Piece::Data(b"6789"),
        LATER,
        Piece::Data(b"abc"),
    ];
    for headers in [vec![], says(12)] {
        let begun = tokio::time::Instant::now();
        let answer = run(list(), Step::Stream(200, headers, parts.clone()))
            .await
            .unwrap();
        assert_eq!(begun.elapsed(), Duration::ZERO, "nobody has waited for the rest");
        let (pieces, whole) = pieces(answer).await;
        assert!(whole);
        assert_eq!(pieces, ["12345", "6789", "abc"]);
    }
    let told = Step::Stream(200, says(1000), vec![Piece::Hang]);
    assert!(run(list(), told).await.is_ok());
    let mut parts = parts;
    parts.push(Piece::Break);
    let answer = run(list(), Step::Stream(200, vec![], parts)).await.unwrap();
    let (pieces, whole) = pieces(answer).await;
    assert_eq!((pieces.len(), whole), (3, false));
}

#[tokio::test(start_paused = true)]
async fn what_has_no_body_is_not_waited_for() {
    let head = |kind| of_kind(kind).map_method(Method::HEAD);
    for (request, status, headers) in [
        (head(OperationKind::SmallRead), 200, says(1000)),
        (list(), 204, vec![]),
        (list(), 304, says(1000)),
    ] {
        let answer = run(request, Step::Stream(status, headers, vec![Piece::Hang])).await;
        assert_eq!(answer.unwrap().status(), status);
    }
    let empty = Step::Answer(201, &[("content-length", "0")]);
    assert!(run(list(), empty).await.unwrap().body().is_end_stream());
}

trait MapMethod {
    fn map_method(self, method: Method) -> Self;
}

impl MapMethod for Request<Body> {
    fn map_method(mut self, method: Method) -> Self {
        *self.method_mut() = method;
        self
    }
}

fn broken() -> Vec<Step> {
    vec![
        Step::Stream(200, vec![], vec![Piece::Data(b"ab"), Piece::Break]),
        Step::Stream(200, says(3), vec![Piece::Data(b"ab")]),
        Step::Stream(200, says(1), vec![Piece::Data(b"ab"), Piece::Hang]),
        Step::Stream(200, says(4), vec![Piece::Data(b"ab"), Piece::Break]),
    ]
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_breaks_off_is_a_connection_that_failed() {
    for step in broken() {
        let error = run(list(), step.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{step:?}");
        assert_eq!(error.to_string(), "the answer broke off after 2 bytes");
        assert!(std::error::Error::source(&error).is_some());
    }
    let none = Step::Answer(200, &[("content-length", "2")]);
    assert_eq!(run(list(), none).await.unwrap_err().kind(), ErrorKind::Connection);
}

#[tokio::test(start_paused = true)]
async fn and_is_asked_for_again() {
    let mut steps = broken();
    steps.truncate(2);
    steps.push(Step::Stream(200, says(2), vec![Piece::Data(b"ok")]));
    let script = Script::of(steps);
    let service = GatherLayer::default().layer(script.clone());
    let service = RetryLayer::new(RetryPolicy::default()).layer(service);
    let answer = service.oneshot(list()).await.unwrap();
    assert_eq!(pieces(answer).await, (vec!["ok".to_owned()], true));
    assert_eq!(script.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_covers_the_whole_answer() {
    let stalls = Step::Stream(200, vec![], vec![Piece::Data(b"ab"), Piece::Hang]);
    let service = GatherLayer::default().layer(Script::of([stalls]));
    let service = DeadlineLayer::new(Deadlines::default()).layer(service);
    let begun = tokio::time::Instant::now();
    assert!(service.oneshot(list()).await.unwrap_err().is_timeout());
    assert_eq!(begun.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn trailers_are_kept() {
    let trailing = tower::service_fn(|_: Request<Body>| async {
        let mut trailers = http::HeaderMap::new();
        trailers.insert("x-ms-meta-last", http::HeaderValue::from_static("word"));
        let frames = [
            http_body::Frame::data(bytes::Bytes::from_static(b"ab")),
            http_body::Frame::trailers(trailers),
        ];
        let frames = futures_util::stream::iter(frames.map(Ok::<_, Error>));
        let body = ResponseBody::new(http_body_util::StreamBody::new(frames));
        Ok::<_, Error>(
            Response::builder()
                .header("content-length", 2)
                .body(body)
                .unwrap(),
        )
    });
    let answer = GatherLayer::default().layer(trailing).oneshot(list()).await;
    let collected = http_body_util::BodyExt::collect(answer.unwrap().into_body()).await;
    let collected = collected.unwrap();
    assert_eq!(collected.trailers().unwrap()["x-ms-meta-last"], "word");
    assert_eq!(collected.to_bytes(), "ab");
}

#[tokio::test(start_paused = true)]
async fn what_is_done_stays_done() {
    let once = Request::put(URL)
        .extension(OperationInfo::blob("AppendBlock", OperationKind::Write).sent_once())
        .body(Body::empty())
        .unwrap();
    let nameless = Request::post(URL).body(Body::empty()).unwrap();
    let requests = [
        once,
        nameless,
        of_kind(OperationKind::Write),
        of_kind(OperationKind::Lease),
    ];
    for request in &requests {
        for step in broken() {
            let mut copy = Request::new(request.body().clone());
            *copy.method_mut() = request.method().clone();
            *copy.extensions_mut() = request.extensions().clone();
            let answer = run(copy, step.clone()).await.unwrap();
            assert_eq!(answer.body().size_hint().exact(), None);
            assert_eq!(pieces(answer).await, (vec!["ab".to_owned()], false), "{step:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_done_does_not_wait_for_a_body_that_stalls() {
    let late = Piece::After(Duration::from_secs(600));
    let coded = vec![("x-ms-error-code", "LeaseAlreadyPresent".to_owned())];
    // The deadline, and how long the answer takes, in milliseconds.
    for (deadline, took) in [
        (None, 2000),
        (Some(20_000), 2000),
        (Some(3000), 1500),
        (Some(100), 50),
    ] {
        let took: u64 = took;
        for (status, headers) in [(201, vec![]), (409, coded.clone())] {
            for kind in [OperationKind::Write, OperationKind::Lease] {
                let parts = vec![Piece::Data(b"ab"), late.clone(), Piece::Data(b"cd")];
                let script = Script::of([Step::Stream(status, headers.clone(), parts)]);
                let service = GatherLayer::default().layer(script);
                let service = DeadlineLayer::new(Deadlines::default()).layer(service);
                let mut request = of_kind(kind);
                if let Some(deadline) = deadline {
                    let deadline = Duration::from_millis(deadline);
                    request.extensions_mut().insert(crate::Deadline(deadline));
                }
                let begun = tokio::time::Instant::now();
                let answer = service.oneshot(request).await.unwrap();
                assert_eq!(
                    (answer.status().as_u16(), begun.elapsed().as_millis()),
                    (status, u128::from(took))
                );
                // Nobody waits for the rest of a refusal, nor for what comes after the deadline.
                assert_eq!(pieces(answer).await, (vec!["ab".to_owned()], false));
                let ends = deadline.map_or(Deadlines::default().of(kind), Duration::from_millis);
                let read = if status == 409 {
                    Duration::from_millis(took)
                } else {
                    ends
                };
                assert_eq!(begun.elapsed(), read);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_rest_of_what_is_done_is_there_until_the_deadline() {
    let script = vec![
        Piece::Data(b"ab"),
        LATER,
        Piece::Data(b"cd"),
        LATER,
        Piece::Data(b"ef"),
    ];
    let service = GatherLayer::default().layer(Script::of([Step::Stream(201, vec![], script)]));
    let service = DeadlineLayer::new(Deadlines::default()).layer(service);
    let answer = service.oneshot(of_kind(OperationKind::Write)).await.unwrap();
    let (pieces, whole) = pieces(answer).await;
    assert_eq!((pieces.concat().as_str(), whole), ("abcdef", true));
}

#[tokio::test(start_paused = true)]
async fn many_small_pieces_are_more_than_their_bytes() {
    let mut parts = vec![Piece::Data(b""); 100];
    parts.extend([Piece::Data(b"a"), Piece::Data(b"b")]);
    let whole = run(list(), Step::Stream(200, vec![], parts.clone()))
        .await
        .unwrap();
    assert_eq!(
        whole.body().size_hint().exact(),
        Some(2),
        "what is empty takes nothing"
    );
    parts.extend([Piece::Data(b"c"), LATER, Piece::Data(b"d")]);
    let begun = tokio::time::Instant::now();
    for headers in [vec![], says(4)] {
        let answer = run(list(), Step::Stream(200, headers, parts.clone()))
            .await
            .unwrap();
        assert_eq!(begun.elapsed(), Duration::ZERO, "nobody has waited for the rest");
        drop(answer);
    }
    let answer = run(list(), Step::Stream(200, vec![], parts)).await.unwrap();
    assert_eq!(pieces(answer).await.0, ["a", "b", "c", "d"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_known_by_its_head_is_handed_on() {
    let coded = vec![("x-ms-error-code", "BlobNotFound".to_owned())];
    for (status, headers, handed) in [(404, coded, true), (503, vec![], true), (404, vec![], false)] {
        let pieces = vec![Piece::Data(b"<Err"), Piece::Break];
        let outcome = run(list(), Step::Stream(status, headers, pieces)).await;
        assert_eq!(outcome.is_ok(), handed, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_was_cut_off_for_being_slow_is_a_timeout() {
    let slow = tower::service_fn(|_: Request<Body>| async {
        let cut = Error::new(ErrorKind::Timeout, "the answer stalled");
        let frames = futures_util::stream::iter([Err::<http_body::Frame<bytes::Bytes>, _>(cut)]);
        Ok::<_, Error>(Response::new(ResponseBody::new(http_body_util::StreamBody::new(
            frames,
        ))))
    });
    let error = GatherLayer::default()
        .layer(slow)
        .oneshot(list())
        .await
        .unwrap_err();
    assert!(error.is_timeout());
}
