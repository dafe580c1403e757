//! What is sent again only for those who asked for it: conflicts, and what a circuit breaker refused.

use lazuli_protocol::ErrorCode;

use super::*;

const LOCKED: Step = Step::Answer(409, &[("x-ms-error-code", "SharingViolation")]);
const OPEN: Step = Step::Fail(ErrorKind::CircuitOpen);

#[test]
fn conflicts_are_known_by_their_codes() {
    let held = [
        "ContainerBeingDeleted",
        "DeletePending",
        "FileLockConflict",
        "FileOpenBySmbClient",
        "LeaseAlreadyPresent",
        "LeaseIsBreakingAndCannotBeAcquired",
        "PendingCopyOperation",
        "ShareBeingDeleted",
        "ShareSnapshotInProgress",
        "SharingViolation",
    ];
    let status = http::StatusCode::CONFLICT;
    for code in ErrorCode::KNOWN {
        let trouble = Trouble::of_answer(status, Some(code.as_str()));
        let conflict = held.contains(&code.as_str());
        assert_eq!(trouble, conflict.then_some(Trouble::Conflict), "{code:?}");
        assert!(!conflict || code.usual_status() == Some(409), "{code:?}");
    }
    let known = |code: &&str| ErrorCode::KNOWN.contains(&ErrorCode::from(*code));
    assert!(held.iter().all(known));
    assert_eq!(Trouble::of_answer(status, None), None);
}

#[tokio::test(start_paused = true)]
async fn conflicts_are_repeated_when_asked_for() {
    let asks = |again| {
        let mut request = get();
        request.extensions_mut().insert(RetryConflicts(again));
        request
    };
    let all = || RetryPolicy::default().conflicts(true);
    for (policy, request, tries) in [
        (RetryPolicy::default(), get(), 1),
        (RetryPolicy::default(), asks(true), 5),
        (all(), get(), 5),
        (all(), asks(false), 1),
        (RetryPolicy::never().conflicts(true), get(), 1),
    ] {
        let (script, outcome) = run(policy.clone(), vec![LOCKED; 9], request).await;
        assert_eq!(outcome.unwrap().extensions().get(), Some(&Attempts(tries)));
        assert_eq!(u32::try_from(script.seen().len()), Ok(tries), "{policy:?}");
        if tries > 1 {
            assert_eq!(millis(&script.waits()), [500, 1000, 2000, 4000]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn conflicts_of_other_kinds_stay() {
    let other = Step::Answer(409, &[("x-ms-error-code", "BlobAlreadyExists")]);
    let (script, _) = run(RetryPolicy::default().conflicts(true), vec![other], get()).await;
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn not_even_who_asks_gets_twice_what_must_arrive_once() {
    let request = Request::put(URL)
        .extension(OperationInfo::blob("AppendBlock", OperationKind::Write).sent_once())
        .extension(RetryConflicts(true))
        .body(Body::from("more"))
        .unwrap();
    let (script, _) = run(RetryPolicy::default(), vec![LOCKED], request).await;
    assert_eq!(script.seen().len(), 1);
}

#[test]
fn a_conflict_may_pass() {
    let error = lazuli_protocol::Error::from(lazuli_protocol::ServiceError::from_parts(
        &http::Response::builder()
            .status(409)
            .header("x-ms-error-code", "FileLockConflict")
            .body(())
            .unwrap()
            .into_parts()
            .0,
        &Bytes::new(),
    ));
    assert!(Error::from(error).is_retryable());
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_fails_at_once() {
    let (script, outcome) = run(RetryPolicy::default(), vec![OPEN], get()).await;
    assert_eq!(
        (outcome.unwrap_err().kind(), script.seen().len()),
        (ErrorKind::CircuitOpen, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_circuit_waits_as_long_as_it_says() {
    let policy = || RetryPolicy::default().rule(Trouble::CircuitOpen, rule(3, 2));
    let script = Script::of([OPEN, OPEN]);
    let breaker = script
        .clone()
        .map_err(|error: Error| error.until(Duration::from_secs(20)));
    let service = RetryLayer::new(policy()).jitter(Arc::new(Longest)).layer(breaker);
    assert_eq!(service.oneshot(get()).await.unwrap().status(), 200);
    assert_eq!(millis(&script.waits()), [25_000, 25_000]);
    // And by the rule where it says nothing.
    let (script, _) = run(policy(), vec![OPEN; 9], get()).await;
    assert_eq!(millis(&script.waits()), [2000, 4000]);
}

#[tokio::test(start_paused = true)]
async fn what_a_breaker_kept_back_never_left_and_may_go_whatever_it_is() {
    let policy = RetryPolicy::default().rule(Trouble::CircuitOpen, rule(9, 1));
    let pieces = futures_util::stream::iter([Ok(Bytes::from_static(b"more"))]);
    let request = Request::put(URL)
        .extension(OperationInfo::blob("AppendBlock", OperationKind::Write).sent_once())
        .body(Body::once(4, Box::pin(pieces)))
        .unwrap();
    // But once it has left, it is as any other.
    let (script, outcome) = run(policy, vec![OPEN, OPEN, CUT], request).await;
    assert_eq!(
        (outcome.unwrap_err().kind(), script.seen().len()),
        (ErrorKind::Connection, 3)
    );
}
