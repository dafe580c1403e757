//! What is signed, when, and what happens when it cannot be.

mod skewed;

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
use crate::{
    CredentialFuture, CredentialSource, ErrorKind, Issued, Renewing, RetryLayer, RetryPolicy, Rotating,
    issuer_fn,
};

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

/// A source of tokens, numbered from 1, that are good for an hour by a clock that stands still.
fn tokens(clock: &Arc<ManualClock>) -> Renewing {
    let number = std::sync::atomic::AtomicU32::new(1);
    let expires = datetime!(2026-01-02 04:04:05 UTC);
    let issuer = issuer_fn(move |_| {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move {
            Ok(Issued::new(
                SasToken::parse(&format!("sv=1&sig={number}"))?,
                expires,
            ))
        }
    });
    Renewing::new(issuer).clock(Arc::<ManualClock>::clone(clock))
}

fn queries(script: &Script) -> Vec<String> {
    let seen = script.seen();
    seen.iter()
        .map(|seen| seen.uri.query().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn what_is_refused_is_sent_once_more_with_a_fresh_credential() {
    let clock = Arc::new(ManualClock::at(datetime!(2026-01-02 03:04:05 UTC)));
    let expired: &[_] = &[("x-ms-error-code", "AuthenticationFailed")];
    let script = Script::of([
        Step::Answer(200, &[]),
        Step::Answer(403, expired),
        Step::Answer(200, &[]),
        Step::Answer(403, expired),
        Step::Answer(403, expired),
    ]);
    let mut service = SignLayer::from_source(tokens(&clock)).layer(script.clone());
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let answer = service.ready().await.unwrap().call(get()).await.unwrap();
        statuses.push(answer.status().as_u16());
        clock.advance(Duration::from_secs(60));
    }
    assert_eq!(
        statuses,
        [200, 200, 403],
        "the third is refused with a fresh one too, and that is the end of it"
    );
    assert_eq!(
        queries(&script),
        [
            "sv=1&sig=1",
            "sv=1&sig=1",
            "sv=1&sig=2",
            "sv=1&sig=2",
            "sv=1&sig=3"
        ],
        "the old token is not left beside the new one"
    );
}

#[tokio::test]
async fn a_missing_permission_is_no_reason_for_another_credential() {
    let clock = Arc::new(ManualClock::at(datetime!(2026-01-02 03:04:05 UTC)));
    let script = Script::of([
        Step::Answer(200, &[]),
        Step::Answer(403, &[("x-ms-error-code", "AuthorizationPermissionMismatch")]),
    ]);
    let mut service = SignLayer::from_source(tokens(&clock)).layer(script.clone());
    service.ready().await.unwrap().call(get()).await.unwrap();
    clock.advance(Duration::from_secs(60));
    let answer = service.ready().await.unwrap().call(get()).await.unwrap();
    assert_eq!((answer.status().as_u16(), script.seen().len()), (403, 2));
}

#[tokio::test]
async fn a_body_that_cannot_start_again_is_not_sent_twice() {
    let clock = Arc::new(ManualClock::at(datetime!(2026-01-02 03:04:05 UTC)));
    let script = Script::of([Step::Answer(200, &[]), Step::Answer(401, &[])]);
    let mut service = SignLayer::from_source(tokens(&clock)).layer(script.clone());
    service.ready().await.unwrap().call(get()).await.unwrap();
    clock.advance(Duration::from_secs(60));
    let once = lazuli_protocol::Body::once(0, Box::pin(futures_util::stream::empty()));
    let request = get().map(|_| once);
    let answer = service.ready().await.unwrap().call(request).await.unwrap();
    assert_eq!((answer.status().as_u16(), script.seen().len()), (401, 2));
    // But the next one has a fresh credential.
    service.ready().await.unwrap().call(get()).await.unwrap();
    assert_eq!(queries(&script), ["sv=1&sig=1", "sv=1&sig=1", "sv=1&sig=2"]);
}

#[tokio::test]
async fn a_key_that_was_replaced_is_used_at_once() {
    let other = SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64("c2Vjb25k").unwrap(),
    );
    let current = Rotating::new(key());
    let replacing = current.clone();
    let script = Script::of([Step::Answer(403, &[("x-ms-error-code", "AuthenticationFailed")])]);
    // Somebody rotates the key while the first try is under way.
    let late = other.clone();
    let bottom = script.clone().map_request(move |request| {
        replacing.replace(late.clone());
        request
    });
    let service = SignLayer::from_source(current).layer(bottom);
    assert_eq!(service.oneshot(get()).await.unwrap().status(), 200);
    let seen = script.seen();
    assert_eq!(seen.len(), 2);
    for (seen, key) in seen.into_iter().zip([key(), other]) {
        let (mut parts, ()) = http::Request::get(seen.uri).body(()).unwrap().into_parts();
        parts.headers = seen.headers;
        key.verify(&parts, lazuli_protocol::Clock::now(&SystemClock), CLOCK_SKEW)
            .unwrap();
    }
}

#[tokio::test]
async fn a_source_that_fails_sends_nothing_and_says_why() {
    #[derive(Debug)]
    struct Empty;
    impl CredentialSource for Empty {
        fn credential(&self) -> CredentialFuture<'_> {
            Box::pin(std::future::ready(Err("the vault is sealed".into())))
        }
    }
    let script = Script::of([]);
    let error = SignLayer::from_source(Empty)
        .layer(script.clone())
        .oneshot(get())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), script.seen().len()), (ErrorKind::Credential, 0));
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the vault is sealed"
    );
    assert!(!error.is_retryable());
}
