//! Bodies of requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::stream;
use http::Request;
use http_body_util::BodyExt as _;
use lazuli_protocol::{Body, OperationKind};
use tower::{Service, service_fn};

use super::*;
use crate::testing::{Script, Step, of_kind};
use crate::{Bottom, OutgoingBody, RetryLayer, RetryPolicy, Rule, Trouble};

const MIB: usize = 1024 * 1024;

fn put(body: Body) -> Request<Body> {
    of_kind(OperationKind::Write).map(|_| body)
}

fn megabyte() -> Body {
    Body::from(vec![7; MIB])
}

type Answer = Result<Response<ResponseBody>, Error>;

/// Sends through a guard to a client that does this with the body.
async fn send<F>(policy: StallPolicy, body: Body, client: fn(OutgoingBody) -> F) -> (Answer, Duration)
where
    F: Future<Output = ()> + Send + 'static,
{
    let bottom = Bottom::new(service_fn(move |request: Request<OutgoingBody>| async move {
        assert!(
            request.extensions().get::<Progress>().is_none(),
            "it is not the client's"
        );
        client(request.into_body()).await;
        Ok::<_, Error>(Response::new(ResponseBody::empty()))
    }));
    let begun = Instant::now();
    let outcome = StallLayer::new(policy).layer(bottom).oneshot(put(body)).await;
    (outcome, begun.elapsed())
}

/// Takes a piece after each wait, and then nothing more.
async fn takes(mut body: OutgoingBody, waits: impl IntoIterator<Item = Duration>) -> usize {
    let mut taken = 0;
    for wait in waits {
        tokio::time::sleep(wait).await;
        if let Some(piece) = body.frame().await {
            taken += piece.unwrap().into_data().unwrap().len();
        }
    }
    // It holds on to the body.
    if taken < MIB {
        std::future::pending::<()>().await;
    }
    taken
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_half_way_ends_the_try() {
    let (outcome, took) = send(StallPolicy::default(), megabyte(), |body| async {
        takes(body, [seconds(1), seconds(1)]).await;
    })
    .await;
    let error = outcome.unwrap_err();
    // The window in which it moved, which began with the first piece, and one in which it did not.
    let expected = seconds(1 + 60 + 60);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(took >= expected && took <= expected + seconds(15), "{took:?}");
    assert_eq!(Trouble::of_error(&error), Some(Trouble::Timeout));
    let message = error.to_string();
    assert!(
        message.starts_with("the request's body stalled: 0 bytes were taken in 6")
            && message.ends_with("fewer than 1024 a second; check the network, or let bodies be slower"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_time_before_the_client_asks_for_the_body_does_not_count() {
    // It waits in line for a connection, say, up to just before somebody looks.
    let (outcome, took) = send(StallPolicy::default(), megabyte(), |body| async {
        let wait = HOUR + seconds(59);
        takes(body, [wait, seconds(50), seconds(50), seconds(50)]).await;
    })
    .await;
    outcome.unwrap();
    assert_eq!(took, HOUR + seconds(59 + 150));

    let (outcome, took) = send(StallPolicy::default(), megabyte(), |body| async {
        takes(body, [HOUR + seconds(59)]).await;
    })
    .await;
    assert!(outcome.unwrap_err().is_timeout());
    let expected = HOUR + seconds(59 + 120);
    assert!(took >= expected && took <= expected + seconds(15), "{took:?}");
}

#[tokio::test]
async fn a_body_that_goes_unasked_is_finished() {
    let progress = Progress::new();
    let meter = progress.clone().meter();
    assert!(!progress.is_finished());
    drop(meter);
    assert!(progress.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_moves_may_take_its_time() {
    let (outcome, took) = send(StallPolicy::default(), megabyte(), |body| async {
        takes(body, [seconds(50); 4]).await;
    })
    .await;
    assert_eq!((outcome.unwrap().status().as_u16(), took), (200, seconds(200)));
}

#[tokio::test(start_paused = true)]
async fn pieces_below_the_floor_end_the_try() {
    let trickle = Body::stream(MIB as u64, || {
        let pieces = std::iter::repeat_with(|| Ok(Bytes::from_static(&[7; 1024])));
        Box::pin(stream::iter(pieces.take(1024)))
    });
    let (outcome, took) = send(StallPolicy::default(), trickle, |body| async {
        takes(body, [seconds(5); 1024]).await;
    })
    .await;
    assert!(outcome.unwrap_err().is_timeout());
    // The first piece began it.
    let expected = seconds(5 + 60);
    assert!(took >= expected && took <= expected + seconds(15), "{took:?}");
}

fn hourly() -> Body {
    Body::stream(MIB as u64, || {
        Box::pin(stream::unfold(0, async |sent| {
            (sent < 4).then_some(())?;
            tokio::time::sleep(HOUR).await;
            Some((Ok(Bytes::from_static(&[7; MIB / 4])), sent + 1))
        }))
    })
}

#[tokio::test(start_paused = true)]
async fn a_source_that_takes_its_time_is_no_stall() {
    let (outcome, took) = send(StallPolicy::default(), hourly(), |body| async {
        takes(body, [Duration::ZERO; 4]).await;
    })
    .await;
    outcome.unwrap();
    assert_eq!(took.as_secs(), 4 * HOUR.as_secs());
}

#[tokio::test(start_paused = true)]
async fn only_the_clients_own_time_counts() {
    let (outcome, took) = send(StallPolicy::default(), hourly(), |body| async {
        // An hour of the source's, 40 s of its own, another hour, and silence.
        takes(body, [Duration::ZERO, seconds(40)]).await;
    })
    .await;
    assert!(outcome.unwrap_err().is_timeout());
    // The window in which it took a piece ended 20 s after that, and the next took its time; each is seen within an eighth.
    let expected = 2 * HOUR + seconds(120);
    assert!(took >= expected && took <= expected + seconds(15), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn after_the_last_byte_the_guard_is_off() {
    let (outcome, took) = send(StallPolicy::default(), megabyte(), |body| async {
        takes(body, [Duration::ZERO; 4]).await;
        tokio::time::sleep(DAY).await;
    })
    .await;
    outcome.unwrap();
    assert_eq!(took, DAY);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_lets_go_of_the_body_is_not_guarded() {
    let (outcome, took) = send(StallPolicy::default(), megabyte(), |body| async {
        drop(body);
        tokio::time::sleep(DAY).await;
    })
    .await;
    outcome.unwrap();
    assert_eq!(took, DAY);
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_nothing_gets_it() {
    for policy in lenient() {
        let (outcome, _) = send(policy, megabyte(), |body| async {
            takes(body, [DAY, Duration::ZERO, Duration::ZERO, Duration::ZERO]).await;
        })
        .await;
        outcome.unwrap();
    }
}

#[test]
fn a_request_without_a_body_has_no_timer() {
    // A timer would panic: this runtime has none. The answer is not there at once.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (outcome, _) = send(StallPolicy::default(), Body::empty(), |_| {
            tokio::task::yield_now()
        })
        .await;
        outcome.unwrap();
    });
}

#[tokio::test(start_paused = true)]
async fn without_a_bottom_nothing_is_seen_and_nothing_cut() {
    let script = Script::of([Step::AnswerAfter(DAY)]);
    let service = StallLayer::default().layer(script);
    assert_eq!(service.oneshot(put(megabyte())).await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_try_that_stalls_is_repeated() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let bottom = Bottom::new(service_fn(move |request: Request<OutgoingBody>| {
        let try_ = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            if try_ == 0 {
                takes(request.into_body(), [Duration::ZERO]).await;
            } else {
                takes(request.into_body(), [Duration::ZERO; 4]).await;
            }
            Ok::<_, Error>(Response::new(ResponseBody::empty()))
        }
    }));
    let rule = Rule {
        tries: 2,
        backoff: crate::Backoff::Fixed(Duration::ZERO),
    };
    let mut service = RetryLayer::new(RetryPolicy::default().rule(Trouble::Timeout, rule))
        .layer(StallLayer::default().layer(bottom));
    let begun = Instant::now();
    service
        .ready()
        .await
        .unwrap()
        .call(put(megabyte()))
        .await
        .unwrap();
    assert_eq!((tries.load(Ordering::SeqCst), begun.elapsed()), (2, seconds(120)));
}
