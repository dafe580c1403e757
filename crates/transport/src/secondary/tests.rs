//! What goes to the secondary, what is done with its answer, and what is said of both.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use lazuli_protocol::{Body, Endpoint, ManualClock, OperationInfo, OperationKind, ResponseBody};
use lazuli_signing::{AccountKey, CLOCK_SKEW, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use time::macros::datetime;
use tokio::time::Instant;
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::testing::{Longest, Script, Step, Strict, URL, get, logged};
use crate::{
    Attempts, Deadline, DeadlineLayer, Error, ErrorKind, RetryLayer, RetryPolicy, SignLayer, TimeoutLayer,
};

const SECONDARY: &str = "https://example-secondary.blob.core.windows.net/box/blob";
const AWAY: Step = Step::Answer(503, &[]);
const MISSING: Step = Step::Answer(404, &[("x-ms-error-code", "BlobNotFound")]);

type Outcome = Result<Response<ResponseBody>, Error>;

fn urls(script: &Script) -> Vec<String> {
    script.seen().iter().map(|seen| seen.uri.to_string()).collect()
}

async fn run(steps: Vec<Step>, request: Request<Body>) -> (Vec<String>, Outcome) {
    let script = Script::of(steps);
    let service = SecondaryLayer::new(SecondaryHosts::azure()).layer(script.clone());
    let outcome = service.oneshot(request).await;
    (urls(&script), outcome)
}

async fn retried(steps: Vec<Step>) -> (Script, Outcome) {
    let script = Script::of(steps);
    let service = SecondaryLayer::default().layer(script.clone());
    let service = RetryLayer::new(RetryPolicy::default())
        .jitter(Arc::new(Longest))
        .layer(service);
    (script.clone(), service.oneshot(get()).await)
}

#[tokio::test(start_paused = true)]
async fn a_read_that_met_trouble_goes_to_the_secondary_at_once() {
    for step in [
        AWAY,
        Step::Answer(502, &[]),
        Step::Answer(500, &[("x-ms-error-code", "InternalError")]),
        Step::Answer(500, &[("x-ms-error-code", "OperationTimedOut")]),
        Step::Answer(408, &[]),
        Step::Fail(ErrorKind::Connect),
        Step::Fail(ErrorKind::Connection),
        Step::Fail(ErrorKind::Timeout),
        Step::Fail(ErrorKind::CircuitOpen),
    ] {
        let begun = Instant::now();
        let (urls, outcome) = run(vec![step.clone()], get()).await;
        let response = outcome.unwrap();
        assert_eq!(
            (urls, response.status().as_u16()),
            (vec![URL.to_owned(), SECONDARY.to_owned()], 200),
            "{step:?}"
        );
        assert_eq!(ServedBy::of(response.extensions()), ServedBy::Secondary);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn every_other_outcome_is_the_primarys() {
    for status in [200, 206, 304, 400, 401, 403, 404, 409, 412, 416, 429, 501] {
        let (urls, outcome) = run(vec![Step::Answer(status, &[])], get()).await;
        let response = outcome.unwrap();
        assert_eq!((urls.len(), response.status().as_u16()), (1, status));
        assert_eq!(ServedBy::of(response.extensions()), ServedBy::Primary);
    }
    let busy = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);
    let (urls, outcome) = run(vec![busy], get()).await;
    assert_eq!((urls.len(), outcome.unwrap().status().as_u16()), (1, 503));
    for kind in [
        ErrorKind::Sign,
        ErrorKind::Credential,
        ErrorKind::Tls,
        ErrorKind::InvalidInput,
    ] {
        let (urls, outcome) = run(vec![Step::Fail(kind)], get()).await;
        assert_eq!((urls.len(), outcome.unwrap_err().kind()), (1, kind));
    }
}

#[tokio::test(start_paused = true)]
async fn writes_never_go_there() {
    let once = OperationInfo::blob("Odd", OperationKind::LargeRead).sent_once();
    for read_from in [ReadFrom::PrimaryThenSecondary, ReadFrom::Secondary] {
        for method in [Method::PUT, Method::POST, Method::DELETE] {
            let info = OperationInfo::blob("SetTags", OperationKind::Write);
            let request = Request::builder()
                .method(method)
                .uri(URL)
                .extension(info)
                .extension(read_from);
            let (urls, outcome) = run(vec![AWAY], request.body(Body::empty()).unwrap()).await;
            assert_eq!(
                (urls, outcome.unwrap().status().as_u16()),
                (vec![URL.to_owned()], 503)
            );
        }
        let request = Request::get(URL).extension(once).extension(read_from);
        let (urls, _) = run(vec![AWAY], request.body(Body::empty()).unwrap()).await;
        assert_eq!(urls, [URL]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_url_without_a_secondary_keeps_its_failure() {
    for url in ["http://127.0.0.1:10000/devstoreaccount1/c", SECONDARY] {
        let request = Request::get(url).body(Body::empty()).unwrap();
        let (urls, outcome) = run(vec![AWAY], request).await;
        assert_eq!(
            (urls, outcome.unwrap().status().as_u16()),
            (vec![url.to_owned()], 503)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_is_the_same_but_for_its_host() {
    let script = Script::of([AWAY]);
    let service = SecondaryLayer::default().layer(script.clone());
    let request = Request::get(format!("{URL}?comp=blocklist&snapshot=1"))
        .header("x-ms-range", "bytes=5-9")
        .header("if-match", "\"0x1\"")
        .header("host", "example.blob.core.windows.net");
    service
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let [first, second] = <[_; 2]>::try_from(script.seen()).unwrap();
    assert_eq!(
        second.uri,
        format!("{SECONDARY}?comp=blocklist&snapshot=1").as_str()
    );
    assert_eq!(
        (second.method, first.headers.len(), second.headers.len()),
        (Method::GET, 3, 2)
    );
    assert_eq!(
        (&second.headers["x-ms-range"], &second.headers["if-match"]),
        (&first.headers["x-ms-range"], &first.headers["if-match"])
    );
}

#[tokio::test(start_paused = true)]
async fn what_has_not_changed_at_the_secondary_is_an_answer() {
    let (_, outcome) = run(vec![AWAY, Step::Answer(304, &[])], get()).await;
    let response = outcome.unwrap();
    assert_eq!(
        (response.status(), ServedBy::of(response.extensions())),
        (StatusCode::NOT_MODIFIED, ServedBy::Secondary)
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_secondary_refuses_is_not_asked_there_again() {
    for refusal in [
        MISSING,
        Step::Answer(412, &[]),
        Step::Answer(416, &[]),
        Step::Answer(403, &[]),
    ] {
        for trouble in [AWAY, Step::Fail(ErrorKind::Connection)] {
            let steps = vec![trouble.clone(), refusal.clone(), trouble.clone()];
            let (script, outcome) = retried(steps).await;
            let response = outcome.unwrap();
            assert_eq!(urls(&script), [URL, SECONDARY, URL, URL], "{refusal:?}");
            assert_eq!(
                (response.status().as_u16(), ServedBy::of(response.extensions())),
                (200, ServedBy::Primary)
            );
            assert_eq!(response.extensions().get(), Some(&Attempts(3)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_secondary_refused_is_said_after_later_tries_too() {
    let failed = Step::Fail(ErrorKind::Connection);
    let (script, outcome) = retried(vec![failed.clone(), MISSING, failed.clone(), failed]).await;
    assert_eq!(urls(&script), [URL, SECONDARY, URL, URL]);
    let message = "the script says so; the secondary was asked too: 404 BlobNotFound (after 3 tries)";
    assert_eq!(outcome.unwrap_err().to_string(), message);
}

#[tokio::test(start_paused = true)]
async fn going_to_the_secondary_is_a_warning() {
    let ((_, outcome), lines) = logged(run(vec![AWAY], get())).await;
    assert!(outcome.is_ok());
    assert_eq!(lines.len(), 1, "{lines:?}");
    for part in ["WARN", "503", "host=\"example-secondary.blob.core.windows.net\""] {
        assert!(lines[0].contains(part), "{lines:?}");
    }
    let (_, lines) = logged(run(vec![AWAY, MISSING], get())).await;
    assert!(
        lines[1].contains("WARN") && lines[1].contains("404 BlobNotFound"),
        "{lines:?}"
    );
    let (_, lines) = logged(run(vec![], get())).await;
    assert!(lines.is_empty(), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn trouble_at_the_secondary_may_be_over_at_the_next_try() {
    for at_secondary in [AWAY, Step::Answer(429, &[]), Step::Fail(ErrorKind::Connect)] {
        let (script, outcome) = retried(vec![AWAY, at_secondary, AWAY]).await;
        let response = outcome.unwrap();
        assert_eq!(urls(&script), [URL, SECONDARY, URL, SECONDARY]);
        assert_eq!(ServedBy::of(response.extensions()), ServedBy::Secondary);
        assert_eq!(response.extensions().get(), Some(&Attempts(2)));
        // The wait is the one that the primary's trouble asks for.
        assert_eq!(
            script.waits().iter().map(Duration::as_millis).collect::<Vec<_>>(),
            [0, 2000, 0]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn another_call_asks_the_secondary_again() {
    let script = Script::of([AWAY, MISSING, Step::Answer(200, &[]), AWAY]);
    let service =
        RetryLayer::new(RetryPolicy::default()).layer(SecondaryLayer::default().layer(script.clone()));
    service.clone().oneshot(get()).await.unwrap();
    service.oneshot(get()).await.unwrap();
    assert_eq!(urls(&script), [URL, SECONDARY, URL, URL, SECONDARY]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_what_came_of_both() {
    let failed = Step::Fail(ErrorKind::Connection);
    for (at_secondary, said) in [
        (MISSING, "404 BlobNotFound"),
        (AWAY, "503 no error code"),
        (Step::Fail(ErrorKind::Connect), "the script says so"),
    ] {
        let (_, outcome) = run(vec![failed.clone(), at_secondary.clone()], get()).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert_eq!(
            error.to_string(),
            format!("the script says so; the secondary was asked too: {said}")
        );

        let (_, outcome) = run(vec![AWAY, at_secondary], get()).await;
        let (parts, _) = outcome.unwrap().into_parts();
        assert_eq!(
            (parts.status.as_u16(), ServedBy::of(&parts.extensions)),
            (503, ServedBy::Primary)
        );
        let head = crate::error::AnswerHead::of(&parts);
        let error = Error::new(ErrorKind::Service, "it is away").answered(&head);
        assert_eq!(
            error.to_string(),
            format!("it is away; the secondary was asked too: {said}")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_may_say_where_it_goes() {
    let from = |read_from: ReadFrom| {
        Request::get(URL)
            .extension(read_from)
            .body(Body::empty())
            .unwrap()
    };
    let (urls, outcome) = run(vec![AWAY], from(ReadFrom::Primary)).await;
    assert_eq!(
        (urls, outcome.unwrap().status().as_u16()),
        (vec![URL.to_owned()], 503)
    );

    for step in [Step::Answer(200, &[]), MISSING, AWAY] {
        let (urls, outcome) = run(vec![step], from(ReadFrom::Secondary)).await;
        assert_eq!(urls, [SECONDARY]);
        assert_eq!(ServedBy::of(outcome.unwrap().extensions()), ServedBy::Secondary);
    }

    let at_secondary = Request::get(SECONDARY).extension(ReadFrom::Secondary);
    let (urls, outcome) = run(vec![], at_secondary.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (urls, ServedBy::of(outcome.unwrap().extensions())),
        (vec![SECONDARY.to_owned()], ServedBy::Secondary)
    );

    let nowhere = Request::get("https://files.example.org/c").extension(ReadFrom::Secondary);
    let (urls, outcome) = run(vec![], nowhere.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (urls.len(), outcome.unwrap_err().kind()),
        (0, ErrorKind::InvalidInput)
    );
}

#[tokio::test(start_paused = true)]
async fn the_layer_may_say_where_reads_go_that_do_not() {
    for (read_from, asked, expected) in [
        (ReadFrom::Primary, None, URL),
        (ReadFrom::Secondary, None, SECONDARY),
        (ReadFrom::Secondary, Some(ReadFrom::Primary), URL),
    ] {
        let script = Script::of([AWAY]);
        let service = SecondaryLayer::default()
            .read_from(read_from)
            .layer(script.clone());
        let mut request = get();
        if let Some(asked) = asked {
            request.extensions_mut().insert(asked);
        }
        service.oneshot(request).await.unwrap();
        assert_eq!(urls(&script), [expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_hangs_is_left_when_a_tries_time_is_up() {
    let script = Script::of([Step::Hang]);
    let inner = TimeoutLayer::default().layer(script.clone());
    let service = SecondaryLayer::default().layer(Strict::over(inner));
    let response = service.oneshot(get()).await.unwrap();
    assert_eq!(ServedBy::of(response.extensions()), ServedBy::Secondary);
    assert_eq!(script.waits(), [Duration::from_secs(15)]);
}

#[tokio::test(start_paused = true)]
async fn the_secondary_is_not_asked_when_no_time_is_left() {
    for (seconds, asked) in [(15, 1), (16, 2)] {
        let script = Script::of([Step::Hang]);
        let inner = TimeoutLayer::default().layer(script.clone());
        let service = DeadlineLayer::default().layer(SecondaryLayer::default().layer(inner));
        let mut request = get();
        request
            .extensions_mut()
            .insert(Deadline(Duration::from_secs(seconds)));
        let (outcome, lines) = logged(service.oneshot(request)).await;
        assert_eq!((script.seen().len(), outcome.is_ok()), (asked, asked == 2));
        assert_eq!(lines.len(), asked - 1, "{lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn both_urls_are_signed_for_the_same_account() {
    let now = datetime!(2026-01-02 03:04:05 UTC);
    let key = || {
        SharedKey::new(
            EMULATOR_ACCOUNT.parse().unwrap(),
            AccountKey::from_base64(EMULATOR_KEY).unwrap(),
        )
    };
    let endpoint = |url: &str| Endpoint::parse(url).unwrap();
    let hosts = SecondaryHosts::azure().pair(
        &endpoint("http://127.0.0.1:10000/devstoreaccount1"),
        &endpoint("http://127.0.0.1:10000/devstoreaccount1-secondary"),
    );
    // The path that is signed, as the service of either place reads it.
    for (url, secondary, signed) in [
        (
            "https://devstoreaccount1.blob.core.windows.net/box/blob?comp=tags",
            "https://devstoreaccount1-secondary.blob.core.windows.net/box/blob?comp=tags",
            "https://devstoreaccount1.blob.core.windows.net/box/blob?comp=tags",
        ),
        (
            "http://127.0.0.1:10000/devstoreaccount1/box/blob",
            "http://127.0.0.1:10000/devstoreaccount1-secondary/box/blob",
            "http://127.0.0.1:10000/devstoreaccount1/box/blob",
        ),
    ] {
        let script = Script::of([AWAY]);
        let sign = SignLayer::new(key().into()).clock(Arc::new(ManualClock::at(now)));
        let service = SecondaryLayer::new(hosts.clone()).layer(sign.layer(script.clone()));
        let request = Request::get(url).body(Body::empty()).unwrap();
        assert_eq!(service.oneshot(request).await.unwrap().status(), 200);
        let seen = script.seen();
        assert_eq!(urls(&script), [url, secondary]);
        // The account's own name is in the signature, so that it is the primary's, and the secondary takes it.
        assert_eq!(seen[0].headers["authorization"], seen[1].headers["authorization"]);
        for url in [secondary, signed] {
            let (mut parts, ()) = Request::get(url).body(()).unwrap().into_parts();
            parts.headers = seen[1].headers.clone();
            key().verify(&parts, now, CLOCK_SKEW).unwrap();
        }
    }
}
