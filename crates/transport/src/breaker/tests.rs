//! What opens a circuit, what closes it, and what its callers are told.

use std::time::Duration;

use http::{Request, Uri};
use lazuli_protocol::Body;
use tokio::time::{Instant, advance};
use tower::{Layer as _, Service as _, ServiceExt as _};

use super::*;
use crate::testing::{Script, Step, URL, get, logged_at};
use crate::{Deadline, DeadlineLayer, Error, ErrorKind, RetryLayer, RetryPolicy, TimeoutLayer, Trouble};

const FAIL: Step = Step::Answer(500, &[]);
const FINE: Step = Step::Answer(200, &[]);
const BUSY: Step = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);
const LONG: Duration = Duration::from_secs(30);

struct Bench {
    script: Script,
    breakers: CircuitBreakers,
    service: CircuitBreakerService<Script>,
}

impl Bench {
    fn of(policy: CircuitBreakerPolicy, steps: impl IntoIterator<Item = Step>) -> Self {
        let script = Script::of(steps);
        let layer = CircuitBreakerLayer::new(policy);
        Self {
            service: layer.layer(script.clone()),
            breakers: layer.breakers(),
            script,
        }
    }

    async fn call(&self) -> Result<u16, Error> {
        let response = self.service.clone().oneshot(get()).await?;
        Ok(response.status().as_u16())
    }

    async fn calls(&self, times: usize) {
        for _ in 0..times {
            let _ = self.call().await;
        }
    }

    fn state(&self) -> CircuitState {
        self.breakers.state(&Uri::from_static(URL))
    }

    fn sent(&self) -> usize {
        self.script.seen().len()
    }
}

fn default(steps: impl IntoIterator<Item = Step>) -> Bench {
    Bench::of(CircuitBreakerPolicy::default(), steps)
}

#[tokio::test(start_paused = true)]
async fn what_cannot_wait_goes_through_an_open_circuit_and_changes_nothing() {
    let bench = default([vec![FAIL; 6], vec![FINE; 2]].concat());
    bench.calls(5).await;
    for expected in [500, 200, 200] {
        let mut request = get();
        request.extensions_mut().insert(PastCircuit);
        let answer = bench.service.clone().oneshot(request).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), bench.state()),
            (expected, CircuitState::Open)
        );
    }
    assert_eq!(bench.call().await.unwrap_err().kind(), ErrorKind::CircuitOpen);
    assert_eq!(bench.sent(), 8);
}

#[tokio::test(start_paused = true)]
async fn five_failures_open_it_and_callers_are_told_at_once() {
    let bench = default(vec![FAIL; 5]);
    bench.calls(4).await;
    assert_eq!(bench.state(), CircuitState::Closed);
    bench.calls(1).await;
    assert_eq!((bench.state(), bench.sent()), (CircuitState::Open, 5));
    advance(Duration::from_secs(10)).await;
    let begun = Instant::now();
    let error = bench.call().await.unwrap_err();
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(
        (error.kind(), bench.sent(), error.attempts()),
        (ErrorKind::CircuitOpen, 5, 0)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "the request was kept back, because the circuit breaker of https://example.blob.core.windows.net is open after 5 failures; \
         it will be tried again in 20.0s"
    );
}

#[tokio::test(start_paused = true)]
async fn after_its_time_two_successes_close_it() {
    let bench = default(vec![FAIL; 5]);
    bench.calls(5).await;
    advance(LONG - Duration::from_millis(1)).await;
    assert!(bench.call().await.is_err());
    advance(Duration::from_millis(1)).await;
    assert_eq!((bench.state(), bench.sent()), (CircuitState::Open, 5));
    assert_eq!(bench.call().await.unwrap(), 200);
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    assert_eq!(bench.call().await.unwrap(), 200);
    assert_eq!((bench.state(), bench.sent()), (CircuitState::Closed, 7));
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_half_open_opens_it_again() {
    let mut steps = vec![FAIL; 5];
    steps.extend([FINE, FAIL]);
    let bench = default(steps);
    bench.calls(5).await;
    advance(LONG).await;
    bench.calls(2).await;
    assert_eq!(bench.state(), CircuitState::Open);
    let error = bench.call().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(LONG));
    assert!(error.to_string().contains("after 6 failures"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_success_starts_the_count_anew_unless_a_time_is_given() {
    let mut steps = vec![FAIL; 4];
    steps.push(FINE);
    steps.extend(vec![FAIL; 4]);
    let row = default(steps.clone());
    row.calls(9).await;
    assert_eq!(row.state(), CircuitState::Closed);
    let policy = CircuitBreakerPolicy::default().within(Duration::from_secs(10));
    let timed = Bench::of(policy.clone(), steps.clone());
    timed.calls(6).await;
    assert_eq!(timed.state(), CircuitState::Open);
    let slow = Bench::of(policy, steps);
    for _ in 0..9 {
        slow.calls(1).await;
        advance(Duration::from_secs(3)).await;
    }
    assert_eq!(slow.state(), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn what_counts_and_what_does_not() {
    for step in [
        Step::Fail(ErrorKind::Connect),
        Step::Fail(ErrorKind::Connection),
        Step::Fail(ErrorKind::Timeout),
        Step::Answer(500, &[("x-ms-error-code", "OperationTimedOut")]),
        Step::Answer(502, &[]),
        Step::Answer(503, &[]),
        Step::Answer(504, &[]),
    ] {
        let bench = default(vec![step.clone(); 5]);
        bench.calls(5).await;
        assert_eq!(bench.state(), CircuitState::Open, "{step:?}");
    }
    for step in [
        BUSY,
        Step::Answer(429, &[]),
        Step::Answer(404, &[]),
        Step::Answer(409, &[]),
        Step::Answer(412, &[]),
        Step::Answer(500, &[("x-ms-error-code", "FeatureNotSupported")]),
        Step::Fail(ErrorKind::Sign),
        Step::Fail(ErrorKind::Credential),
        Step::Fail(ErrorKind::RequestBody),
    ] {
        let bench = default(vec![step.clone(); 20]);
        bench.calls(20).await;
        assert_eq!(
            (bench.state(), bench.sent()),
            (CircuitState::Closed, 20),
            "{step:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_answer_is_nothing_while_closed_and_a_success_while_half_open() {
    let mut steps = vec![FAIL; 4];
    steps.extend([BUSY, FAIL]);
    let bench = default(steps);
    bench.calls(6).await;
    assert_eq!(bench.state(), CircuitState::Open, "it is still a row");
    for busy in [BUSY, Step::Answer(429, &[])] {
        let mut steps = vec![FAIL; 5];
        steps.extend([busy.clone(), busy.clone(), busy]);
        let bench = default(steps);
        bench.calls(5).await;
        advance(LONG).await;
        bench.calls(1).await;
        assert_eq!(bench.state(), CircuitState::HalfOpen);
        bench.calls(2).await;
        assert_eq!((bench.state(), bench.sent()), (CircuitState::Closed, 8));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_fault_of_the_host_is_not_counted() {
    let late = Duration::from_secs(60);
    for (deadline, state) in [
        (Duration::from_millis(10), CircuitState::Closed),
        (Duration::from_millis(4900), CircuitState::Closed),
        // It had its fair time.
        (Duration::from_secs(5), CircuitState::Open),
        (Duration::from_secs(20), CircuitState::Open),
    ] {
        let layer = CircuitBreakerLayer::default();
        let script = Script::of(vec![Step::AnswerAfter(late); 5]);
        let service = TimeoutLayer::default().layer(script.clone());
        let service = DeadlineLayer::default().layer(layer.layer(service));
        for _ in 0..5 {
            let mut request = get();
            request.extensions_mut().insert(Deadline(deadline));
            let error = service.clone().oneshot(request).await.unwrap_err();
            let own = "a try had no answer within 15s".to_owned();
            let whole = format!(
                "no answer came within {deadline:?}; check the network, or give it a longer deadline"
            );
            let expected = if deadline.as_secs() > 15 { own } else { whole };
            assert_eq!((error.kind(), error.to_string()), (ErrorKind::Timeout, expected));
        }
        assert_eq!(script.seen().len(), 5);
        let host = Uri::from_static(URL);
        assert_eq!(layer.breakers().state(&host), state, "{deadline:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_counts_can_be_chosen() {
    let policy = CircuitBreakerPolicy::default()
        .counts(Trouble::InternalError, false)
        .counts(Trouble::ServerBusy, true);
    let bench = Bench::of(policy.clone(), vec![FAIL; 9]);
    bench.calls(9).await;
    assert_eq!(bench.state(), CircuitState::Closed);
    let bench = Bench::of(policy, vec![BUSY; 5]);
    bench.calls(5).await;
    assert_eq!(bench.state(), CircuitState::Open);
    let bench = Bench::of(CircuitBreakerPolicy::never(), vec![FAIL; 50]);
    bench.calls(50).await;
    assert_eq!((bench.state(), bench.sent()), (CircuitState::Closed, 50));
}

#[tokio::test(start_paused = true)]
async fn every_number_can_be_chosen() {
    let policy = CircuitBreakerPolicy::default()
        .failures(2)
        .open_for(Duration::from_secs(1))
        .successes(3)
        .probes(0);
    let bench = Bench::of(policy, vec![FAIL; 2]);
    bench.calls(2).await;
    assert_eq!(bench.state(), CircuitState::Open);
    advance(Duration::from_secs(1)).await;
    bench.calls(2).await;
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    bench.calls(1).await;
    assert_eq!(bench.state(), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn one_probe_at_a_time_and_a_dropped_one_frees_its_place() {
    let mut steps = vec![FAIL; 5];
    steps.extend([Step::Hang, Step::AnswerAfter(Duration::from_secs(1))]);
    let bench = default(steps);
    bench.calls(5).await;
    advance(LONG).await;
    let probe = bench.service.clone().call(get());
    let error = bench.call().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (ErrorKind::CircuitOpen, Some(Duration::from_secs(1)))
    );
    assert!(
        error.to_string().contains("another call is trying it just now"),
        "{error}"
    );
    drop(probe);
    assert_eq!(bench.state(), CircuitState::HalfOpen);
    let probe = tokio::spawn(bench.service.clone().call(get()));
    tokio::task::yield_now().await;
    assert!(bench.call().await.is_err());
    probe.await.unwrap().unwrap();
    assert_eq!(
        (bench.call().await.unwrap(), bench.state()),
        (200, CircuitState::Closed)
    );
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_takes_too_long_keeps_nobody_out() {
    let mut steps = vec![FAIL; 5];
    steps.push(Step::Hang);
    let bench = default(steps);
    bench.calls(5).await;
    advance(LONG).await;
    let upload = bench.service.clone().call(get());
    advance(LONG - Duration::from_millis(1)).await;
    assert!(bench.call().await.is_err());
    advance(Duration::from_millis(1)).await;
    bench.calls(2).await;
    assert_eq!(bench.state(), CircuitState::Closed);
    drop(upload);
}

#[tokio::test(start_paused = true)]
async fn as_many_probes_as_are_allowed() {
    let mut steps = vec![FAIL; 5];
    steps.extend(vec![Step::Hang; 3]);
    let bench = Bench::of(CircuitBreakerPolicy::default().probes(3), steps);
    bench.calls(5).await;
    advance(LONG).await;
    let probes: Vec<_> = (0..3).map(|_| bench.service.clone().call(get())).collect();
    assert!(bench.call().await.is_err());
    drop(probes);
    assert_eq!(bench.call().await.unwrap(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_counts_as_nothing() {
    let mut steps = vec![FAIL; 4];
    steps.push(Step::Hang);
    steps.push(FAIL);
    let bench = default(steps);
    bench.calls(4).await;
    let call = tokio::time::timeout(Duration::from_secs(1), bench.call());
    assert!(call.await.is_err());
    assert_eq!(bench.state(), CircuitState::Closed);
    bench.calls(1).await;
    assert_eq!(bench.state(), CircuitState::Open);
}

#[tokio::test(start_paused = true)]
async fn results_from_before_a_change_count_for_nothing() {
    let late = Step::AnswerAfter(Duration::from_secs(31));
    let mut steps = vec![late.clone(), late];
    steps.extend(vec![FAIL; 5]);
    let bench = default(steps);
    let old: Vec<_> = (0..2)
        .map(|_| tokio::spawn(bench.service.clone().call(get())))
        .collect();
    tokio::task::yield_now().await;
    bench.calls(5).await;
    advance(LONG).await;
    // Half-open, with one success of its own.
    bench.calls(1).await;
    for old in old {
        assert_eq!(old.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(bench.state(), CircuitState::HalfOpen);
}

#[tokio::test(start_paused = true)]
async fn each_host_has_a_circuit_and_all_clones_share_it() {
    let bench = default(vec![FAIL; 5]);
    bench.calls(5).await;
    let other = "http://127.0.0.1:10000";
    let request = Request::get(format!("{other}/devstoreaccount1"))
        .body(Body::empty())
        .unwrap();
    assert!(bench.service.clone().oneshot(request).await.is_ok());
    let host = "https://example.blob.core.windows.net";
    assert_eq!(
        bench.breakers.states(),
        [
            (host.to_owned(), CircuitState::Open),
            (other.to_owned(), CircuitState::Closed)
        ]
    );
    let second = bench.breakers.layer().layer(Script::of([]));
    let error = second.oneshot(get()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CircuitOpen);
}

#[tokio::test(start_paused = true)]
async fn a_retry_above_counts_each_try_and_stops_at_an_open_circuit() {
    let script = Script::of(vec![FAIL; 20]);
    let breaker = CircuitBreakerLayer::default().layer(script.clone());
    let service = RetryLayer::new(RetryPolicy::default()).layer(breaker);
    assert_eq!(service.clone().oneshot(get()).await.unwrap().status(), 500);
    let error = service.oneshot(get()).await.unwrap_err();
    assert_eq!((error.kind(), script.seen().len()), (ErrorKind::CircuitOpen, 5));
}

#[tokio::test(start_paused = true)]
async fn each_change_is_an_event() {
    let ((), lines) = logged_at(tracing::Level::INFO, async {
        let bench = default(vec![FAIL; 5]);
        bench.calls(6).await;
        advance(LONG).await;
        bench.calls(9).await;
    })
    .await;
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, (level, state)) in
        lines
            .iter()
            .zip([("WARN", "opened"), ("INFO", "half-open"), ("INFO", "closed")])
    {
        assert!(
            line.trim_start().starts_with(level) && line.contains(state),
            "{line}"
        );
        assert!(line.contains("https://example.blob.core.windows.net"), "{line}");
    }
}
