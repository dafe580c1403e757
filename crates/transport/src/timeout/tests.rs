//! When tries are ended.

use std::future::{Future as _, pending, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use lazuli_protocol::{Body, OperationKind, ResponseBody};
use tokio::time::{Instant, sleep};
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::*;
use crate::testing::{Longest, Script, Step, of_kind};
use crate::{
    Bottom, Deadline, DeadlineLayer, Error, ErrorKind, OutgoingBody, RetryLayer, RetryPolicy, StallLayer,
};

const KINDS: [(OperationKind, u64); 5] = [
    (OperationKind::SmallRead, 9_000),
    (OperationKind::LargeRead, 15_000),
    (OperationKind::List, 9_000),
    (OperationKind::Lease, 2_500),
    (OperationKind::Write, 60_000),
];

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_kind_has_its_time() {
    for (kind, time) in KINDS {
        let begun = Instant::now();
        let service = TimeoutLayer::default().layer(Script::of([Step::Hang]));
        let error = service.oneshot(of_kind(kind)).await.unwrap_err();
        assert_eq!(
            (error.kind(), millis(begun)),
            (ErrorKind::Timeout, time),
            "{kind:?}"
        );
        let within = Duration::from_millis(time);
        assert_eq!(
            error.to_string(),
            format!("a try had no answer within {within:?}")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn each_kind_can_be_given_another_and_none() {
    for (kind, _) in KINDS {
        let slow = || Script::of([Step::AnswerAfter(Duration::from_secs(200))]);
        let none = TimeoutLayer::new(Timeouts::never()).layer(slow());
        assert_eq!(none.oneshot(of_kind(kind)).await.unwrap().status(), 200);
        let begun = Instant::now();
        let own = Timeouts::never().with(kind, Some(Duration::from_secs(100)));
        let error = TimeoutLayer::new(own).layer(slow()).oneshot(of_kind(kind)).await;
        assert!(error.unwrap_err().is_timeout());
        assert_eq!(millis(begun), 100_000, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_try_that_was_ended_is_repeated() {
    for (hangs, tries) in [(1, 2), (3, 3)] {
        let script = Script::of(vec![Step::Hang; hangs]);
        let service = RetryLayer::new(RetryPolicy::default())
            .jitter(Arc::new(Longest))
            .layer(TimeoutLayer::default().layer(script.clone()));
        let outcome = service.oneshot(of_kind(OperationKind::List)).await;
        assert_eq!((outcome.is_ok(), script.seen().len()), (hangs == 1, tries));
    }
}

fn upload(body: Body) -> Request<Body> {
    of_kind(OperationKind::Write).map(|_| body)
}

/// Ten pieces, with a time before each.
fn slow_source(wait: Duration) -> Body {
    Body::stream(10, move || {
        Box::pin(futures_util::stream::unfold(0, move |piece| async move {
            sleep(wait).await;
            (piece < 10).then(|| (Ok(Bytes::from_static(b"x")), piece + 1))
        }))
    })
}

async fn reads_and_hangs(request: Request<OutgoingBody>) -> Result<Response<ResponseBody>, Error> {
    let _ = request.into_body().collect().await;
    pending().await
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_write_begins_when_its_body_was_handed_over() {
    // A stream is over only once it has said so, after the last piece.
    let stream = slow_source(Duration::from_secs(20));
    for (body, seconds) in [(Body::empty(), 60), (Body::from("hello"), 60), (stream, 220 + 60)] {
        let begun = Instant::now();
        let stalls = StallLayer::default().layer(Bottom::new(service_fn(reads_and_hangs)));
        let service = TimeoutLayer::default().layer(stalls);
        let error = service.oneshot(upload(body.clone())).await.unwrap_err();
        assert_eq!(
            (error.kind(), begun.elapsed().as_secs()),
            (ErrorKind::Timeout, seconds)
        );

        // Whether or not somebody else watches the body.
        let begun = Instant::now();
        let service = TimeoutLayer::default().layer(Bottom::new(service_fn(reads_and_hangs)));
        assert!(service.oneshot(upload(body)).await.unwrap_err().is_timeout());
        assert_eq!(begun.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn no_time_at_all_is_no_reason_to_look_without_a_pause() {
    let polls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&polls);
    let service = service_fn(move |request: Request<OutgoingBody>| {
        let (polls, mut request) = (Arc::clone(&counted), Some(request));
        let mut timer = Box::pin(sleep(Duration::from_secs(1)));
        poll_fn(move |cx| {
            polls.fetch_add(1, Ordering::SeqCst);
            // It lets go of the body after a second.
            if request.is_some() && timer.as_mut().poll(cx).is_ready() {
                request = None;
            }
            Poll::<Result<Response<ResponseBody>, Error>>::Pending
        })
    });
    let begun = Instant::now();
    let times = Timeouts::never().with(OperationKind::Write, Some(Duration::ZERO));
    let service = TimeoutLayer::new(times).layer(Bottom::new(service));
    assert!(
        service
            .oneshot(upload(Body::from("hello")))
            .await
            .unwrap_err()
            .is_timeout()
    );
    assert!((1_000..1_100).contains(&millis(begun)), "{begun:?}");
    let polls = polls.load(Ordering::SeqCst);
    assert!(polls < 50, "{polls} polls");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_the_client_lets_go_of_was_handed_over() {
    let drops = service_fn(|request: Request<OutgoingBody>| async move {
        sleep(Duration::from_secs(30)).await;
        drop(request);
        pending::<Result<Response<ResponseBody>, Error>>().await
    });
    let begun = Instant::now();
    let service = TimeoutLayer::default().layer(Bottom::new(drops));
    let outcome = service.oneshot(upload(Body::from("hello"))).await;
    assert!(outcome.unwrap_err().is_timeout());
    assert_eq!(begun.elapsed().as_secs(), 90);
}

#[tokio::test(start_paused = true)]
async fn where_no_body_tells_only_the_deadline_ends_a_write_with_one() {
    let begun = Instant::now();
    let service = TimeoutLayer::default().layer(Script::of([Step::Hang]));
    let service = DeadlineLayer::default().layer(service);
    let error = service.oneshot(upload(Body::from("hello"))).await.unwrap_err();
    assert!(error.is_timeout() && error.blames_nobody());
    assert_eq!(begun.elapsed().as_secs(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_slow_up_to_the_deadline_is_not_the_hosts_fault() {
    let service = TimeoutLayer::default().layer(Bottom::new(service_fn(reads_and_hangs)));
    let service = DeadlineLayer::default().layer(service);
    for (wait, blames_nobody) in [(60, true), (27, true), (26, false), (20, false)] {
        let request = upload(slow_source(Duration::from_secs(wait)));
        let error = service.clone().oneshot(request).await.unwrap_err();
        assert_eq!(error.blames_nobody(), blames_nobody, "{wait}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_try_in_its_own_words() {
    // The time of the call, its words, and whether the host has had a fair one.
    for (deadline, own, fair) in [
        (10, false, false),
        (2_499, false, true),
        (2_500, true, true),
        (9_000, true, true),
    ] {
        let mut request = of_kind(OperationKind::Lease);
        let deadline = Duration::from_millis(deadline);
        request.extensions_mut().insert(Deadline(deadline));
        let service = TimeoutLayer::default().layer(Script::of([Step::Hang]));
        let error = DeadlineLayer::default()
            .layer(service)
            .oneshot(request)
            .await
            .unwrap_err();
        let text = if own {
            "a try had no answer within 2.5s".to_owned()
        } else {
            format!("no answer came within {deadline:?}; check the network, or give it a longer deadline")
        };
        assert_eq!((error.to_string(), error.blames_nobody()), (text, !fair));
    }
}

#[tokio::test(start_paused = true)]
async fn no_try_begins_when_no_time_is_left() {
    let script = Script::of([]);
    let service =
        RetryLayer::new(RetryPolicy::default()).layer(TimeoutLayer::default().layer(script.clone()));
    let mut request = of_kind(OperationKind::List);
    request.extensions_mut().insert(Deadline(Duration::ZERO));
    let error = DeadlineLayer::default()
        .layer(service)
        .oneshot(request)
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.blames_nobody());
    assert_eq!((script.seen().len(), error.attempts()), (0, 0));
}
