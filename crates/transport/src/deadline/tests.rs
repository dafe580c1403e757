//! When calls are ended.

use std::time::Duration;

use lazuli_protocol::OperationKind;
use tokio::time::Instant;
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::testing::{Longest, Script, Step, get, of_kind};
use crate::{ErrorKind, RetryLayer, RetryPolicy};

#[tokio::test(start_paused = true)]
async fn each_kind_has_its_time() {
    for (kind, seconds) in [
        (OperationKind::SmallRead, 30),
        (OperationKind::LargeRead, 300),
        (OperationKind::Write, 300),
        (OperationKind::List, 30),
        (OperationKind::Lease, 10),
    ] {
        let begun = Instant::now();
        let service = DeadlineLayer::default().layer(Script::of([Step::Hang]));
        let error = service.oneshot(of_kind(kind)).await.unwrap_err();
        assert_eq!(begun.elapsed().as_secs(), seconds, "{kind:?}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
        assert!(error.is_timeout() && error.is_retryable());
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_can_have_a_time_of_its_own() {
    let mut request = of_kind(OperationKind::Write);
    request.extensions_mut().insert(Deadline(Duration::from_secs(2)));
    let service = DeadlineLayer::default().layer(Script::of([Step::AnswerAfter(Duration::from_secs(3))]));
    assert!(service.oneshot(request).await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_time_gets_through() {
    let service = DeadlineLayer::default().layer(Script::of([Step::AnswerAfter(Duration::from_secs(9))]));
    assert_eq!(
        service
            .oneshot(of_kind(OperationKind::Lease))
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test(start_paused = true)]
async fn a_time_beyond_all_clocks_is_no_limit() {
    let mut request = get();
    request.extensions_mut().insert(Deadline(Duration::MAX));
    let service =
        DeadlineLayer::default().layer(Script::of([Step::AnswerAfter(Duration::from_secs(86_400))]));
    assert_eq!(service.oneshot(request).await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn the_time_covers_all_tries_and_counts_them() {
    let script = Script::of([Step::Fail(ErrorKind::Connection), Step::Hang]);
    let retry = RetryLayer::new(RetryPolicy::default()).jitter(std::sync::Arc::new(Longest));
    let service = DeadlineLayer::default().layer(retry.layer(script.clone()));
    let begun = Instant::now();
    let error = service.oneshot(of_kind(OperationKind::Lease)).await.unwrap_err();
    assert_eq!(begun.elapsed(), Duration::from_secs(10));
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(script.waits(), [Duration::from_millis(500)]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_pass_the_deadline_is_not_begun() {
    let busy = Step::Answer(503, &[("x-ms-error-code", "ServerBusy"), ("retry-after", "11")]);
    let script = Script::of([busy]);
    let service =
        DeadlineLayer::default().layer(RetryLayer::new(RetryPolicy::default()).layer(script.clone()));
    let begun = Instant::now();
    let response = service.oneshot(of_kind(OperationKind::Lease)).await.unwrap();
    assert_eq!((response.status().as_u16(), script.seen().len()), (503, 1));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}
