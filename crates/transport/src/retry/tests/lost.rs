//! Earlier tries that may have arrived, and tries that never left.

use std::error::Error as _;

use http::Method;

use super::*;
use crate::error::AnswerHead;

const OPEN: Step = Step::Fail(ErrorKind::CircuitOpen);

fn delete() -> Request<Body> {
    let mut request = of_kind(OperationKind::Write);
    *request.method_mut() = Method::DELETE;
    request
}

/// What the error says, made of an answer as the transport makes it where it is one.
fn error(outcome: Result<http::Response<lazuli_protocol::ResponseBody>, Error>) -> Error {
    match outcome {
        Ok(response) => {
            let (parts, _) = response.into_parts();
            Error::new(ErrorKind::Service, "it is refused").answered(&AnswerHead::of(&parts))
        }
        Err(error) => error,
    }
}

#[tokio::test(start_paused = true)]
async fn no_connection_proves_nothing_about_the_tries_before() {
    let said = "the script says so; an earlier try may have arrived: ";
    for (first, how) in [
        (CUT, Some("the script says so")),
        (Step::Fail(ErrorKind::Timeout), Some("the script says so")),
        (BROKEN, Some("the service answered 500 InternalError")),
        (Step::Answer(504, &[]), Some("the service answered 504")),
        (REFUSED, None),
        // The service has said that it did not do it.
        (BUSY, None),
    ] {
        let steps = vec![first.clone(), REFUSED, REFUSED];
        let (script, outcome) = run(RetryPolicy::default(), steps, delete()).await;
        let error = outcome.unwrap_err();
        assert_eq!(script.seen().len(), 3);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert_eq!(error.is_connect(), how.is_none(), "{first:?}: {error}");
        let text = match how {
            Some(how) => format!("{said}{how} (after 3 tries)"),
            None => "the script says so (after 3 tries)".to_owned(),
        };
        assert_eq!(error.to_string(), text, "{first:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_try_that_never_left_has_the_failure_before_it_for_its_cause() {
    for (first, kind) in [(CUT, ErrorKind::Connection), (SLOW, ErrorKind::Service)] {
        let (script, outcome) = run(RetryPolicy::default(), vec![first, OPEN], delete()).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), script.seen().len()), (ErrorKind::CircuitOpen, 2));
        assert_eq!(error.attempts(), 1, "one left");
        assert!(
            error.to_string().contains("an earlier try may have arrived"),
            "{error}"
        );
        let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(cause.kind(), kind);
    }
    // But it keeps the cause that it has.
    let script = Script::of([CUT, REFUSED, REFUSED]);
    let failing = script.clone().map_err(|error: Error| match error.kind() {
        ErrorKind::Connect => error.because(std::io::Error::from(std::io::ErrorKind::ConnectionRefused)),
        _ => error,
    });
    let service = RetryLayer::new(RetryPolicy::default()).layer(failing);
    let error = service.oneshot(delete()).await.unwrap_err();
    assert!(error.source().unwrap().is::<std::io::Error>());
}

#[tokio::test(start_paused = true)]
async fn what_says_itself_that_it_may_have_arrived_needs_no_more_words() {
    let (_, outcome) = run(RetryPolicy::default(), vec![CUT; 3], delete()).await;
    assert_eq!(
        outcome.unwrap_err().to_string(),
        "the script says so (after 3 tries)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_what_may_have_been_done_says_so() {
    const GONE: Step = Step::Answer(404, &[("x-ms-error-code", "BlobNotFound")]);
    const HINT: &str = "it is refused; an earlier try may have arrived: the script says so (after 2 tries)";
    for (first, refusal, hints) in [
        (CUT, GONE, true),
        (CUT, Step::Answer(409, &[]), true),
        (CUT, Step::Answer(412, &[]), true),
        (CUT, Step::Answer(400, &[]), true),
        (CUT, Step::Answer(403, &[]), true),
        (CUT, Step::Answer(201, &[]), false),
        (REFUSED, GONE, false),
        (BUSY, GONE, false),
    ] {
        let steps = vec![first.clone(), refusal.clone()];
        let (_, outcome) = run(RetryPolicy::default(), steps.clone(), delete()).await;
        let text = error(outcome).to_string();
        assert_eq!(text == HINT, hints, "{first:?} {refusal:?}: {text}");
        assert!(hints || !text.contains("earlier"), "{text}");
        // Who only reads has done nothing.
        let (_, outcome) = run(RetryPolicy::default(), steps, get()).await;
        assert!(!error(outcome).to_string().contains("earlier"));
    }
    let (_, outcome) = run(RetryPolicy::default(), vec![GONE], delete()).await;
    assert_eq!(error(outcome).to_string(), "it is refused");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_busy_at_last_does_not_hide_what_was_before() {
    let steps = vec![CUT, BUSY, BUSY, BUSY, BUSY];
    let (_, outcome) = run(RetryPolicy::default(), steps, delete()).await;
    let text = error(outcome).to_string();
    assert!(text.contains("an earlier try may have arrived"), "{text}");
    // Who fails itself may have done it as well, which needs no more words.
    let (_, outcome) = run(RetryPolicy::default(), vec![BROKEN; 3], delete()).await;
    assert!(!error(outcome).to_string().contains("earlier"));
}

#[tokio::test(start_paused = true)]
async fn what_never_left_may_go_whatever_it_is_and_takes_nothing_from_the_budget() {
    let calls = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = Arc::clone(&calls);
    let service = tower::service_fn(move |_: Request<Body>| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        std::future::ready(match number {
            0 => Err(Error::new(ErrorKind::Timeout, "in line")
                .blaming_nobody()
                .never_sent()),
            _ => Ok(http::Response::new(lazuli_protocol::ResponseBody::empty())),
        })
    });
    let append = OperationInfo::blob("AppendBlock", OperationKind::Write).sent_once();
    let request = Request::put(URL)
        .extension(append)
        .body(Body::from("more"))
        .unwrap();
    let layer = RetryLayer::new(RetryPolicy::default()).budget(RetryBudget::new(0.0, 0, 0));
    let answer = layer.layer(service).oneshot(request).await.unwrap();
    assert_eq!(answer.extensions().get(), Some(&Attempts(1)));
    assert_eq!(calls.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn only_tries_that_left_are_counted() {
    let patient = || RetryPolicy::default().rule(Trouble::CircuitOpen, rule(3, 1));
    for (steps, left) in [
        (vec![OPEN; 3], 0),
        (vec![OPEN, CUT, OPEN], 1),
        (vec![OPEN, REFUSED, CUT], 2),
        (vec![Step::Fail(ErrorKind::Sign)], 0),
        (vec![Step::Fail(ErrorKind::Credential)], 1),
    ] {
        let (script, outcome) = run(patient(), steps.clone(), get()).await;
        assert_eq!(script.seen().len(), steps.len());
        assert_eq!(outcome.unwrap_err().attempts(), left, "{steps:?}");
    }
    let (_, outcome) = run(patient(), vec![OPEN, CUT], get()).await;
    assert_eq!(outcome.unwrap().extensions().get(), Some(&Attempts(2)));
}

#[tokio::test(start_paused = true)]
async fn tries_that_never_left_take_nothing_from_the_budget() {
    let patient = RetryPolicy::default().rule(Trouble::CircuitOpen, rule(9, 1));
    let budget = RetryBudget::new(0.0, 0, 1);
    let layer = RetryLayer::new(patient).budget(budget.clone());
    let script = Script::of(vec![OPEN; 8]);
    let answer = layer.layer(script.clone()).oneshot(get()).await;
    assert_eq!((answer.unwrap().status().as_u16(), script.seen().len()), (200, 9));
    assert!(budget.withdraw(), "it is untouched");
    // And a call whose first try was kept back adds its share when one leaves.
    let budget = RetryBudget::new(1.0, 0, 0);
    let layer = RetryLayer::new(RetryPolicy::default().rule(Trouble::CircuitOpen, rule(9, 1)));
    let service = layer.budget(budget.clone()).layer(Script::of([OPEN]));
    service.oneshot(get()).await.unwrap();
    assert!(budget.withdraw() && !budget.withdraw());
}
