//! Who waits and is not polled any more, as a future in a `select!` or in a stream whose consumer is busy: nobody else waits for it.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use lazuli_protocol::{Body, ResponseBody};
use tokio::time::{Instant, sleep, timeout};
use tower::{Layer as _, Service, ServiceExt as _};

use super::line::PATIENCE;
use super::*;
use crate::testing::{Script, Step, get};
use crate::{AnswerFuture, Error};

const SLOT: Duration = Duration::from_millis(100);

/// Ten requests a second, chosen or learned, with nothing saved up.
async fn ten_a_second(learned: bool) -> (ThrottleService<Script>, Script) {
    let busy = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);
    let (policy, script) = if learned {
        let policy = ThrottlePolicy::default().slowest(10).increase(1);
        (policy, Script::of([busy.clone(), busy]))
    } else {
        let policy = ThrottlePolicy::never().requests_per_second(10);
        (policy, Script::of([]))
    };
    let service = ThrottleLayer::new(policy).layer(script.clone());
    service.clone().oneshot(get()).await.unwrap();
    if learned {
        // One alone is chance, and then one has been saved up.
        service.clone().oneshot(get()).await.unwrap();
        service.clone().oneshot(get()).await.unwrap();
    }
    (service, script)
}

fn call(service: &ThrottleService<Script>) -> AnswerFuture {
    service.clone().call(get())
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_polled_any_more_costs_the_others_its_turn_and_no_more() {
    for learned in [false, true] {
        let (service, script) = ten_a_second(learned).await;
        let sent = script.seen().len();
        let mut left: Vec<_> = (0..3).map(|_| call(&service)).collect();
        for call in &mut left {
            assert!(call.now_or_never().is_none());
        }
        let begun = Instant::now();
        for number in 4..8 {
            let within = SLOT * number + PATIENCE * 2;
            timeout(within - begun.elapsed(), call(&service))
                .await
                .unwrap()
                .unwrap();
        }
        // They have kept their places.
        let begun = Instant::now();
        let last = tokio::spawn(call(&service));
        for call in left {
            call.await.unwrap();
        }
        assert!(!last.is_finished());
        last.await.unwrap().unwrap();
        assert!(
            begun.elapsed() <= SLOT * 4 + PATIENCE * 2,
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(script.seen().len() - sent, 8);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_in_a_stream_do_not_hold_up_a_call_of_its_consumer() {
    for learned in [false, true] {
        let (service, script) = ten_a_second(learned).await;
        let begun = Instant::now();
        let mut calls = stream::iter(0..20).map(|_| call(&service)).buffer_unordered(8);
        while let Some(answer) = calls.next().await {
            answer.unwrap();
            timeout(SLOT * 10, call(&service)).await.unwrap().unwrap();
        }
        // The turns of the calls that are not polled are lost, and hardly more.
        let took = begun.elapsed();
        assert!(took <= SLOT * 20 * 9, "{took:?}");
        let at: Vec<_> = script.seen().iter().map(|seen| seen.at).collect();
        let calls = &at[at.len() - 40..];
        // A learned rate grows, by one each second.
        let least = if learned {
            SLOT / 5
        } else {
            SLOT - Duration::from_millis(1)
        };
        for pair in calls.windows(2) {
            assert!(pair[1] - pair[0] >= least, "{:?}", pair[1] - pair[0]);
        }
    }
}

/// Answers with a body of ten pieces of a thousand bytes, and then nothing for ever.
fn large(_: Request<Body>) -> impl Future<Output = Result<Response<ResponseBody>, Infallible>> {
    let pieces = (0..10).map(|_| Ok::<_, Error>(Frame::data(Bytes::from_static(&[7; 1000]))));
    let body = StreamBody::new(stream::iter(pieces).chain(stream::pending()));
    std::future::ready(Ok(Response::new(ResponseBody::new(body))))
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_polled_any_more_holds_up_no_other() {
    let policy = ThrottlePolicy::never().bytes_per_second(1000);
    let service = ThrottleLayer::new(policy).layer(tower::service_fn(large));
    let mut left = Vec::new();
    for _ in 0..3 {
        let mut body = service.clone().oneshot(get()).await.unwrap().into_body();
        body.frame().await.unwrap().unwrap();
        left.push(body);
    }
    for body in &mut left {
        assert!(body.frame().now_or_never().is_none());
    }
    // A thousand are owed, for the last piece: then a call passes, and its body's piece.
    let begun = Instant::now();
    let mut body = service.clone().oneshot(get()).await.unwrap().into_body();
    body.frame().await.unwrap().unwrap();
    let took = begun.elapsed();
    assert!(took <= Duration::from_millis(1000) + PATIENCE * 3, "{took:?}");
    // And those that were left go on.
    for body in &mut left {
        body.frame().await.unwrap().unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(3900));
}

#[tokio::test(start_paused = true)]
async fn a_slow_host_holds_up_nobody_who_goes_to_another() {
    let busy = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);
    let policy = ThrottlePolicy::default().slowest(1).requests_per_second(1000);
    let service = ThrottleLayer::new(policy).layer(Script::of([busy.clone(), busy]));
    service.clone().oneshot(get()).await.unwrap();
    service.clone().oneshot(get()).await.unwrap();
    let slow: Vec<_> = (0..100).map(|_| tokio::spawn(call(&service))).collect();
    sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    for _ in 0..100 {
        let uri = "https://other.blob.core.windows.net/c";
        let other = Request::get(uri).body(Body::empty()).unwrap();
        service.clone().oneshot(other).await.unwrap();
    }
    assert!(
        begun.elapsed() <= Duration::from_millis(110),
        "{:?}",
        begun.elapsed()
    );
    assert!(slow.iter().any(|call| !call.is_finished()));
}
