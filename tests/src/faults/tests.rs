//! That each fault does what it says, and the ledger counts it.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use lazuli_protocol::BoxError;
use tokio::time::{Instant, timeout};
use tower::ServiceExt as _;

use super::*;

const CONTENT: &str = "0123456789";

async fn ask(fault: Fault, ledger: &Ledger) -> Result<Response<FaultyBody>, BoxError> {
    let service = tower::service_fn(|request: Request<Upload>| async {
        request.into_body().collect().await.unwrap();
        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(CONTENT.as_bytes()))))
    });
    let faulty = Faulty::new(service, Plan::script([Some(fault)]), ledger.clone());
    let request = Request::put("http://127.0.0.1/box/blob").body(Full::new(Bytes::from_static(b"abc")));
    timeout(Duration::from_secs(60), faulty.oneshot(request.unwrap()))
        .await
        .map_err(BoxError::from)?
}

async fn read(fault: Fault) -> (Option<String>, Result<Bytes, BoxError>) {
    let ledger = Ledger::default();
    let answer = ask(fault, &ledger).await.unwrap();
    let length = answer.headers().get("content-length");
    let length = length.map(|length| length.to_str().unwrap().to_owned());
    assert_eq!(ledger.open(), 1);
    let body = timeout(Duration::from_secs(60), answer.into_body().collect()).await;
    let body = body.map_err(BoxError::from).and_then(|body| Ok(body?.to_bytes()));
    assert_eq!(
        (ledger.open(), ledger.faults()[fault.name()]),
        (0, 1),
        "{fault:?}"
    );
    (length, body)
}

#[tokio::test(start_paused = true)]
async fn exchanges_fail_before_or_after_the_work_is_done() {
    let busy = Refusal {
        status: 503,
        code: Some("ServerBusy"),
        wait: Some(Wait::Millis(7)),
        garbage: None,
    };
    for (fault, sent, carried_out) in [
        (Fault::Refuse, 0, 0),
        (Fault::Close(When::Before), 1, 0),
        (Fault::Close(When::After), 1, 1),
        (Fault::CutUpload(2), 1, 0),
        (Fault::StallUpload(2), 1, 0),
        (Fault::Hang(When::Before), 1, 0),
        (Fault::Hang(When::After), 1, 1),
        (Fault::Answer(When::Before, busy), 1, 0),
        (Fault::Answer(When::After, busy), 1, 1),
    ] {
        let ledger = Ledger::default();
        match ask(fault, &ledger).await {
            Ok(answer) => {
                assert_eq!(answer.status(), 503);
                assert_eq!(answer.headers()["x-ms-retry-after-ms"], "7");
            }
            Err(_) => assert!(!matches!(fault, Fault::Answer(..))),
        }
        let counts = ledger.requests().into_values().next().unwrap_or_default();
        assert_eq!(
            (counts.sent, counts.carried_out),
            (sent, carried_out),
            "{fault:?}"
        );
        assert_eq!(
            (ledger.open(), ledger.faults()[fault.name()]),
            (0, 1),
            "{fault:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_break_where_they_should() {
    let (length, body) = read(Fault::Cut(500)).await;
    assert_eq!(length.as_deref(), Some("10"));
    assert!(body.unwrap_err().is::<Failure>());
    assert_eq!(read(Fault::Truncate(500)).await.1.unwrap(), "01234");
    assert_eq!(read(Fault::Truncate(0)).await.1.unwrap(), "");
    assert!(
        read(Fault::Stall(999))
            .await
            .1
            .unwrap_err()
            .is::<tokio::time::error::Elapsed>()
    );
    assert_eq!(read(Fault::SayMore(5)).await.0.as_deref(), Some("15"));
    let begun = Instant::now();
    assert_eq!(
        read(Fault::Trickle(Duration::from_secs(16))).await.1.unwrap(),
        CONTENT
    );
    assert!(
        begun.elapsed() >= Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_told_from_the_truth_is_left_alone() {
    // No other header says how long it is, and it is no XML.
    for fault in [Fault::SayFewer(5), Fault::Garbage(1)] {
        let ledger = Ledger::default();
        let answer = ask(fault, &ledger).await.unwrap();
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), CONTENT);
        assert!(ledger.faults().is_empty());
    }
}

#[test]
fn chance_follows_from_its_seed() {
    let drawn = |seed| {
        let plan = Plan::chance(seed, 50);
        (0..200).map(|_| plan.next()).collect::<Vec<_>>()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    let faults = drawn(1).iter().flatten().count();
    assert!((60..140).contains(&faults), "{faults}");
}
