//! The request for the rest, and what may answer it.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;
use tower::service_fn;

use super::*;
use crate::{Deadline, DeadlineLayer, Deadlines};

#[tokio::test(start_paused = true)]
async fn the_rest_is_asked_for_by_the_same_request_but_for_the_range() {
    let mut request = get();
    let headers = request.headers_mut();
    for (name, value) in [
        ("x-ms-client-request-id", "mine"),
        ("x-ms-version", "2021-12-02"),
        ("x-ms-lease-id", "lease"),
        ("x-ms-encryption-key", "key"),
        ("x-ms-range", "bytes=0-9"),
        ("x-ms-range-get-content-md5", "true"),
        ("x-ms-range-get-content-crc64", "true"),
        ("x-ms-structured-body", "XSM/1.0; properties=crc64"),
        ("if-none-match", "\"0\""),
        ("if-match", "*"),
        ("if-modified-since", "Fri, 27 Jan 2023 22:27:27 GMT"),
        ("if-unmodified-since", "Fri, 27 Jan 2043 22:27:27 GMT"),
        ("x-ms-if-tags", "\"a\" = 'b'"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    let first = Step::Stream(206, head(0, 9), vec![data("0123"), Piece::Break]);
    let (script, text, outcome) = run(
        ResumePolicy::default(),
        vec![first, rest(4, vec![data("456789")])],
        request.clone(),
    )
    .await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
    let seen = script.seen();
    assert_eq!(&seen[0].headers, request.headers(), "the first is as it was");
    assert_eq!((&seen[1].method, &seen[1].uri), (request.method(), request.uri()));
    let mut sent: Vec<_> = seen[1]
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    sent.sort_unstable();
    assert_eq!(
        sent,
        [
            ("if-match", "\"1\""),
            ("x-ms-client-request-id", "mine"),
            ("x-ms-encryption-key", "key"),
            ("x-ms-lease-id", "lease"),
            ("x-ms-range", "bytes=4-9"),
            ("x-ms-version", "2021-12-02"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_range_stands_where_it_stood() {
    for (asked, expected) in [
        (&[] as &[_], "x-ms-range"),
        (&["x-ms-range"], "x-ms-range"),
        (&["range"], "range"),
        (&["range", "x-ms-range"], "x-ms-range"),
    ] {
        let mut request = get();
        for name in asked {
            request.headers_mut().insert(*name, "bytes=0-".parse().unwrap());
        }
        let steps = vec![
            whole(vec![data("0123"), Piece::Break]),
            rest(4, vec![data("456789")]),
        ];
        let (script, _, outcome) = run(ResumePolicy::default(), steps, request).await;
        outcome.unwrap();
        let headers = script.seen().remove(1).headers;
        assert_eq!(headers[expected], "bytes=4-9");
        assert_eq!(headers.contains_key("range"), expected == "range");
        assert_eq!(headers.contains_key("x-ms-range"), expected == "x-ms-range");
    }
}

#[tokio::test(start_paused = true)]
async fn a_blob_that_was_changed_is_not_gone_on_with() {
    let theirs = |headers| with(headers, "x-ms-request-id", "theirs");
    let code = ("x-ms-error-code", "ConditionNotMet".to_owned());
    for (status, headers) in [
        (412, theirs(vec![code])),
        (412, theirs(vec![])),
        // A service that does not heed `If-Match`, and one with which the size is another as well.
        (206, theirs(with(head(4, 9), "etag", "\"2\""))),
        (206, theirs(with(head(4, 9), "etag", "W/\"1\""))),
        (
            206,
            theirs(with(
                with(head(4, 9), "etag", "\"2\""),
                "content-range",
                "bytes 4-9/11",
            )),
        ),
    ] {
        let shown = format!("{status} {headers:?}");
        let changed = Step::Stream(status, headers, vec![data("456789")]);
        let steps = vec![whole(vec![data("0123"), Piece::Break]), changed];
        let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        let error = own(&error);
        assert_eq!((text.as_str(), script.seen().len()), ("0123", 2), "{shown}");
        assert_eq!(error.kind(), ErrorKind::Body, "{shown}");
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.request_id(), Some("theirs"));
        assert!(is_reset(error));
        assert_eq!(
            error.to_string(),
            "the download failed at byte 4, after 1 resumption: the blob was changed while it was read; read it again from its start"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_the_end_and_the_break_its_cause() {
    for (status, code) in [
        (403, "AuthenticationFailed"),
        (404, "BlobNotFound"),
        (409, "LeaseAlreadyPresent"),
        (412, "LeaseIdMissing"),
        (412, "LeaseNotPresentWithBlobOperation"),
        (416, "InvalidRange"),
        (500, "FeatureNotSupported"),
    ] {
        let refusal = Step::Stream(status, vec![("x-ms-error-code", code.to_owned())], vec![]);
        let steps = vec![whole(vec![data("0123"), Piece::Break]), refusal];
        let (script, _, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        let error = own(&error);
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::Service, status)
        );
        assert!(is_reset(error), "{error:?}");
        assert!(
            error.to_string().contains(&format!("{status} ({code})")),
            "{error}"
        );
        assert_eq!(script.seen().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_in_trouble_is_asked_again_as_it_says() {
    let millis = Duration::from_millis;
    let steps = vec![
        whole(vec![data("0123"), Piece::Break]),
        Step::Answer(503, &[("retry-after", "2")]),
        Step::Answer(429, &[("x-ms-retry-after-ms", "80")]),
        rest(4, vec![data("45"), Piece::Break]),
        Step::Answer(500, &[]),
        Step::Answer(502, &[("retry-after", "120")]),
        rest(6, vec![data("6789")]),
    ];
    let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
    // What is asked for and a quarter more, and the policy's own wait where that is longer.
    assert_eq!(script.waits(), [0, 2500, 1000, 0, 500, 150_000].map(millis));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stays_in_trouble_is_the_end() {
    for (status, headers, asked) in [
        (
            503,
            &[("retry-after", "2"), ("x-ms-error-code", "ServerBusy")] as &[_],
            4,
        ),
        (504, &[], 4),
        (408, &[], 4),
        // Longer than anybody would wait.
        (503, &[("retry-after", "301")], 2),
    ] {
        let mut steps = vec![Step::Answer(status, headers); 3];
        steps.insert(0, whole(vec![data("0123"), Piece::Break]));
        let (script, _, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        let error = own(&error);
        assert_eq!(error.kind(), ErrorKind::Service);
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.retry_after().is_some(), !headers.is_empty());
        assert!(is_reset(error) && error.is_retryable(), "{error:?}");
        assert_eq!(script.seen().len(), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn only_exactly_the_rest_is_taken_for_it() {
    let right = || head(4, 9);
    for (status, headers) in [
        (200, right()),
        (200, with(head(0, 9), "content-range", "")),
        (204, right()),
        (206, with(right(), "content-range", "")),
        (206, with(right(), "content-range", "bytes 3-9/10")),
        (206, with(right(), "content-range", "bytes 5-9/10")),
        (206, with(right(), "content-range", "bytes 4-8/10")),
        (206, with(right(), "content-range", "bytes 4-9/11")),
        (206, with(right(), "content-range", "bytes 4-9/*")),
        (206, with(right(), "content-length", "5")),
        (206, with(right(), "content-length", "six")),
        (206, with(right(), "etag", "")),
        (
            206,
            with(right(), "x-ms-structured-body", "XSM/1.0; properties=crc64"),
        ),
    ] {
        let shown = format!("{status} {headers:?}");
        let steps = vec![
            whole(vec![data("0123"), Piece::Break]),
            Step::Stream(status, headers, vec![data("456789")]),
        ];
        let (_, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        assert_eq!(
            (text.as_str(), own(&error).kind()),
            ("0123", ErrorKind::InvalidResponse),
            "{shown}"
        );
        assert!(is_reset(own(&error)), "{shown}");
    }
    // A length is not needed.
    let steps = vec![
        whole(vec![data("0123"), Piece::Break]),
        Step::Stream(206, with(right(), "content-length", ""), vec![data("456789")]),
    ];
    let (_, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
}

#[tokio::test(start_paused = true)]
async fn the_rest_has_a_deadline_of_its_own() {
    let script = Script::of([
        whole(vec![
            data("0123"),
            Piece::After(Duration::from_secs(60)),
            Piece::Break,
        ]),
        rest(4, vec![data("456789")]),
    ]);
    let mut request = get();
    request.extensions_mut().insert(Deadline(Duration::from_secs(10)));
    // Below, as by default, and above, where its time is over when the body breaks.
    let below = DeadlineLayer::new(Deadlines::default()).layer(script.clone());
    let response = answer(below, ResumePolicy::default(), request.clone()).await;
    assert_eq!(read(response.into_body()).await.0, "0123456789");

    let script = Script::of([
        whole(vec![
            data("0123"),
            Piece::After(Duration::from_secs(60)),
            Piece::Break,
        ]),
        rest(4, vec![data("456789")]),
    ]);
    let expires = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&expires);
    let spy = service_fn(move |request: Request<Body>| {
        seen.lock()
            .unwrap()
            .push(request.extensions().get::<crate::deadline::Expires>().is_some());
        script.clone().oneshot(request)
    });
    let above = DeadlineLayer::new(Deadlines::default()).layer(layer(ResumePolicy::default()).layer(spy));
    let response = above.oneshot(request).await.unwrap();
    assert_eq!(read(response.into_body()).await.0, "0123456789");
    assert_eq!(*expires.lock().unwrap(), [true, false]);
}

#[tokio::test(start_paused = true)]
async fn a_rest_without_an_answer_ends_with_its_deadline() {
    let script = Script::of([
        whole(vec![data("0123"), Piece::Break]),
        Step::Hang,
        rest(4, vec![data("456789")]),
    ]);
    let mut request = get();
    request.extensions_mut().insert(Deadline(Duration::from_secs(10)));
    let service = DeadlineLayer::new(Deadlines::default()).layer(script.clone());
    let begun = Instant::now();
    let response = answer(service, ResumePolicy::default(), request).await;
    assert_eq!(read(response.into_body()).await.0, "0123456789");
    // The deadline, and the wait after what brought nothing.
    assert_eq!(begun.elapsed(), Duration::from_millis(10_500));
    assert_eq!(script.seen().len(), 3);
}
