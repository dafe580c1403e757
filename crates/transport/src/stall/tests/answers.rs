//! Bodies of answers.

use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use http::HeaderMap;
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt as _, StreamBody};
use lazuli_protocol::BoxError;
use tower::service_fn;

use super::*;
use crate::testing::{Longest, Piece, Script, Step, get};
use crate::{ResumeLayer, ResumePolicy};

static PIECE: [u8; 2048] = [7; 2048];

async fn body(policy: StallPolicy, pieces: Vec<Piece>) -> ResponseBody {
    let script = Script::of([Step::Stream(200, vec![], pieces)]);
    let service = StallLayer::new(policy).layer(script);
    service.oneshot(get()).await.unwrap().into_body()
}

/// How many bytes come, when it ends, and how.
async fn read(mut body: ResponseBody) -> (usize, Duration, Result<(), BoxError>) {
    let begun = Instant::now();
    let mut came = 0;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => came += frame.into_data().map_or(0, |data| data.len()),
            Err(error) => {
                assert!(body.frame().await.is_none() && body.is_end_stream());
                return (came, begun.elapsed(), Err(error));
            }
        }
    }
    (came, begun.elapsed(), Ok(()))
}

fn own(error: &BoxError) -> &Error {
    error.downcast_ref::<Error>().unwrap()
}

/// So many pieces, with a wait before each.
fn paced(count: usize, wait: Duration, bytes: &'static [u8]) -> Vec<Piece> {
    let piece = [Piece::After(wait), Piece::Data(bytes)];
    std::iter::repeat_n(piece, count).flatten().collect()
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_move_is_cut_off() {
    let (came, took, outcome) =
        read(body(StallPolicy::default(), vec![Piece::Data(b"01"), Piece::Hang]).await).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        (came, took, own(&error).kind()),
        (2, seconds(10), ErrorKind::Timeout)
    );
    assert!(own(&error).is_timeout() && own(&error).is_retryable());
    assert_eq!(
        error.to_string(),
        "the answer's body stalled: 2 bytes came in 10s of waiting, fewer than 1024 a second; check the network, or let bodies be slower"
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_below_the_floor_is_cut_off_and_one_above_it_is_not() {
    let (came, took, outcome) =
        read(body(StallPolicy::default(), paced(400, seconds(3), &PIECE)).await).await;
    assert!(own(&outcome.unwrap_err()).is_timeout());
    assert!(
        took == seconds(10) && came <= 3 * PIECE.len(),
        "{came} in {took:?}"
    );

    let (came, took, outcome) =
        read(body(StallPolicy::default(), paced(400, seconds(1), &PIECE)).await).await;
    outcome.unwrap();
    assert_eq!((came, took), (400 * PIECE.len(), seconds(400)));
}

#[tokio::test(start_paused = true)]
async fn a_good_beginning_does_not_pay_for_what_follows() {
    let mut pieces = paced(1000, Duration::from_millis(1), &PIECE);
    pieces.push(Piece::Hang);
    let (came, took, outcome) = read(body(StallPolicy::default(), pieces).await).await;
    assert!(outcome.is_err());
    // The window in which it moved, and one in which it did not.
    assert_eq!((came, took), (1000 * PIECE.len(), seconds(20)));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_its_time_is_no_stall() {
    // Everything is there when it is asked for.
    let mut slow = body(StallPolicy::default(), vec![Piece::Data(b"0"); 100]).await;
    while let Some(piece) = slow.next().await {
        piece.unwrap();
        tokio::time::sleep(HOUR).await;
    }
    // Every piece is waited for a little, which adds up to less than a window.
    let mut slow = body(StallPolicy::default(), paced(9, seconds(1), b"0")).await;
    while let Some(piece) = slow.next().await {
        piece.unwrap();
        tokio::time::sleep(HOUR).await;
    }
    // And here to more.
    let mut slow = body(StallPolicy::default(), paced(40, seconds(1), b"0")).await;
    let mut pieces = 0;
    let error = loop {
        match slow.next().await.unwrap() {
            Ok(_) => pieces += 1,
            Err(error) => break error,
        }
        tokio::time::sleep(HOUR).await;
    };
    assert!((9..=10).contains(&pieces), "{pieces}");
    assert!(
        std::error::Error::source(&error)
            .unwrap()
            .downcast_ref::<Error>()
            .unwrap()
            .is_timeout()
    );
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_asked_and_went_away_is_no_stall() {
    // A second of waiting, an hour elsewhere, and what comes then.
    let mut body = body(
        StallPolicy::default(),
        vec![Piece::After(HOUR), Piece::Data(b"0"), Piece::Hang],
    )
    .await;
    for _ in 0..2 {
        assert!(timeout(seconds(1), body.next()).await.is_err());
        tokio::time::sleep(HOUR / 3).await;
    }
    let begun = Instant::now();
    // The window begins when it is back, and then it waits in earnest.
    assert!(body.next().await.unwrap().is_err());
    assert_eq!(begun.elapsed(), seconds(10));
}

#[tokio::test(start_paused = true)]
async fn what_came_while_the_reader_was_away_is_no_stall() {
    let pieces = vec![
        Piece::After(seconds(2)),
        Piece::Data(b"0"),
        Piece::After(seconds(7)),
        Piece::Data(b"1"),
    ];
    let mut body = body(StallPolicy::default(), pieces).await;
    assert!(timeout(seconds(1), body.next()).await.is_err());
    tokio::time::sleep(HOUR).await;
    assert_eq!(body.next().await.unwrap().unwrap(), "0");
    assert_eq!(body.next().await.unwrap().unwrap(), "1");
    assert!(body.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_asks_and_comes_late_for_it_is_no_stall() {
    // Each piece is there soon after it was asked for.
    for away in [0, 2, 3, 4, 5, 6, 10, 11, 16] {
        let pieces = paced(20, Duration::from_millis(10), b"0");
        let mut body = body(StallPolicy::default(), pieces).await;
        for _ in 0..20 {
            assert!(body.next().now_or_never().is_none());
            tokio::time::sleep(seconds(away)).await;
            let piece = body.next().await.unwrap();
            assert!(piece.is_ok(), "away for {away} s: {piece:?}");
        }
        assert!(body.next().await.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_calls_and_has_nothing_is_cut_off() {
    let service = service_fn(|_| {
        let mut bell = tokio::time::interval(Duration::from_millis(300));
        let silence = stream::poll_fn(move |cx| {
            while bell.poll_tick(cx).is_ready() {}
            Poll::<Option<Result<Frame<Bytes>, std::io::Error>>>::Pending
        });
        let response = Response::new(ResponseBody::new(StreamBody::new(silence)));
        std::future::ready(Ok::<_, Error>(response))
    });
    let service = StallLayer::default().layer(service);
    let body = service.oneshot(get()).await.unwrap().into_body();
    let (came, took, outcome) = read(body).await;
    assert!(own(&outcome.unwrap_err()).is_timeout());
    assert_eq!((came, took), (0, seconds(10)));
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_nothing_gets_it() {
    for policy in lenient() {
        let mut body = body(policy, vec![Piece::After(DAY), Piece::Data(b"0")]).await;
        assert_eq!(body.next().await.unwrap().unwrap(), "0", "{policy:?}");
    }
}

#[test]
fn what_is_not_waited_for_has_no_timer() {
    // A timer would panic: this runtime has none.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let body = body(
            StallPolicy::default(),
            vec![Piece::Data(&PIECE), Piece::Data(&PIECE)],
        )
        .await;
        assert_eq!(body.collect(9999).await.unwrap().len(), 2 * PIECE.len());
    });
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_off_or_dropped_lets_go_of_everything() {
    let alive = Arc::new(());
    for wait in [seconds(5), HOUR] {
        let held = Arc::clone(&alive);
        let service = service_fn(move |_| {
            let held = Arc::clone(&held);
            let silence = stream::once(async move {
                let _held = held;
                std::future::pending::<Result<Frame<Bytes>, std::io::Error>>().await
            });
            let response = Response::new(ResponseBody::new(StreamBody::new(silence)));
            std::future::ready(Ok::<_, Error>(response))
        });
        let mut body = StallLayer::default()
            .layer(service)
            .oneshot(get())
            .await
            .unwrap()
            .into_body();
        let cut = timeout(wait, body.next()).await.is_ok();
        assert_eq!(
            (cut, Arc::strong_count(&alive)),
            (wait == HOUR, if cut { 1 } else { 2 })
        );
        drop(body);
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn sizes_and_trailers_get_through() {
    let service = service_fn(|_| {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-end", "1".parse().unwrap());
        let frames = [Frame::data(Bytes::from("0")), Frame::trailers(trailers)].map(Ok::<_, std::io::Error>);
        let response = Response::new(ResponseBody::new(StreamBody::new(stream::iter(frames))));
        std::future::ready(Ok::<_, Error>(response))
    });
    let body = StallLayer::default()
        .layer(service)
        .oneshot(get())
        .await
        .unwrap()
        .into_body();
    let collected = http_body_util::BodyExt::collect(body).await.unwrap();
    assert_eq!(collected.trailers().unwrap()["x-end"], "1");

    let service = service_fn(|_| {
        let response = Response::new(ResponseBody::from(Bytes::from("hello")));
        std::future::ready(Ok::<_, Error>(response))
    });
    let body = StallLayer::default()
        .layer(service)
        .oneshot(get())
        .await
        .unwrap()
        .into_body();
    assert_eq!(body.size_hint().exact(), Some(5));
}

#[tokio::test(start_paused = true)]
async fn a_download_that_stalls_goes_on() {
    let head = |first: u64| {
        vec![
            ("etag", "\"1\"".to_owned()),
            ("content-length", (4 - first).to_string()),
            ("content-range", format!("bytes {first}-3/4")),
        ]
    };
    let script = Script::of([
        Step::Stream(206, head(0), vec![Piece::Data(b"01"), Piece::Hang]),
        Step::Stream(206, head(2), vec![Piece::Hang]),
        Step::Stream(206, head(2), vec![Piece::Data(b"23")]),
    ]);
    let service = ResumeLayer::new(ResumePolicy::default())
        .jitter(Arc::new(Longest))
        .layer(StallLayer::default().layer(script.clone()));
    let body = service.oneshot(get()).await.unwrap().into_body();
    assert_eq!(body.collect(9).await.unwrap(), "0123");
    assert_eq!(script.waits(), [seconds(10), Duration::from_millis(10_500)]);
}
