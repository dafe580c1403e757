//! When tries are ended.

use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::OperationKind;
use tokio::time::Instant;
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::testing::{Longest, Script, Step, of_kind};
use crate::{ErrorKind, RetryLayer, RetryPolicy};

#[tokio::test(start_paused = true)]
async fn a_try_without_an_answer_is_ended() {
    let begun = Instant::now();
    let service = TimeoutLayer::default().layer(Script::of([Step::Hang]));
    let error = service.oneshot(of_kind(OperationKind::List)).await.unwrap_err();
    assert_eq!(
        (error.kind(), begun.elapsed().as_secs()),
        (ErrorKind::Timeout, 15)
    );
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

#[tokio::test(start_paused = true)]
async fn a_write_takes_the_time_it_takes() {
    let slow = Script::of([Step::AnswerAfter(Duration::from_secs(200))]);
    let service = TimeoutLayer::default().layer(slow);
    assert_eq!(
        service
            .oneshot(of_kind(OperationKind::Write))
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test(start_paused = true)]
async fn no_time_is_no_limit() {
    let slow = Script::of([Step::AnswerAfter(Duration::from_secs(200))]);
    let service = TimeoutLayer::new(None).layer(slow);
    assert_eq!(
        service
            .oneshot(of_kind(OperationKind::List))
            .await
            .unwrap()
            .status(),
        200
    );
}
