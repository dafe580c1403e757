//! The budget that all calls of a layer share, and the deadline of one.

use std::future::ready;

use tower::Layer;

use super::*;
use crate::testing::logged_at;
use crate::{Deadline, DeadlineLayer, Deadlines};

fn layer(budget: &RetryBudget) -> RetryLayer {
    RetryLayer::new(RetryPolicy::default()).budget(budget.clone())
}

#[tokio::test(start_paused = true)]
async fn when_the_budget_is_spent_the_failure_is_returned_at_once_and_says_so() {
    let budget = RetryBudget::new(0.0, 0, 1);
    let script = Script::of([CUT; 3]);
    let error = layer(&budget)
        .layer(script.clone())
        .oneshot(get())
        .await
        .unwrap_err();
    assert_eq!(script.seen().len(), 2);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 2));
    assert!(
        error.to_string().contains("the budget of retries is spent"),
        "{error}"
    );
    assert!(error.is_retryable(), "later there may be one");

    let script = Script::of([BUSY]);
    let answer = layer(&budget).layer(script.clone()).oneshot(get()).await.unwrap();
    assert_eq!((answer.status().as_u16(), script.seen().len()), (503, 1));
    assert_eq!(answer.extensions().get(), Some(&Unrepeated::Budget));
    assert_eq!(answer.extensions().get(), Some(&Attempts(1)));
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_is_spent_is_a_warning() {
    let call = layer(&RetryBudget::new(0.0, 0, 0))
        .layer(Script::of([CUT]))
        .oneshot(get());
    let (_, lines) = logged_at(tracing::Level::INFO, call).await;
    let log = lines.join("\n");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(
        log.contains("WARN") && log.contains("the budget of retries is spent"),
        "{log}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_multiplied() {
    let script = Script::of(vec![CUT; 100_000]);
    let service = RetryLayer::new(RetryPolicy::default()).layer(script.clone());
    let calls = (0..5000).map(|_| service.clone().oneshot(get()));
    let outcomes = futures_util::future::join_all(calls).await;
    assert!(outcomes.iter().all(Result::is_err));
    let retries = script.seen().len() - 5000;
    // A fifth of the calls, the full reserve, and what a few seconds of waits add to it.
    assert!((1000..1150).contains(&retries), "{retries}");
}

#[tokio::test(start_paused = true)]
async fn stacks_can_share_one() {
    let budget = RetryBudget::new(0.0, 0, 3);
    for (left, tries) in [(3, 3), (1, 2), (0, 1)] {
        let script = Script::of([CUT; 3]);
        let _ = layer(&budget).layer(script.clone()).oneshot(get()).await;
        assert_eq!(script.seen().len(), tries, "{left} were left");
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_was_sent_adds_to_the_budget_and_only_once() {
    for (first, adds) in [
        (Step::Answer(200, &[]), true),
        (Step::Answer(404, &[]), true),
        (CUT, true),
        (Step::Fail(ErrorKind::CircuitOpen), false),
    ] {
        let budget = RetryBudget::new(1.0, 0, 0);
        let script = Script::of([first.clone(), Step::Answer(200, &[])]);
        let _ = layer(&budget).layer(script.clone()).oneshot(get()).await;
        // What it has added it may have spent itself.
        let spent = script.seen().len() == 2;
        assert_eq!(spent, matches!(first, Step::Fail(ErrorKind::Connection)));
        assert_eq!(budget.withdraw(), adds && !spent, "{first:?}");
        assert!(!budget.withdraw(), "{first:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_try_begins_that_the_deadline_would_cut_off() {
    let deadline = |seconds| {
        let mut request = get();
        request
            .extensions_mut()
            .insert(Deadline(Duration::from_secs(seconds)));
        request
    };
    let asks = Step::Answer(503, &[("retry-after", "4")]);
    for (seconds, tries) in [(4, 1), (5, 1), (6, 2), (10, 2), (11, 3)] {
        let script = Script::of(vec![asks.clone(); 9]);
        let service = RetryLayer::new(RetryPolicy::default())
            .jitter(Arc::new(Longest))
            .layer(script.clone());
        let service = DeadlineLayer::new(Deadlines::default()).layer(service);
        let begun = tokio::time::Instant::now();
        let answer = service.oneshot(deadline(seconds)).await.unwrap();
        assert_eq!((answer.status().as_u16(), script.seen().len()), (503, tries));
        assert!(begun.elapsed() < Duration::from_secs(seconds));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_leaves_nothing() {
    let budget = RetryBudget::new(0.0, 0, 9);
    let script = Script::of([Step::Hang]);
    let service = layer(&budget).layer(script.clone());
    tokio::select! {
        _ = service.oneshot(get()) => unreachable!("it hangs"),
        () = ready(()) => {}
    }
    let left = std::iter::repeat_with(|| budget.withdraw()).take_while(|had| *had);
    assert_eq!(left.count(), 9);
}
