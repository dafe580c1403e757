//! Rates, queues and debts, with time that stands still until somebody waits.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri};
use lazuli_protocol::Body;
use proptest::prelude::*;
use tokio::time::{Instant, advance, timeout};
use tower::{Layer as _, Service as _, ServiceExt as _};

use super::*;
use crate::testing::{Piece, Script, Step, URL, get};

const BUSY: Step = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);

fn plain() -> ThrottlePolicy {
    ThrottlePolicy::never().burst(Duration::from_millis(100))
}

fn fine_then_busy(fine: usize, busy: usize) -> Vec<Step> {
    let mut steps = vec![Step::Answer(200, &[]); fine];
    steps.extend(vec![BUSY; busy]);
    steps
}

fn put(bytes: usize) -> Request<Body> {
    Request::put(URL).body(Body::from(vec![0; bytes])).unwrap()
}

fn uri() -> Uri {
    Uri::from_static(URL)
}

#[tokio::test(start_paused = true)]
async fn requests_keep_to_their_rate_after_a_burst() {
    let script = Script::of([]);
    let service = ThrottleLayer::new(plain().requests_per_second(100)).layer(script.clone());
    let begun = Instant::now();
    let calls: Vec<_> = (0..110)
        .map(|_| tokio::spawn(service.clone().oneshot(get())))
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let at: Vec<_> = script.seen().iter().map(|seen| seen.at - begun).collect();
    assert_eq!(at[9], Duration::ZERO, "ten are saved up");
    assert!(at[10] >= Duration::from_millis(10));
    let all = at[109].as_millis();
    assert!((1000..=1005).contains(&all), "{all} ms");
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_served_in_order() {
    let script = Script::of([]);
    let service = ThrottleLayer::new(plain().requests_per_second(10)).layer(script.clone());
    let mut calls = Vec::new();
    for number in 0..20 {
        let uri = format!("https://example.blob.core.windows.net/c/{number:02}");
        let request = Request::get(uri).body(Body::empty()).unwrap();
        calls.push(tokio::spawn(service.clone().oneshot(request)));
        tokio::task::yield_now().await;
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let paths: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.uri.path().to_owned())
        .collect();
    assert!(paths.is_sorted(), "{paths:?}");
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_queue_has_used_nothing() {
    let script = Script::of([]);
    let service = ThrottleLayer::new(plain().requests_per_second(10)).layer(script.clone());
    let begun = Instant::now();
    service.clone().oneshot(get()).await.unwrap();
    let waiting: Vec<_> = (0..50)
        .map(|_| tokio::spawn(service.clone().oneshot(get())))
        .collect();
    tokio::task::yield_now().await;
    let last = tokio::spawn(service.clone().oneshot(get()));
    tokio::task::yield_now().await;
    // The first of the queue among them, who has the timer.
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    last.await.unwrap().unwrap();
    let took = begun.elapsed().as_millis();
    assert!((100..=102).contains(&took), "{took} ms");
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn everyone_from_one_throttle_shares_it() {
    let throttle = Throttle::new(plain().requests_per_second(10));
    let begun = Instant::now();
    let mut calls = Vec::new();
    for _ in 0..10 {
        for layer in [throttle.layer(), throttle.layer()] {
            calls.push(tokio::spawn(layer.layer(Script::of([])).oneshot(get())));
        }
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(1900));
}

#[tokio::test(start_paused = true)]
async fn a_body_larger_than_the_bucket_goes_through_and_the_next_one_pays() {
    let script = Script::of([]);
    let service = ThrottleLayer::new(plain().bytes_per_second(1000)).layer(script.clone());
    for bytes in [5000, 0, 50] {
        service.clone().oneshot(put(bytes)).await.unwrap();
    }
    let waits: Vec<_> = script.waits().iter().map(Duration::as_millis).collect();
    // 100 were saved up, 4,900 were owed, and then 50 were to be there.
    assert!((4900..=4902).contains(&waits[0]), "{waits:?}");
    assert!((48..=52).contains(&waits[1]), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn bytes_of_answers_and_of_requests_count_together() {
    let pieces = vec![Piece::Data(&[7; 500]); 10];
    let script = Script::of([Step::Stream(200, Vec::new(), pieces)]);
    let service = ThrottleLayer::new(plain().bytes_per_second(1000)).layer(script.clone());
    let begun = Instant::now();
    let mut body = service.clone().oneshot(get()).await.unwrap().into_body();
    let mut read = 0_u64;
    while let Some(piece) = body.next().await {
        read += piece.unwrap().len() as u64;
        let due = begun.elapsed().as_millis() + 100 + 500;
        assert!(u128::from(read) <= due, "{read} bytes by {due}");
    }
    assert_eq!(read, 5000);
    let took = begun.elapsed().as_millis();
    assert!((4400..=4910).contains(&took), "{took} ms");
    // What the body owes is paid by whoever comes next.
    service.oneshot(put(100)).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(5000));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_dropped_while_it_waits_holds_nobody_up() {
    let pieces = vec![Piece::Data(&[7; 500]); 3];
    let script = Script::of([Step::Stream(200, Vec::new(), pieces)]);
    let service = ThrottleLayer::new(plain().bytes_per_second(1000)).layer(script.clone());
    let mut body = service.clone().oneshot(get()).await.unwrap().into_body();
    assert_eq!(body.next().await.unwrap().unwrap(), Bytes::from_static(&[7; 500]));
    assert!(timeout(Duration::from_millis(10), body.next()).await.is_err());
    drop(body);
    let begun = Instant::now();
    service.oneshot(put(0)).await.unwrap();
    assert!(
        begun.elapsed() <= Duration::from_millis(392),
        "400 are owed, 10 ms ago"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_bytes_lets_no_requests_gather() {
    let script = Script::of([]);
    let policy = plain().requests_per_second(10).bytes_per_second(1000);
    let service = ThrottleLayer::new(policy).layer(script.clone());
    let mut calls = vec![tokio::spawn(service.clone().oneshot(put(3100)))];
    for _ in 0..20 {
        calls.push(tokio::spawn(service.clone().oneshot(get())));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let waits = script.waits();
    assert!(waits[0] >= Duration::from_secs(3));
    for wait in &waits[2..] {
        assert!(*wait >= Duration::from_millis(99), "{waits:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_host_is_asked_less_often_and_another_is_not() {
    // 3 % of a thousand, and one.
    let script = Script::of(fine_then_busy(969, 31));
    let layer = ThrottleLayer::default();
    let service = layer.layer(script.clone());
    for _ in 0..1000 {
        advance(Duration::from_millis(1)).await;
        assert_eq!(
            layer.throttle().allowed(&uri()),
            None,
            "few of many change nothing"
        );
        service.clone().oneshot(get()).await.unwrap();
    }
    let allowed = layer.throttle().allowed(&uri()).unwrap();
    assert!((770.0..=780.0).contains(&allowed), "{allowed}");
    let other = Uri::from_static("https://other.blob.core.windows.net/c");
    assert_eq!(layer.throttle().allowed(&other), None);
    let begun = Instant::now();
    for _ in 0..100 {
        let request = Request::get(other.clone()).body(Body::empty()).unwrap();
        service.clone().oneshot(request).await.unwrap();
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    for _ in 0..427 {
        service.clone().oneshot(get()).await.unwrap();
    }
    // Nothing is saved up for a host that is busy; 776 a second came, and a little more each second.
    let took = begun.elapsed().as_millis();
    assert!((530..=550).contains(&took), "{took} ms");
}

#[tokio::test(start_paused = true)]
async fn one_burst_counts_once() {
    let layer = ThrottleLayer::default();
    let service = layer.layer(Script::of(vec![BUSY; 100]));
    let mut late = Vec::new();
    for _ in 0..100 {
        late.push(service.clone().call(get()));
    }
    for call in late {
        call.await.unwrap();
    }
    let allowed = layer.throttle().allowed(&uri()).unwrap();
    // A hundred in the shortest time that is measured, 10 ms, less a fifth and the four that are known to have been refused.
    assert!((7650.0..=7700.0).contains(&allowed), "{allowed}");
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_before_a_decrease_says_nothing_of_it() {
    let layer = ThrottleLayer::default();
    let script = Script::of([BUSY, BUSY, Step::AnswerAfter(Duration::from_secs(1)), BUSY]);
    let service = layer.layer(script);
    let alone = service.clone().call(get());
    let first = service.clone().call(get());
    let second = service.clone().call(get());
    let third = service.clone().call(get());
    alone.await.unwrap();
    assert_eq!(layer.throttle().allowed(&uri()), None, "one is chance");
    first.await.unwrap();
    let before = layer.throttle().allowed(&uri()).unwrap();
    second.await.unwrap();
    third.await.unwrap();
    assert!(layer.throttle().allowed(&uri()).unwrap() >= before);
}

#[tokio::test(start_paused = true)]
async fn the_rate_grows_and_is_forgotten_when_nobody_needs_it() {
    let layer = ThrottleLayer::default();
    let service = layer.layer(Script::of(fine_then_busy(96, 4)));
    for _ in 0..100 {
        advance(Duration::from_millis(10)).await;
        service.clone().oneshot(get()).await.unwrap();
    }
    let allowed = || layer.throttle().allowed(&uri());
    let first = allowed().unwrap();
    assert!((77.0..=80.0).contains(&first), "{first}");
    advance(Duration::from_secs(2)).await;
    let later = allowed().unwrap();
    // By 5 % of what was borne, twice.
    assert!((9.5..=10.5).contains(&(later - first)), "{first} {later}");
    advance(Duration::from_secs(7)).await;
    service.clone().oneshot(get()).await.unwrap();
    assert!(allowed().is_some());
    advance(Duration::from_secs(1)).await;
    service.clone().oneshot(get()).await.unwrap();
    assert_eq!(allowed(), None);
}

#[tokio::test(start_paused = true)]
async fn a_rate_that_is_needed_is_not_forgotten() {
    let layer = ThrottleLayer::new(ThrottlePolicy::default().increase(1));
    let service = layer.layer(Script::of(fine_then_busy(92, 8)));
    let begun = Instant::now();
    let mut callers = Vec::new();
    for _ in 0..8 {
        let service = service.clone();
        callers.push(tokio::spawn(async move {
            while begun.elapsed() < Duration::from_secs(25) {
                service.clone().oneshot(get()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    assert!(layer.throttle().allowed(&uri()).is_some());
}

#[tokio::test(start_paused = true)]
async fn the_rate_comes_down_to_the_slowest() {
    let layer = ThrottleLayer::new(ThrottlePolicy::default().slowest(7));
    let service = layer.layer(Script::of(vec![BUSY; 500]));
    let begun = Instant::now();
    let mut lowest = f64::MAX;
    while begun.elapsed() < Duration::from_secs(20) {
        advance(Duration::from_millis(20)).await;
        service.clone().oneshot(get()).await.unwrap();
        let allowed = layer.throttle().allowed(&uri());
        lowest = allowed.map_or(lowest, |allowed| lowest.min(allowed));
    }
    assert!((7.0..=7.1).contains(&lowest), "{lowest}");
}

#[tokio::test(start_paused = true)]
async fn what_a_host_could_bear_is_known_after_it_refused_everything() {
    let layer = ThrottleLayer::default();
    let script = Script::of(fine_then_busy(1000, 600));
    let service = layer.layer(script.clone());
    for _ in 0..1000 {
        advance(Duration::from_millis(1)).await;
        service.clone().oneshot(get()).await.unwrap();
    }
    let mut lowest = f64::MAX;
    while script.seen().len() < 1600 {
        service.clone().oneshot(get()).await.unwrap();
        let allowed = layer.throttle().allowed(&uri());
        lowest = allowed.map_or(lowest, |allowed| lowest.min(allowed));
    }
    assert!(lowest < 150.0, "{lowest}");
    advance(Duration::from_secs(9)).await;
    let allowed = layer.throttle().allowed(&uri()).unwrap();
    // By a share of the rate from before, and not of the lowest.
    assert!(allowed > lowest + 200.0, "{allowed}");
}

#[tokio::test(start_paused = true)]
async fn adaptive_can_be_turned_off() {
    let layer = ThrottleLayer::new(ThrottlePolicy::never());
    let service = layer.layer(Script::of(vec![BUSY; 1000]));
    let begun = Instant::now();
    for _ in 0..1000 {
        assert_eq!(service.clone().oneshot(get()).await.unwrap().status(), 503);
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(layer.throttle().allowed(&uri()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // Whoever comes when, and whoever leaves: no window has more than its rate and a burst, and none who stays is forgotten.
    #[test]
    fn no_window_of_requests_has_more_than_its_rate_and_a_burst(
        rate in 1_u32..2_000,
        saves in 1_u64..500,
        callers in prop::collection::vec((0_u64..2_000, any::<bool>()), 1..120),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let seen = runtime.block_on(async {
            let policy = plain().requests_per_second(rate).burst(Duration::from_millis(saves));
            let script = Script::of([]);
            let service = ThrottleLayer::new(policy).layer(script.clone());
            let calls: Vec<_> = callers
                .iter()
                .map(|(comes, leaves)| {
                    let (service, comes) = (service.clone(), Duration::from_millis(*comes));
                    let patience = if *leaves { Duration::from_millis(20) } else { Duration::MAX };
                    tokio::spawn(async move {
                        tokio::time::sleep(comes).await;
                        timeout(patience, service.oneshot(get())).await.is_ok()
                    })
                })
                .collect();
            for (call, (_, leaves)) in calls.into_iter().zip(&callers) {
                assert!(call.await.unwrap() || *leaves);
            }
            script.seen()
        });
        let most = (f64::from(rate) * Duration::from_millis(saves).as_secs_f64()).max(1.0);
        for from in 0..seen.len() {
            for (count, to) in (1_u32..).zip(&seen[from..]) {
                let time = (to.at - seen[from].at).as_secs_f64();
                prop_assert!(f64::from(count) <= f64::from(rate) * time + most + 1e-3);
            }
        }
    }
}

#[test]
fn numbers_out_of_range_are_brought_into_it() {
    let policy = ThrottlePolicy::default()
        .requests_per_second(0)
        .bytes_per_second(0)
        .burst(Duration::ZERO)
        .decrease(100)
        .increase(0)
        .slowest(0);
    assert_eq!((policy.requests, policy.bytes), (Some(1), Some(1)));
    assert_eq!(policy.burst, Duration::from_millis(1));
    assert_eq!((policy.decrease, policy.increase, policy.slowest), (90, 1, 1));
}
