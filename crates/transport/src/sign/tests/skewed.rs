//! Clocks that are not the service's.

use http::{Request, Response};
use lazuli_protocol::{Body, Clock as _, ResponseBody, format_rfc1123};
use time::OffsetDateTime;

use super::*;
use crate::Error;

const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(NOW))
}

fn layer(clock: &Arc<ManualClock>) -> SignLayer {
    SignLayer::new(key().into()).clock(Arc::<ManualClock>::clone(clock))
}

/// Refuses a signature, and tells the time.
fn refused(date: &str) -> Step {
    let headers = vec![
        ("x-ms-error-code", "AuthenticationFailed".to_owned()),
        ("date", date.to_owned()),
    ];
    Step::Stream(403, headers, vec![])
}

fn refused_at(at: OffsetDateTime) -> Step {
    refused(&format_rfc1123(at))
}

fn dates(script: &Script) -> Vec<String> {
    let seen = script.seen();
    let date = |headers: &http::HeaderMap| headers["x-ms-date"].to_str().unwrap().to_owned();
    seen.iter().map(|seen| date(&seen.headers)).collect()
}

/// A service with a clock, which checks signatures as the real one does.
#[derive(Clone, Debug)]
struct Strict {
    clock: Arc<ManualClock>,
    calls: Arc<std::sync::atomic::AtomicU32>,
}

impl Strict {
    fn at(now: OffsetDateTime) -> Self {
        Self {
            clock: Arc::new(ManualClock::at(now)),
            calls: Arc::default(),
        }
    }

    fn answer(&self, request: Request<Body>) -> Response<ResponseBody> {
        self.calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let now = self.clock.now();
        let (parts, _) = request.into_parts();
        let answer = Response::builder().header("date", format_rfc1123(now));
        let answer = match key().verify(&parts, now, CLOCK_SKEW) {
            Ok(_) => answer,
            Err(_) => answer
                .status(403)
                .header("x-ms-error-code", "AuthenticationFailed"),
        };
        answer.body(ResponseBody::empty()).unwrap()
    }

    /// The status that a request gets, and how often it was sent.
    async fn ask(&self, layer: &SignLayer) -> (u16, u32) {
        let before = self.calls.load(std::sync::atomic::Ordering::Relaxed);
        let this = self.clone();
        let service = layer.layer(tower::service_fn(move |request| {
            std::future::ready(Ok::<_, Error>(this.answer(request)))
        }));
        let answer = service.oneshot(get()).await.unwrap();
        let after = self.calls.load(std::sync::atomic::Ordering::Relaxed);
        (answer.status().as_u16(), after - before)
    }
}

#[tokio::test]
async fn a_wrong_clock_costs_one_try_and_is_known_from_then_on() {
    for apart in [-86_400, -3600, 3600, 86_400] {
        let ours = clock();
        let layer = layer(&ours);
        let service = Strict::at(NOW + time::Duration::seconds(apart));
        assert_eq!(service.ask(&layer).await, (200, 2), "{apart}");
        assert_eq!(service.ask(&layer).await, (200, 1), "{apart}");
        assert_eq!(service.ask(&layer.clone()).await, (200, 1), "clones know it too");
        // Both go on.
        ours.advance(Duration::from_secs(40_000));
        service.clock.advance(Duration::from_secs(40_000));
        assert_eq!(service.ask(&layer).await, (200, 1), "{apart}");
    }
}

#[tokio::test]
async fn a_clock_that_is_mended_or_broken_again_is_noticed() {
    let ours = clock();
    let layer = layer(&ours);
    let service = Strict::at(NOW + time::Duration::hours(1));
    assert_eq!(service.ask(&layer).await, (200, 2));
    ours.set(service.clock.now());
    assert_eq!(service.ask(&layer).await, (200, 2), "it is an hour ahead now");
    assert_eq!(service.ask(&layer).await, (200, 1));
    ours.set(NOW);
    assert_eq!(service.ask(&layer).await, (200, 2));
    ours.set(NOW + time::Duration::hours(5));
    assert_eq!(service.ask(&layer).await, (200, 2));
    assert_eq!(service.ask(&layer).await, (200, 1));
}

#[tokio::test]
async fn a_small_offset_is_forgotten_though_nobody_refuses_it() {
    let ours = clock();
    let layer = layer(&ours);
    let script = Script::of([
        refused_at(NOW + time::Duration::minutes(5)),
        Step::Answer(200, &[]),
        Step::Answer(200, &[("date", "Fri, 02 Jan 2026 03:09:07 GMT")]),
    ]);
    layer.layer(script.clone()).oneshot(get()).await.unwrap();
    ours.set(NOW + time::Duration::minutes(5));
    for _ in 0..2 {
        layer.layer(script.clone()).oneshot(get()).await.unwrap();
    }
    assert_eq!(
        dates(&script),
        [
            "Fri, 02 Jan 2026 03:04:05 GMT",
            "Fri, 02 Jan 2026 03:09:05 GMT",
            "Fri, 02 Jan 2026 03:14:05 GMT",
            "Fri, 02 Jan 2026 03:09:05 GMT",
        ]
    );
}

#[tokio::test]
async fn dates_that_tell_nothing_change_nothing() {
    for date in [
        "",
        "yesterday",
        "Fri, 02 Jan 2026 03:04:59 GMT",
        "Sat, 02 Jan 2027 03:04:05 GMT",
        "Sat, 01 Jan 0000 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 02 Jan 999999999999 03:04:05 GMT",
    ] {
        let script = Script::of([refused(date)]);
        let layer = layer(&clock());
        let answer = layer.layer(script.clone()).oneshot(get()).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), script.seen().len()),
            (403, 1),
            "{date}"
        );
        layer.layer(script.clone()).oneshot(get()).await.unwrap();
        assert_eq!(dates(&script)[1], "Fri, 02 Jan 2026 03:04:05 GMT", "{date}");
    }
    let missing = Step::Answer(403, &[("x-ms-error-code", "AuthenticationFailed")]);
    let script = Script::of([missing]);
    let answer = layer(&clock()).layer(script.clone()).oneshot(get()).await;
    assert_eq!((answer.unwrap().status().as_u16(), script.seen().len()), (403, 1));
}

#[tokio::test]
async fn there_is_one_more_try_and_no_third() {
    let date = refused_at(NOW + time::Duration::hours(1));
    let script = Script::of([date.clone(), date.clone(), date]);
    let layer = layer(&clock());
    let answer = layer.layer(script.clone()).oneshot(get()).await.unwrap();
    assert_eq!((answer.status().as_u16(), script.seen().len()), (403, 2));
    // The date is not the reason, as it turns out, so there is no other try for it.
    layer.layer(script.clone()).oneshot(get()).await.unwrap();
    assert_eq!(script.seen().len(), 3);
}

#[tokio::test]
async fn other_refusals_and_other_credentials_tell_nothing_of_the_clock() {
    let late = ("date", "Fri, 02 Jan 2026 05:04:05 GMT".to_owned());
    let code = |code: &str| ("x-ms-error-code", code.to_owned());
    let mismatch = Step::Stream(
        403,
        vec![code("AuthorizationPermissionMismatch"), late.clone()],
        vec![],
    );
    let missing = Step::Stream(404, vec![code("BlobNotFound"), late], vec![]);
    for step in [mismatch, missing] {
        let script = Script::of([step]);
        layer(&clock())
            .layer(script.clone())
            .oneshot(get())
            .await
            .unwrap();
        assert_eq!(script.seen().len(), 1);
    }
    let token = SasToken::parse("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0").unwrap();
    let script = Script::of([refused_at(NOW + time::Duration::hours(2))]);
    let sas = SignLayer::new(token.into()).clock(clock());
    sas.layer(script.clone()).oneshot(get()).await.unwrap();
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test]
async fn a_body_that_cannot_start_again_teaches_the_next_request() {
    let service = Strict::at(NOW + time::Duration::hours(1));
    let layer = layer(&clock());
    let once = Body::once(0, Box::pin(futures_util::stream::empty()));
    let this = service.clone();
    let signed = layer.layer(tower::service_fn(move |request| {
        std::future::ready(Ok::<_, Error>(this.answer(request)))
    }));
    let answer = signed.oneshot(get().map(|_| once)).await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(service.ask(&layer).await, (200, 1));
}

/// Counts how often it is asked for another credential, and has one.
#[derive(Debug, Default)]
struct Asked(std::sync::atomic::AtomicU32);

fn shared(key: &str) -> Arc<Credential> {
    let key = AccountKey::from_base64(key).unwrap();
    Arc::new(SharedKey::new(EMULATOR_ACCOUNT.parse().unwrap(), key).into())
}

impl CredentialSource for Asked {
    fn credential(&self) -> CredentialFuture<'_> {
        Box::pin(std::future::ready(Ok(shared("c2Vjb25k"))))
    }

    fn renews(&self) -> bool {
        true
    }

    fn renew<'a>(&'a self, _: &'a crate::Refused) -> crate::RenewFuture<'a> {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Box::pin(std::future::ready(Ok(Some(shared(EMULATOR_KEY)))))
    }
}

#[tokio::test]
async fn the_other_try_has_the_right_time_and_another_key_when_either_may_be_wrong() {
    for (minutes, asked, status) in [(0, 1, 200), (10, 1, 200), (16, 0, 403)] {
        let service = Strict::at(NOW + time::Duration::minutes(minutes));
        let source = Arc::new(Asked::default());
        let layer = SignLayer::from_source(Arc::clone(&source)).clock(clock());
        assert_eq!(service.ask(&layer).await, (status, 2), "{minutes}");
        let count = source.0.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!(count, asked, "{minutes}");
        // With the right time the key is the only thing left to be wrong.
        assert_eq!(service.ask(&layer).await, (200, 2), "{minutes}");
    }
}

#[tokio::test]
async fn a_source_that_has_nothing_else_does_not_stand_in_the_way() {
    #[derive(Debug)]
    struct Sealed;
    impl CredentialSource for Sealed {
        fn credential(&self) -> CredentialFuture<'_> {
            Box::pin(std::future::ready(Ok(shared(EMULATOR_KEY))))
        }
        fn renews(&self) -> bool {
            true
        }
        fn renew<'a>(&'a self, _: &'a crate::Refused) -> crate::RenewFuture<'a> {
            Box::pin(std::future::ready(Err("the vault is sealed".into())))
        }
    }
    let script = Script::of([refused_at(NOW + time::Duration::minutes(10))]);
    let layer = SignLayer::from_source(Sealed).clock(clock());
    let answer = layer.layer(script.clone()).oneshot(get()).await.unwrap();
    assert_eq!((answer.status().as_u16(), script.seen().len()), (200, 2));
}
