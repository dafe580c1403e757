//! Every row of the tables, with time that stands still until somebody waits.

mod asked;
mod lost;
mod spent;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use lazuli_protocol::{Body, OperationInfo, OperationKind};
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::answer::Unrepeated;
use crate::testing::{Longest, Script, Step, URL, get, of_kind};
use crate::{Attempts, Error, ErrorKind};

const BUSY: Step = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);
const AWAY: Step = Step::Answer(503, &[]);
const BROKEN: Step = Step::Answer(500, &[("x-ms-error-code", "InternalError")]);
const SLOW: Step = Step::Answer(500, &[("x-ms-error-code", "OperationTimedOut")]);
const CUT: Step = Step::Fail(ErrorKind::Connection);
const REFUSED: Step = Step::Fail(ErrorKind::Connect);

type Outcome = Result<http::Response<lazuli_protocol::ResponseBody>, Error>;

async fn run(policy: RetryPolicy, steps: Vec<Step>, request: Request<Body>) -> (Script, Outcome) {
    let script = Script::of(steps);
    let service = RetryLayer::new(policy)
        .jitter(Arc::new(Longest))
        .layer(script.clone());
    let outcome = service.oneshot(request).await;
    (script, outcome)
}

fn millis(waits: &[Duration]) -> Vec<u128> {
    waits.iter().map(Duration::as_millis).collect()
}

#[tokio::test(start_paused = true)]
async fn each_trouble_has_its_tries_and_waits() {
    let rows: [(Step, &[u128]); 11] = [
        (BUSY, &[1000, 2000, 4000, 8000]),
        (Step::Answer(429, &[]), &[1000, 2000, 4000, 8000]),
        (AWAY, &[2000, 4000]),
        (Step::Answer(502, &[]), &[2000, 4000]),
        (BROKEN, &[1000, 2000]),
        (SLOW, &[1000, 1000]),
        (Step::Answer(408, &[]), &[1000, 1000]),
        (Step::Answer(504, &[]), &[1000, 1000]),
        (Step::Fail(ErrorKind::Timeout), &[1000, 1000]),
        (CUT, &[500, 1000]),
        (REFUSED, &[500, 1000]),
    ];
    for (step, waits) in rows {
        let (script, outcome) = run(RetryPolicy::default(), vec![step.clone(); 9], get()).await;
        assert_eq!(millis(&script.waits()), waits, "{step:?}");
        let tries = u32::try_from(waits.len()).unwrap() + 1;
        match outcome {
            Ok(response) => assert_eq!(response.extensions().get(), Some(&Attempts(tries)), "{step:?}"),
            Err(error) => assert_eq!(error.attempts(), tries, "{step:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_that_passes_is_not_noticed() {
    let (script, outcome) = run(RetryPolicy::default(), vec![CUT, SLOW], get()).await;
    let response = outcome.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.extensions().get()),
        (200, Some(&Attempts(3)))
    );
    assert_eq!(millis(&script.waits()), [500, 1000]);
}

#[tokio::test(start_paused = true)]
async fn all_tries_count_whatever_trouble_they_met() {
    // Busy may be asked five times, but the fourth try met trouble that allows three.
    let (script, outcome) = run(RetryPolicy::default(), vec![BUSY, BUSY, BUSY, BROKEN], get()).await;
    assert_eq!(
        (outcome.unwrap().status().as_u16(), script.seen().len()),
        (500, 4)
    );
}

#[tokio::test(start_paused = true)]
async fn every_other_answer_is_final() {
    for status in [200, 201, 304, 400, 401, 403, 404, 409, 412, 416, 501, 505] {
        let (script, outcome) = run(RetryPolicy::default(), vec![Step::Answer(status, &[])], get()).await;
        assert_eq!(
            (outcome.unwrap().status().as_u16(), script.seen().len()),
            (status, 1)
        );
    }
    for kind in [
        ErrorKind::Sign,
        ErrorKind::InsecureUrl,
        ErrorKind::RequestBody,
        ErrorKind::Tls,
        ErrorKind::InvalidInput,
    ] {
        let (script, outcome) = run(RetryPolicy::default(), vec![Step::Fail(kind)], get()).await;
        assert_eq!((outcome.unwrap_err().kind(), script.seen().len()), (kind, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_the_service_asks_for_is_kept() {
    let steps = vec![
        Step::Answer(503, &[("retry-after", "7")]),
        Step::Answer(429, &[("x-ms-retry-after-ms", "1500"), ("retry-after", "9")]),
        Step::Answer(503, &[("x-ms-error-code", "ServerBusy"), ("retry-after", "soon")]),
    ];
    let (script, outcome) = run(RetryPolicy::default(), steps, get()).await;
    assert_eq!(outcome.unwrap().status(), 200);
    // With a quarter more, which is the most that chance adds.
    assert_eq!(millis(&script.waits()), [8750, 1875, 4000]);
}

#[tokio::test(start_paused = true)]
async fn a_date_to_wait_for_counts_from_the_answers_own() {
    let until: Step = Step::Answer(
        503,
        &[
            ("date", "Fri, 27 Jan 2023 22:27:27 GMT"),
            ("retry-after", "Fri, 27 Jan 2023 22:27:31 GMT"),
        ],
    );
    let (script, outcome) = run(RetryPolicy::default(), vec![until], get()).await;
    assert_eq!(outcome.unwrap().status(), 200);
    assert_eq!(millis(&script.waits()), [5000]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_an_error_asks_for_is_kept() {
    let script = Script::of([CUT]);
    let asking = script
        .clone()
        .map_err(|error: Error| error.until(Duration::from_secs(2)));
    let service = RetryLayer::new(RetryPolicy::default()).layer(asking);
    assert_eq!(service.oneshot(get()).await.unwrap().status(), 200);
    let waited = script.waits()[0];
    assert!((2000..=2501).contains(&waited.as_millis()), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn chance_adds_nothing_beyond_the_longest_wait() {
    let asks = Step::Answer(503, &[("retry-after", "59")]);
    let (script, _) = run(RetryPolicy::default(), vec![asks], get()).await;
    assert_eq!(millis(&script.waits()), [60_000]);
    let now = Step::Answer(503, &[("retry-after", "0")]);
    let (script, _) = run(RetryPolicy::default(), vec![now], get()).await;
    assert_eq!(millis(&script.waits()), [0]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_left_to_the_caller() {
    let asks = Step::Answer(503, &[("retry-after", "61")]);
    let (script, outcome) = run(RetryPolicy::default(), vec![asks], get()).await;
    assert_eq!(
        (outcome.unwrap().status().as_u16(), script.seen().len()),
        (503, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn waits_grow_up_to_the_longest() {
    let rule = Rule {
        tries: 40,
        backoff: Backoff::Exponential(Duration::from_secs(1)),
    };
    let policy = RetryPolicy::default()
        .rule(Trouble::Connection, rule)
        .longest_wait(Duration::from_secs(5));
    let (script, outcome) = run(policy, vec![CUT; 40], get()).await;
    let waits = script.waits();
    assert_eq!((outcome.unwrap_err().attempts(), waits.len()), (40, 39));
    assert_eq!(millis(&waits[..4]), [1000, 2000, 4000, 5000]);
    assert!(waits[4..].iter().all(|wait| *wait == Duration::from_secs(5)));
}

#[tokio::test(start_paused = true)]
async fn what_must_not_arrive_twice_is_repeated_only_if_it_did_not_arrive() {
    let once = OperationInfo::blob("AppendBlock", OperationKind::Write).sent_once();
    let append = || {
        Request::put(URL)
            .extension(once)
            .body(Body::from("more"))
            .unwrap()
    };
    let nameless = || Request::put(URL).body(Body::from("more")).unwrap();
    for request in [&append as &dyn Fn() -> _, &nameless] {
        for step in [CUT, BUSY, BROKEN, SLOW, Step::Fail(ErrorKind::Timeout)] {
            let (script, _) = run(RetryPolicy::default(), vec![step.clone()], request()).await;
            assert_eq!(script.seen().len(), 1, "{step:?}");
        }
        let (script, outcome) = run(RetryPolicy::default(), vec![REFUSED], request()).await;
        assert_eq!(
            (outcome.unwrap().status().as_u16(), script.seen().len()),
            (200, 2)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_start_again_is_sent_once_and_the_error_says_so() {
    let request = || {
        let mut request = of_kind(OperationKind::Write);
        let pieces = futures_util::stream::iter([Ok(Bytes::from_static(b"hello"))]);
        *request.body_mut() = Body::once(5, Box::pin(pieces));
        request
    };
    for step in [CUT, REFUSED] {
        let (script, outcome) = run(RetryPolicy::default(), vec![step], request()).await;
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.kind(), script.seen().len()),
            (ErrorKind::BodyNotReplayable, 1)
        );
        assert!(error.to_string().contains("can be sent only once"), "{error}");
        assert!(!error.is_retryable());
        let cause = std::error::Error::source(&error).unwrap().downcast_ref::<Error>();
        assert!(matches!(
            cause.unwrap().kind(),
            ErrorKind::Connection | ErrorKind::Connect
        ));
    }
    let (script, outcome) = run(RetryPolicy::default(), vec![BUSY], request()).await;
    let response = outcome.unwrap();
    assert_eq!((response.status().as_u16(), script.seen().len()), (503, 1));
    assert_eq!(response.extensions().get(), Some(&Unrepeated::Body));
}

#[tokio::test(start_paused = true)]
async fn never_is_never() {
    for step in [REFUSED, BUSY, SLOW] {
        let (script, _) = run(RetryPolicy::never(), vec![step], get()).await;
        assert_eq!(script.seen().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn every_try_is_the_same_request() {
    let mut request = get();
    request
        .headers_mut()
        .insert("x-ms-client-request-id", "one".parse().unwrap());
    let (script, _) = run(RetryPolicy::default(), vec![CUT, CUT], request).await;
    let seen = script.seen();
    assert_eq!(seen.len(), 3);
    for try_ in &seen {
        assert_eq!((&try_.uri, &try_.headers), (&seen[0].uri, &seen[0].headers));
    }
}

#[test]
fn every_trouble_has_a_row() {
    let other = rule(9, 9);
    for trouble in Trouble::ALL {
        let tries = RetryPolicy::default().of(trouble).tries;
        assert_eq!(tries > 1, trouble != Trouble::CircuitOpen, "{trouble:?}");
        assert_eq!(RetryPolicy::default().rule(trouble, other).of(trouble), other);
    }
}

fn rule(tries: u32, seconds: u64) -> Rule {
    Rule {
        tries,
        backoff: Backoff::Exponential(Duration::from_secs(seconds)),
    }
}

#[test]
fn full_jitter_stays_within_its_limit() {
    let longest = Duration::from_millis(10);
    let waits: Vec<_> = (0..1000).map(|_| FullJitter.wait(longest)).collect();
    assert!(waits.iter().all(|wait| *wait <= longest));
    assert!(waits.iter().any(|wait| *wait > longest / 2) && waits.iter().any(|wait| *wait < longest / 2));
    assert_eq!(FullJitter.wait(Duration::ZERO), Duration::ZERO);
}
