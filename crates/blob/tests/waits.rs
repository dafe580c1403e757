//! What the service does in its own time: copies and rehydrations that are asked about until they are over, with time that is paused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as it must be"
)]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use http::{Request, Response};
use lazuli_blob::operations::TierSet;
use lazuli_blob::{BlobClient, BlobServiceClient, CopyFailure, ErrorKind, Polling};
use lazuli_protocol::{AccessTier, CopyStatus, Endpoint, ErrorCode, ResponseBody};
use lazuli_transport::{
    CircuitBreakerPolicy, OutgoingBody, ReadFrom, RetryPolicy, SecondaryHosts, Transport, TransportBuilder,
};
use tokio::time::Instant;

const ID: &str = "d912a019-0bad-431d-8295-2db29beabc08";

type Headers = &'static [(&'static str, &'static str)];

/// A blob whose service gives these answers, and what it was asked for: method, query, and when.
fn scripted(answers: &[(u16, Headers)]) -> (BlobClient, Arc<Mutex<Vec<String>>>) {
    scripted_with(Transport::builder(), answers)
}

fn scripted_with(
    builder: TransportBuilder,
    answers: &[(u16, Headers)],
) -> (BlobClient, Arc<Mutex<Vec<String>>>) {
    let script: Arc<Mutex<VecDeque<_>>> = Arc::new(Mutex::new(answers.iter().copied().collect()));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (log, begun) = (Arc::clone(&asked), Instant::now());
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let query = request.uri().query().unwrap_or_default();
        let line = format!("{} {query} {:?}", request.method(), begun.elapsed());
        log.lock().unwrap().push(line);
        let (status, headers) = script
            .lock()
            .unwrap()
            .pop_front()
            .expect("no more answers in the script");
        let mut answer = Response::builder()
            .status(status)
            .header("etag", "\"0x1\"")
            .header("last-modified", "Sun, 20 Feb 2022 07:02:36 GMT")
            .header("content-length", "0");
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        let answer = answer.body(ResponseBody::empty()).unwrap();
        async move { Ok::<_, Infallible>(answer) }
    });
    let transport = builder.build_on(service).unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    (
        BlobServiceClient::new(endpoint, transport)
            .container("box")
            .blob("a"),
        asked,
    )
}

const BEGUN: (u16, Headers) = (202, &[("x-ms-copy-id", ID), ("x-ms-copy-status", "pending")]);
const NONE_YET: (u16, Headers) = (
    200,
    &[
        ("x-ms-copy-id", ID),
        ("x-ms-copy-status", "pending"),
        ("x-ms-copy-progress", "0/100"),
    ],
);
const HALF: (u16, Headers) = (
    200,
    &[
        ("x-ms-copy-id", ID),
        ("x-ms-copy-status", "pending"),
        ("x-ms-copy-progress", "50/100"),
    ],
);
const DONE: (u16, Headers) = (
    200,
    &[
        ("x-ms-copy-id", ID),
        ("x-ms-copy-status", "success"),
        ("x-ms-copy-progress", "100/100"),
    ],
);

#[tokio::test(start_paused = true)]
async fn a_copy_is_asked_about_less_and_less_often_until_it_is_done() {
    let (blob, asked) = scripted(&[BEGUN, NONE_YET, HALF, HALF, HALF, DONE]);
    let copy = blob.copy_from("https://host/a").start().await.unwrap();
    assert_eq!(copy.id(), ID);
    assert_eq!(copy.started().unwrap().copy_status, CopyStatus::Pending);
    let polling = Polling::new(Duration::from_secs(1), Duration::from_secs(3));
    let copied = copy.polling(polling).wait().await.unwrap();
    assert_eq!(copied.copy_progress.as_deref(), Some("100/100"));
    assert_eq!(
        *asked.lock().unwrap(),
        [
            "PUT  0ns",
            "HEAD  0ns",
            "HEAD  1s",
            "HEAD  3s",
            "HEAD  6s",
            "HEAD  9s"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn progress_comes_as_a_stream() {
    let (blob, _) = scripted(&[NONE_YET, HALF, DONE]);
    let copy = blob.pending_copy(ID).unwrap();
    let steps: Vec<_> = copy.progress().try_collect().await.unwrap();
    let bytes: Vec<_> = steps.iter().map(|step| step.bytes_copied).collect();
    assert_eq!(bytes, [Some(0), Some(50), Some(100)]);
    let done: Vec<_> = steps.iter().map(|step| step.is_done()).collect();
    assert_eq!(done, [false, false, true]);
    assert!(steps.iter().all(|step| step.bytes_total == Some(100)));
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_came_to_nothing_is_an_error_that_says_why() {
    let rows: [(Headers, CopyFailure, &str); 4] = [
        (
            &[
                ("x-ms-copy-id", ID),
                ("x-ms-copy-status", "failed"),
                (
                    "x-ms-copy-status-description",
                    "404 BlobNotFound \"Copy failed.\"",
                ),
            ],
            failure_of("404 BlobNotFound \"Copy failed.\""),
            "box/a failed: 404 BlobNotFound",
        ),
        (
            &[("x-ms-copy-id", ID), ("x-ms-copy-status", "aborted")],
            CopyFailure::Aborted,
            "was aborted",
        ),
        (
            &[("x-ms-copy-id", "another"), ("x-ms-copy-status", "success")],
            replaced_by(Some("another")),
            "was replaced by the copy another",
        ),
        (&[], replaced_by(None), "was replaced by another write"),
    ];
    for (headers, expected, text) in rows {
        let (blob, _) = scripted(&[HALF, (200, headers)]);
        let error = blob.pending_copy(ID).unwrap().wait().await.unwrap_err();
        assert_eq!(CopyFailure::of(&error), Some(&expected));
        assert!(error.to_string().contains(text), "{error}");
        assert!(!error.is_retryable());
    }
}

// The variants may grow fields, so that only their crate makes them: these are read from where they come from.
fn failure_of(description: &str) -> CopyFailure {
    CopyFailure::Failed {
        description: Some(description.to_owned()),
    }
}

fn replaced_by(id: Option<&str>) -> CopyFailure {
    CopyFailure::Replaced {
        by: id.map(str::to_owned),
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_on_the_way_is_no_failure_of_the_copy() {
    let (blob, _) = scripted(&[(404, &[("x-ms-error-code", "BlobNotFound")]), DONE]);
    let copy = blob.pending_copy(ID).unwrap();
    let error = copy.wait().await.unwrap_err();
    assert_eq!(CopyFailure::of(&error), None);
    assert_eq!(error.code(), Some(&ErrorCode::BlobNotFound));
    assert!(copy.status().await.unwrap().is_done());
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_was_done_at_once_is_done_whatever_the_blob_tells_later() {
    let at_once: (u16, Headers) = (202, &[("x-ms-copy-id", ID), ("x-ms-copy-status", "success")]);
    let another: (u16, Headers) = (
        200,
        &[("x-ms-copy-id", "another"), ("x-ms-copy-status", "success")],
    );
    let (blob, _) = scripted(&[at_once, (200, &[]), (200, &[]), another]);
    let copy = blob.copy_from("https://host/a").start().await.unwrap();
    assert_eq!(copy.wait().await.unwrap().copy_id, None);
    assert!(copy.status().await.unwrap().is_done());
    let error = copy.wait().await.unwrap_err();
    assert_eq!(CopyFailure::of(&error), Some(&replaced_by(Some("another"))));
}

#[tokio::test(start_paused = true)]
async fn a_copy_whose_status_says_nothing_is_not_waited_for() {
    let rows: [Headers; 2] = [
        &[("x-ms-copy-id", ID)],
        &[("x-ms-copy-id", ID), ("x-ms-copy-status", "paused")],
    ];
    for headers in rows {
        let (blob, asked) = scripted(&[HALF, (200, headers)]);
        let error = blob.pending_copy(ID).unwrap().wait().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert_eq!(asked.lock().unwrap().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_copy_ends_with_its_deadline_too() {
    let (blob, asked) = scripted(&[HALF, HALF, DONE]);
    let polling = Polling::new(Duration::from_secs(60), Duration::from_secs(60));
    let copy = blob.pending_copy(ID).unwrap().polling(polling);
    let error = copy
        .clone()
        .deadline(Duration::from_secs(100))
        .wait()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(asked.lock().unwrap().len(), 2);
    copy.deadline(Duration::from_secs(100)).wait().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_asks_without_a_pause() {
    let (blob, asked) = scripted(&[HALF, HALF, DONE]);
    let polling = Polling::new(Duration::ZERO, Duration::ZERO);
    blob.pending_copy(ID)
        .unwrap()
        .polling(polling)
        .wait()
        .await
        .unwrap();
    assert_eq!(
        *asked.lock().unwrap(),
        ["HEAD  0ns", "HEAD  100ms", "HEAD  200ms"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_given_up() {
    let (blob, asked) = scripted(&[BEGUN, (204, &[])]);
    let copy = blob
        .copy_incremental("https://host/a?snapshot=s")
        .start()
        .await
        .unwrap();
    copy.abort().await.unwrap();
    assert_eq!(
        *asked.lock().unwrap(),
        [
            "PUT comp=incrementalcopy 0ns".to_owned(),
            format!("PUT comp=copy&copyid={ID} 0ns")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_version_is_promoted_by_a_copy_over_the_blob() {
    let (blob, asked) = scripted(&[(202, &[("x-ms-copy-id", ID), ("x-ms-copy-status", "success")])]);
    let done = blob.promote("2026-01-02T03:04:05.1234567Z").await.unwrap();
    assert_eq!(done.copy_status, CopyStatus::Success);
    assert_eq!(*asked.lock().unwrap(), ["PUT  0ns"]);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_passes_does_not_end_a_wait() {
    const AWAY: (u16, Headers) = (500, &[("x-ms-error-code", "InternalError")]);
    // Each question is one request.
    let builder = || {
        Transport::builder()
            .retry(RetryPolicy::never())
            .circuit_breaker(CircuitBreakerPolicy::never())
    };
    let questions = |answers: &[(u16, Headers)]| scripted_with(builder(), answers);
    let answers = [HALF, AWAY, AWAY, AWAY, AWAY, HALF, AWAY, DONE];
    let (blob, asked) = questions(&answers);
    let copied = blob.pending_copy(ID).unwrap().wait().await.unwrap();
    assert_eq!(copied.copy_progress.as_deref(), Some("100/100"));
    assert_eq!(asked.lock().unwrap().len(), answers.len());

    let (blob, asked) = questions(&[HALF, AWAY, AWAY, AWAY, AWAY, AWAY]);
    let error = blob.pending_copy(ID).unwrap().wait().await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InternalError));
    assert_eq!(asked.lock().unwrap().len(), 6);

    // Where nothing was ever answered, nobody waits to hear of it.
    let (blob, asked) = questions(&[AWAY]);
    blob.wait_until_rehydrated().await.unwrap_err();
    assert_eq!(asked.lock().unwrap().len(), 1);

    // Who asks for time gets it.
    let (blob, asked) = questions(&[
        HALF,
        (503, &[("x-ms-error-code", "ServerBusy"), ("retry-after", "90")]),
        DONE,
    ]);
    blob.pending_copy(ID).unwrap().wait().await.unwrap();
    assert_eq!(
        *asked.lock().unwrap(),
        ["HEAD  0ns", "HEAD  500ms", "HEAD  90.5s"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_goes_on_is_asked_of_the_primary_wherever_else_is_read() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        log.lock().unwrap().push(request.uri().path().to_owned());
        let answer = Response::builder()
            .header("etag", "\"0x1\"")
            .header("last-modified", "Sun, 20 Feb 2022 07:02:36 GMT")
            .header("content-length", "0")
            .header("x-ms-copy-id", ID)
            .header("x-ms-copy-status", "success");
        let answer = answer.body(ResponseBody::empty()).unwrap();
        async move { Ok::<_, Infallible>(answer) }
    });
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    let secondary = Endpoint::parse("http://127.0.0.1:10000/dev-secondary").unwrap();
    let transport = Transport::builder()
        .secondary(SecondaryHosts::none().pair(&endpoint, &secondary))
        .read_from(ReadFrom::Secondary)
        .build_on(service)
        .unwrap();
    let blob = BlobServiceClient::new(endpoint, transport)
        .container("box")
        .blob("a");
    blob.properties().await.unwrap();
    blob.pending_copy(ID).unwrap().wait().await.unwrap();
    blob.wait_until_rehydrated().await.unwrap();
    assert_eq!(
        *asked.lock().unwrap(),
        ["/dev-secondary/box/a", "/dev/box/a", "/dev/box/a"]
    );
}

const ARCHIVED: (u16, Headers) = (200, &[("x-ms-access-tier", "Archive")]);
const PENDING: (u16, Headers) = (
    200,
    &[
        ("x-ms-access-tier", "Archive"),
        ("x-ms-archive-status", "rehydrate-pending-to-hot"),
    ],
);
const HOT: (u16, Headers) = (200, &[("x-ms-access-tier", "Hot")]);

#[tokio::test(start_paused = true)]
async fn a_blob_is_waited_for_until_it_is_out_of_the_archive() {
    let (blob, asked) = scripted(&[(202, &[]), PENDING, PENDING, PENDING, HOT]);
    assert_eq!(blob.set_tier(AccessTier::Hot).await.unwrap(), TierSet::Pending);
    let there = blob.wait_until_rehydrated().version("v").await.unwrap();
    assert_eq!(there.access_tier, Some(AccessTier::Hot));
    assert_eq!(
        *asked.lock().unwrap(),
        [
            "PUT comp=tier 0ns",
            "HEAD versionid=v 0ns",
            "HEAD versionid=v 60s",
            "HEAD versionid=v 180s",
            "HEAD versionid=v 420s"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_its_deadline() {
    let (blob, asked) = scripted(&[PENDING, PENDING]);
    let wait = blob.wait_until_rehydrated().deadline(Duration::from_secs(100));
    let error = wait.await.unwrap_err();
    assert!(
        error.is_timeout() && error.kind() == ErrorKind::Timeout,
        "{error}"
    );
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_nothing_brings_back_is_not_waited_for() {
    let (blob, _) = scripted(&[ARCHIVED]);
    let error = blob.wait_until_rehydrated().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let (blob, asked) = scripted(&[]);
    let nowhere = blob.container().service().container("Box").blob("a");
    let error = nowhere.wait_until_rehydrated().await.unwrap_err();
    assert_eq!(
        (error.kind(), asked.lock().unwrap().len()),
        (ErrorKind::InvalidInput, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn the_states_on_the_way_come_as_a_stream() {
    let (blob, _) = scripted(&[PENDING, HOT]);
    let polling = Polling::new(Duration::from_secs(1), Duration::from_secs(1));
    let states: Vec<_> = blob
        .wait_until_rehydrated()
        .polling(polling)
        .states()
        .try_collect()
        .await
        .unwrap();
    let tiers: Vec<_> = states
        .iter()
        .map(|state| state.access_tier.clone().unwrap())
        .collect();
    assert_eq!(tiers, [AccessTier::Archive, AccessTier::Hot]);
}
