//! What is sent twice and when, which answer is taken, and how much is learned from it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, Response};
use lazuli_protocol::{Body, OperationInfo, OperationKind, ResponseBody};
use tokio::time::Instant;
use tower::{Layer as _, Service as _, ServiceExt as _};

use super::*;
use crate::testing::{Strict, get, logged, of_kind};
use crate::{AnswerFuture, Error, ErrorKind, TimeoutLayer, Trouble};

const USUAL: Duration = Duration::from_millis(20);
const HOUR: Duration = Duration::from_secs(3600);

type Step = (Duration, Result<u16, ErrorKind>);

const fn after(millis: u64, what: Result<u16, ErrorKind>) -> Step {
    (Duration::from_millis(millis), what)
}

/// A service that answers after the usual time, unless it is told how the next requests go.
#[derive(Clone, Debug, Default)]
struct Paced {
    next: Arc<Mutex<VecDeque<Step>>>,
    sent: Arc<AtomicUsize>,
    under_way: Arc<AtomicUsize>,
}

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Paced {
    fn plan(&self, steps: impl IntoIterator<Item = Step>) {
        self.next.lock().unwrap().extend(steps);
    }

    fn sent(&self) -> usize {
        self.sent.swap(0, Relaxed)
    }
}

impl tower::Service<Request<Body>> for Paced {
    type Response = Response<ResponseBody>;
    type Error = Error;
    type Future = AnswerFuture;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> AnswerFuture {
        let step = self.next.lock().unwrap().pop_front();
        let (wait, what) = step.unwrap_or((USUAL, Ok(200)));
        self.sent.fetch_add(1, Relaxed);
        self.under_way.fetch_add(1, Relaxed);
        let guard = UnderWay(Arc::clone(&self.under_way));
        Box::pin(async move {
            let _guard = guard;
            tokio::time::sleep(wait).await;
            let status = what.map_err(|kind| Error::new(kind, "the test says so"))?;
            Ok(Response::builder()
                .status(status)
                .body(ResponseBody::empty())
                .unwrap())
        })
    }
}

/// A layer's service that has seen a hundred usual reads.
async fn warm(policy: HedgePolicy) -> (HedgeService<Paced>, Paced) {
    let paced = Paced::default();
    let mut service = HedgeLayer::new(policy).layer(paced.clone());
    for _ in 0..100 {
        ask(&mut service, get()).await.unwrap();
    }
    assert_eq!(paced.sent(), 100);
    (service, paced)
}

async fn ask(
    service: &mut HedgeService<Paced>,
    request: Request<Body>,
) -> Result<Response<ResponseBody>, Error> {
    service.ready().await.unwrap().call(request).await
}

fn hedged(response: &Response<ResponseBody>) -> Option<Hedged> {
    response.extensions().get().copied()
}

/// From the usual time to an eighth more, and what timers round.
fn is_usual(time: Duration) -> bool {
    time >= USUAL && time <= USUAL + USUAL / 8 + Duration::from_millis(1)
}

#[tokio::test(start_paused = true)]
async fn a_late_read_is_sent_again_and_the_first_good_answer_wins() {
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    let begun = Instant::now();
    paced.plan([(HOUR, Ok(200)), after(7, Ok(206))]);
    let response = ask(&mut service, get()).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), hedged(&response)),
        (206, Some(Hedged::Second))
    );
    assert!(
        is_usual(begun.elapsed() - Duration::from_millis(7)),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(
        (paced.sent(), paced.under_way.load(Relaxed)),
        (2, 0),
        "the loser is dropped"
    );

    let begun = Instant::now();
    paced.plan([after(30, Ok(404)), (HOUR, Ok(200))]);
    let response = ask(&mut service, get()).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), hedged(&response)),
        (404, Some(Hedged::First))
    );
    assert_eq!(begun.elapsed(), Duration::from_millis(30));
    assert_eq!((paced.sent(), paced.under_way.load(Relaxed)), (2, 0));

    let response = ask(&mut service, get()).await.unwrap();
    assert_eq!((paced.sent(), hedged(&response)), (1, None));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_late_before_enough_is_known() {
    for (samples, sent) in [(100, 2), (101, 1)] {
        let (mut service, paced) = warm(HedgePolicy::default().least_samples(samples)).await;
        paced.plan([after(500, Ok(200))]);
        ask(&mut service, get()).await.unwrap();
        assert_eq!(paced.sent(), sent);
    }
    // What is known is forgotten after a minute.
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    tokio::time::sleep(Duration::from_secs(61)).await;
    paced.plan([after(500, Ok(200))]);
    ask(&mut service, get()).await.unwrap();
    assert_eq!(paced.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_late_before_the_least_delay() {
    let policy = HedgePolicy::default().least_delay(Duration::from_millis(300));
    let (mut service, paced) = warm(policy).await;
    paced.plan([after(299, Ok(200))]);
    ask(&mut service, get()).await.unwrap();
    assert_eq!(paced.sent(), 1);
    let begun = Instant::now();
    paced.plan([(HOUR, Ok(200)), after(1, Ok(200))]);
    ask(&mut service, get()).await.unwrap();
    assert_eq!((paced.sent(), begun.elapsed().as_millis()), (2, 301));
}

#[tokio::test(start_paused = true)]
async fn the_percentile_is_as_the_policy_says() {
    for (percentile, sent) in [(0.85, 2), (0.95, 1)] {
        let (mut service, paced) = warm(HedgePolicy::default().percentile(percentile).share(1.0)).await;
        // About a tenth takes longer, and asking a second time does not help.
        let mut slow = Vec::new();
        for _ in 0..12 {
            paced.plan([after(100, Ok(200))]);
            slow.push(service.ready().await.unwrap().call(get()));
        }
        paced.plan(vec![after(100, Ok(200)); 12]);
        futures_util::future::join_all(slow).await;
        paced.sent();
        paced.plan([after(50, Ok(200)), after(100, Ok(200))]);
        ask(&mut service, get()).await.unwrap();
        assert_eq!(paced.sent(), sent, "{percentile}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_reads_that_can_start_again_are_sent_twice() {
    let once = OperationInfo::blob("Odd", OperationKind::LargeRead).sent_once();
    let body = Body::once(0, Box::pin(futures_util::stream::empty()));
    let requests = [
        of_kind(OperationKind::LargeRead),
        Request::post("https://example.blob.core.windows.net/")
            .body(Body::empty())
            .unwrap(),
        Request::get(crate::testing::URL)
            .extension(once)
            .body(Body::empty())
            .unwrap(),
        get().map(|_| body),
    ];
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    for request in requests {
        paced.plan([after(500, Ok(200))]);
        let response = ask(&mut service, request).await.unwrap();
        assert_eq!((paced.sent(), hedged(&response)), (1, None));
    }
}

#[tokio::test(start_paused = true)]
async fn kinds_and_hosts_are_learned_apart() {
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    let list = OperationInfo::blob("ListBlobs", OperationKind::List);
    let other = Request::get("https://other.blob.core.windows.net/box/blob");
    for (request, sent) in [
        (Request::get(crate::testing::URL).extension(list), 1),
        (other, 1),
        (Request::get(crate::testing::URL), 2),
    ] {
        paced.plan([after(500, Ok(200))]);
        ask(&mut service, request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(paced.sent(), sent);
    }
}

#[tokio::test(start_paused = true)]
async fn when_one_fails_the_other_is_waited_for() {
    let cut = Err(ErrorKind::Connection);
    let refused = Err(ErrorKind::Credential);
    // The first request, the second, and what comes of them when.
    type Row = (Step, Step, Result<u16, ErrorKind>, Option<Hedged>, u128);
    let rows: [Row; 9] = [
        (
            after(40, cut),
            after(200, Ok(200)),
            Ok(200),
            Some(Hedged::Second),
            221,
        ),
        (
            after(40, Ok(503)),
            after(200, Ok(404)),
            Ok(404),
            Some(Hedged::Second),
            221,
        ),
        (
            after(400, Ok(200)),
            after(10, cut),
            Ok(200),
            Some(Hedged::First),
            400,
        ),
        (
            after(400, Ok(200)),
            after(10, Ok(500)),
            Ok(200),
            Some(Hedged::First),
            400,
        ),
        (
            after(400, Ok(200)),
            after(10, refused),
            Ok(200),
            Some(Hedged::First),
            400,
        ),
        // Both fail.
        (
            after(400, Ok(500)),
            after(10, Ok(503)),
            Ok(500),
            Some(Hedged::First),
            400,
        ),
        (
            after(40, cut),
            after(200, Ok(503)),
            Ok(503),
            Some(Hedged::Second),
            221,
        ),
        (
            after(40, Ok(503)),
            after(200, cut),
            Ok(503),
            Some(Hedged::First),
            221,
        ),
        (
            after(400, cut),
            after(10, Err(ErrorKind::Timeout)),
            cut,
            None,
            400,
        ),
    ];
    for (first, second, expected, by, millis) in rows {
        let (mut service, paced) = warm(HedgePolicy::default()).await;
        let begun = Instant::now();
        paced.plan([first, second]);
        let outcome = ask(&mut service, get()).await;
        assert_eq!(outcome.as_ref().ok().and_then(hedged), by, "{first:?} {second:?}");
        let got = outcome
            .map(|response| response.status().as_u16())
            .map_err(|error| error.kind());
        assert_eq!(
            (got, begun.elapsed().as_millis()),
            (expected, millis),
            "{first:?} {second:?}"
        );
        assert_eq!(paced.sent(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_comes_early_is_left_to_a_retry() {
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    paced.plan([after(5, Ok(503))]);
    assert_eq!(ask(&mut service, get()).await.unwrap().status(), 503);
    assert_eq!(paced.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_became_slow_is_not_sent_twice_as_much() {
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    paced.plan(vec![after(500, Ok(200)); 2000]);
    let mut calls = Vec::new();
    for _ in 0..1000 {
        calls.push(service.ready().await.unwrap().call(get()));
    }
    futures_util::future::join_all(calls).await;
    // They began together: no more than ten are saved up, however many have begun.
    assert_eq!(paced.sent(), 1010);

    let (mut service, paced) = warm(HedgePolicy::default().share(0.0)).await;
    paced.plan([after(500, Ok(200))]);
    ask(&mut service, get()).await.unwrap();
    assert_eq!(paced.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_spent_is_earned_by_reads() {
    // Each read is late, and is given up soon after, so that what was learned at first stays known.
    let (mut service, paced) = warm(HedgePolicy::default().percentile(0.0)).await;
    let mut twice = Vec::new();
    for read in 0..500 {
        paced.plan([(HOUR, Ok(200)), after(0, Ok(200))]);
        let call = service.ready().await.unwrap().call(get());
        let ended = tokio::time::timeout(2 * USUAL, call).await;
        let sent = paced.sent();
        assert_eq!(ended.is_ok(), sent == 2);
        if sent == 2 {
            twice.push(read);
        }
        paced.next.lock().unwrap().clear();
    }
    // The ten that the first hundred reads have saved, and the one that these earn meanwhile; after that, every tenth read.
    assert_eq!(twice[..11], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(twice.len(), 59);
    let apart: Vec<_> = twice[11..].windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(apart.iter().all(|reads| *reads == 10), "{apart:?}");
}

#[tokio::test(start_paused = true)]
async fn reads_that_were_overtaken_count_so_that_the_percentile_does_not_sink() {
    // A tenth is slow for good: were they left out, the percentile would become that of the rest.
    let (mut service, paced) = warm(HedgePolicy::default().share(1.0)).await;
    for call in 0..400 {
        paced.plan([if call % 10 == 0 {
            after(900, Ok(200))
        } else {
            after(20, Ok(200))
        }]);
        ask(&mut service, get()).await.unwrap();
    }
    paced.sent();
    // Usual reads after that: a read that takes 30 ms is not late, as a tenth took more than 40.
    paced.plan([after(30, Ok(200))]);
    ask(&mut service, get()).await.unwrap();
    assert_eq!(paced.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn failures_teach_nothing() {
    let paced = Paced::default();
    let mut service = HedgeLayer::new(HedgePolicy::default()).layer(paced.clone());
    for what in [Ok(503), Err(ErrorKind::Connection)] {
        assert!(what.is_err() || Trouble::of_answer(http::StatusCode::SERVICE_UNAVAILABLE, None).is_some());
        paced.plan(vec![after(1, what); 100]);
        for _ in 0..100 {
            let _failed = ask(&mut service, get()).await;
        }
    }
    paced.sent();
    paced.plan([after(500, Ok(200))]);
    ask(&mut service, get()).await.unwrap();
    assert_eq!(paced.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_call_drops_both() {
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    paced.plan([(HOUR, Ok(200)), (HOUR, Ok(200))]);
    let call = service.ready().await.unwrap().call(get());
    let ended = tokio::time::timeout(Duration::from_secs(1), call).await;
    assert!(ended.is_err());
    assert_eq!((paced.sent(), paced.under_way.load(Relaxed)), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_learned_is_shared_by_the_layers_services() {
    let paced = Paced::default();
    let layer = HedgeLayer::new(HedgePolicy::default());
    for _ in 0..100 {
        let mut service = layer.clone().layer(paced.clone());
        ask(&mut service, get()).await.unwrap();
    }
    paced.sent();
    paced.plan([after(500, Ok(200))]);
    let mut clone = layer.layer(paced.clone()).clone();
    let response = ask(&mut clone, get()).await.unwrap();
    assert_eq!((paced.sent(), hedged(&response)), (2, Some(Hedged::Second)));
}

#[tokio::test(start_paused = true)]
async fn each_second_request_is_a_debug_event() {
    let (mut service, paced) = warm(HedgePolicy::default()).await;
    let (_, lines) = logged(ask(&mut service, get())).await;
    assert!(lines.is_empty(), "{lines:?}");
    paced.plan([(HOUR, Ok(200))]);
    let (_, lines) = logged(ask(&mut service, get())).await;
    assert!(lines.iter().all(|line| line.contains("DEBUG")), "{lines:?}");
    assert!(
        lines[0].contains("a second time") && lines[1].contains("by=Second"),
        "{lines:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn it_stands_over_other_layers_and_calls_them_when_they_are_ready() {
    let paced = Paced::default();
    let inner = TimeoutLayer::default().layer(paced.clone());
    let mut service = HedgeLayer::default().layer(Strict::over(inner));
    for _ in 0..100 {
        service.ready().await.unwrap().call(get()).await.unwrap();
    }
    paced.plan([(HOUR, Ok(200)), (HOUR, Ok(200))]);
    let begun = Instant::now();
    let error = service.ready().await.unwrap().call(get()).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(
        is_usual(begun.elapsed() - Duration::from_secs(15)),
        "{:?}",
        begun.elapsed()
    );
}
