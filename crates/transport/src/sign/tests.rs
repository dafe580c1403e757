//! What is signed, when, and what happens when it cannot be.

use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::{ManualClock, SystemClock};
use lazuli_signing::{
    AccountKey, CLOCK_SKEW, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SasToken, SharedKey,
};
use time::macros::datetime;
use tower::{Layer as _, Service as _, ServiceExt as _};

use super::SignLayer;
use crate::testing::{Script, Step, get};
use crate::{ErrorKind, RetryLayer, RetryPolicy};

fn key() -> SharedKey {
    SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    )
}

#[tokio::test(start_paused = true)]
async fn every_try_has_a_fresh_date_and_signature() {
    let clock = Arc::new(ManualClock::at(datetime!(2026-01-02 03:04:05 UTC)));
    let script = Script::of([
        Step::Answer(503, &[("retry-after", "3")]),
        Step::Answer(500, &[("retry-after", "4")]),
    ]);
    let moving = Arc::clone(&clock);
    // The clock of the signatures goes on with the test's own, one second a request.
    let bottom = script.clone().map_request(move |request| {
        moving.advance(Duration::from_secs(1));
        request
    });
    let sign = SignLayer::new(key().into()).clock(Arc::<ManualClock>::clone(&clock));
    let service = RetryLayer::new(RetryPolicy::default()).layer(sign.layer(bottom));
    assert_eq!(service.oneshot(get()).await.unwrap().status(), 200);

    let seen = script.seen();
    let dates: Vec<_> = seen
        .iter()
        .map(|seen| seen.headers["x-ms-date"].to_str().unwrap())
        .collect();
    assert_eq!(
        dates,
        [
            "Fri, 02 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 2026 03:04:06 GMT",
            "Fri, 02 Jan 2026 03:04:07 GMT"
        ]
    );
    let mut signatures: Vec<_> = seen
        .iter()
        .map(|seen| seen.headers["authorization"].clone())
        .collect();
    signatures.dedup();
    assert_eq!(signatures.len(), 3);
    for seen in seen {
        let (mut parts, ()) = http::Request::get(seen.uri).body(()).unwrap().into_parts();
        parts.headers = seen.headers;
        key()
            .verify(&parts, datetime!(2026-01-02 03:04:06 UTC), CLOCK_SKEW)
            .unwrap();
    }
}

#[tokio::test]
async fn a_token_is_added_once_a_try_and_nothing_for_anonymous() {
    let token = SasToken::parse("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0").unwrap();
    for (credential, query) in [
        (
            Credential::Sas(token),
            Some("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0"),
        ),
        (Credential::Anonymous, None),
    ] {
        let script = Script::of([]);
        let mut service = SignLayer::new(credential)
            .clock(Arc::new(SystemClock))
            .layer(script.clone());
        for _ in 0..2 {
            service.ready().await.unwrap().call(get()).await.unwrap();
        }
        for seen in script.seen() {
            assert_eq!(seen.uri.query(), query);
            assert!(!seen.headers.contains_key("authorization"));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_signed_is_not_sent() {
    let script = Script::of([]);
    let mut request = get();
    // A value that no string-to-sign can hold.
    let opaque = http::HeaderValue::from_bytes(b"\xff").unwrap();
    request.headers_mut().insert("x-ms-meta-odd", opaque);
    let service = SignLayer::new(key().into()).layer(script.clone());
    let error = service.oneshot(request).await.unwrap_err();
    assert_eq!((error.kind(), script.seen().len()), (ErrorKind::Sign, 0));
    assert!(!error.is_retryable());
}
