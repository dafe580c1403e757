//! The cache under a herd, a slow issuer and a failing one.

mod refusals;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use lazuli_protocol::ManualClock;
use lazuli_signing::{BearerToken, Credential};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::Semaphore;

use super::{Issued, Renewing, issuer_fn};
use crate::credential::{Challenge, CredentialSource, Refused};

const START: OffsetDateTime = datetime!(2026-06-26 0:00 UTC);
const HOUR: Duration = Duration::from_secs(3600);

/// An issuer of tokens for an hour, numbered from 1. It waits for `gate`, and fails where the script says.
#[derive(Debug)]
struct Mint {
    clock: Arc<ManualClock>,
    gate: Semaphore,
    failures: Mutex<VecDeque<bool>>,
    asked: Mutex<Vec<Option<Challenge>>>,
}

impl Mint {
    fn new(open: usize) -> Arc<Self> {
        Arc::new(Self {
            clock: Arc::new(ManualClock::at(START)),
            gate: Semaphore::new(open),
            failures: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    fn open() -> Arc<Self> {
        Self::new(Semaphore::MAX_PERMITS)
    }

    fn fail_next(&self, times: usize) {
        self.failures
            .lock()
            .unwrap()
            .extend(std::iter::repeat_n(true, times));
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn source(self: &Arc<Self>) -> Renewing {
        let mint = Arc::clone(self);
        let issuer = issuer_fn(move |challenge| {
            let mint = Arc::clone(&mint);
            async move {
                let number = {
                    let mut asked = mint.asked.lock().unwrap();
                    asked.push(challenge);
                    asked.len()
                };
                mint.gate.acquire().await?.forget();
                if mint.failures.lock().unwrap().pop_front().unwrap_or_default() {
                    return Err(format!("failure {number}").into());
                }
                let token = BearerToken::new(format!("token-{number}"))?;
                Ok(Issued::new(
                    token,
                    lazuli_protocol::Clock::now(&*mint.clock) + HOUR,
                ))
            }
        });
        let clock: Arc<ManualClock> = Arc::clone(&self.clock);
        Renewing::new(issuer).clock(clock)
    }
}

fn number(credential: &Credential) -> u32 {
    match credential {
        Credential::Bearer(token) => token.expose().trim_start_matches("token-").parse().unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn get(source: &Renewing) -> Result<u32, String> {
    let credential = source.credential().await.map_err(|error| error.to_string())?;
    Ok(number(&credential))
}

fn refused(credential: &Arc<Credential>, status: u16, challenge: &'static str) -> Refused {
    let mut headers = HeaderMap::new();
    headers.insert("www-authenticate", HeaderValue::from_static(challenge));
    if status == 403 {
        headers.insert("x-ms-error-code", HeaderValue::from_static(challenge));
    }
    Refused::of(credential, StatusCode::from_u16(status).unwrap(), &headers).unwrap()
}

#[tokio::test]
async fn a_thousand_callers_make_one_request() {
    let mint = Mint::new(0);
    let source = mint.source();
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let source = source.clone();
            tokio::spawn(async move { get(&source).await })
        })
        .collect();
    while mint.asked() == 0 {
        tokio::task::yield_now().await;
    }
    mint.gate.add_permits(Semaphore::MAX_PERMITS);
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Ok(1));
    }
    assert_eq!(mint.asked(), 1);
}

#[tokio::test]
async fn a_caller_who_gives_up_stops_nobody() {
    let mint = Mint::new(0);
    let source = mint.source();
    let impatient = tokio::time::timeout(Duration::from_millis(1), get(&source)).await;
    assert!(impatient.is_err());
    mint.gate.add_permits(1);
    assert_eq!((get(&source).await, mint.asked()), (Ok(1), 1));
}

#[tokio::test]
async fn it_is_renewed_in_the_background_at_80_percent_of_its_life() {
    let mint = Mint::new(1);
    let source = mint.source();
    assert_eq!(get(&source).await, Ok(1));
    mint.clock.advance(HOUR * 8 / 10 - Duration::from_secs(1));
    assert_eq!((get(&source).await, mint.asked()), (Ok(1), 1));
    mint.clock.advance(Duration::from_secs(1));
    // The issuer does not answer; everybody goes on with the old one.
    for _ in 0..100 {
        assert_eq!(get(&source).await, Ok(1));
    }
    tokio::task::yield_now().await;
    assert_eq!(mint.asked(), 2);
    mint.gate.add_permits(1);
    while get(&source).await != Ok(2) {
        tokio::task::yield_now().await;
    }
    assert_eq!(mint.asked(), 2);
}

#[tokio::test]
async fn what_has_run_out_is_not_handed_out() {
    let mint = Mint::open();
    let source = mint.source();
    assert_eq!(get(&source).await, Ok(1));
    mint.clock.advance(HOUR - Duration::from_secs(30));
    assert_eq!(get(&source).await, Ok(2));
}

#[tokio::test]
async fn another_part_and_the_issuers_own_time_are_followed() {
    let clock = Arc::new(ManualClock::at(START));
    for (own, wait) in [(None, HOUR / 2), (Some(START + HOUR / 4), HOUR / 4)] {
        clock.set(START);
        let asked = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&asked);
        let issuer = issuer_fn(move |_| {
            *counter.lock().unwrap() += 1;
            let issued = Issued::new(BearerToken::new("t").unwrap(), START + HOUR);
            let issued = match own {
                Some(time) => issued.renew_from(time),
                None => issued,
            };
            async { Ok(issued) }
        });
        let source = Renewing::new(issuer)
            .clock(Arc::<ManualClock>::clone(&clock))
            .renew_at(0.5);
        for (moved, expected) in [
            (Duration::ZERO, 1),
            (wait - Duration::from_secs(1), 1),
            (Duration::from_secs(1), 2),
        ] {
            clock.advance(moved);
            source.credential().await.unwrap();
            tokio::task::yield_now().await;
            assert_eq!(*asked.lock().unwrap(), expected, "{own:?} {moved:?}");
        }
    }
}

#[tokio::test]
async fn a_failing_issuer_is_left_alone_for_longer_and_longer() {
    let mint = Mint::open();
    mint.fail_next(8);
    let source = mint.source();
    for (times, pause) in [1_u64, 2, 4, 8, 16, 30, 30].into_iter().enumerate() {
        let failure = format!("failure {}", times + 1);
        assert_eq!(get(&source).await, Err(failure.clone()));
        mint.clock
            .advance(Duration::from_secs(pause) - Duration::from_millis(1));
        assert_eq!(get(&source).await, Err(failure));
        assert_eq!(mint.asked(), times + 1);
        mint.clock.advance(Duration::from_millis(1));
    }
    assert!(get(&source).await.is_err());
    mint.clock.advance(Duration::from_secs(30));
    assert_eq!(get(&source).await, Ok(9));
    // It begins anew after a success.
    mint.clock.advance(HOUR);
    mint.fail_next(1);
    assert!(get(&source).await.is_err());
    mint.clock.advance(Duration::from_secs(1));
    assert_eq!(get(&source).await, Ok(11));
}

#[tokio::test]
async fn a_failure_does_not_show_while_the_old_one_is_good() {
    let mint = Mint::open();
    let source = mint.source();
    assert_eq!(get(&source).await, Ok(1));
    mint.clock.advance(HOUR * 9 / 10);
    mint.fail_next(1);
    for _ in 0..10 {
        assert_eq!(get(&source).await, Ok(1));
        tokio::task::yield_now().await;
    }
    assert_eq!(mint.asked(), 2);
    mint.clock.advance(Duration::from_secs(1));
    assert_eq!(get(&source).await, Ok(1));
    while get(&source).await != Ok(3) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_issuer_that_panics_before_its_future_has_failed_too() {
    fn panics(_: Option<Challenge>) -> std::future::Ready<Result<Issued, lazuli_protocol::BoxError>> {
        panic!("at once")
    }
    let source = Renewing::new(issuer_fn(panics));
    let error = get(&source).await.unwrap_err();
    assert_eq!(error, "the issuer of the credential ended without one");
}

#[tokio::test]
async fn what_is_over_before_it_began_is_not_asked_for_with_each_call() {
    for (expires, renew) in [(START - HOUR, None), (START + HOUR, Some(START - HOUR))] {
        let clock = Arc::new(ManualClock::at(START));
        let asked = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&asked);
        let source = Renewing::new(issuer_fn(move |_| {
            *counter.lock().unwrap() += 1;
            let issued = Issued::new(BearerToken::new("t").unwrap(), expires);
            let issued = renew.map_or(issued.clone(), |time| issued.renew_from(time));
            async { Ok(issued) }
        }));
        let source = source.clock(Arc::<ManualClock>::clone(&clock));
        for _ in 0..500 {
            source.credential().await.unwrap();
            tokio::task::yield_now().await;
        }
        assert_eq!(*asked.lock().unwrap(), 1);
        clock.advance(Duration::from_secs(10));
        source.credential().await.unwrap();
        tokio::task::yield_now().await;
        assert_eq!(*asked.lock().unwrap(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_never_answers_is_given_up() {
    let mint = Mint::new(0);
    let source = mint.source();
    assert_eq!(
        get(&source).await.unwrap_err(),
        "no credential was issued within 120s"
    );
    mint.clock.advance(Duration::from_secs(1));
    mint.gate.add_permits(1);
    assert_eq!(get(&source).await, Ok(2));
}

#[test]
fn a_runtime_that_ends_takes_nobody_along() {
    let mint = Mint::new(0);
    let source = mint.source();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let brief = runtime();
    brief.block_on(async {
        let begun = tokio::time::timeout(Duration::from_millis(1), get(&source)).await;
        assert!(begun.is_err());
    });
    let waiting = source.clone();
    let other = std::thread::spawn(move || runtime().block_on(get(&waiting)));
    while Arc::strong_count(&source.shared) < 2 {
        std::thread::yield_now();
    }
    mint.gate.add_permits(1);
    drop(brief);
    assert_eq!(other.join().unwrap(), Ok(2));
}

#[tokio::test]
async fn work_that_nobody_can_use_is_given_up() {
    let mint = Mint::new(0);
    let source = mint.source();
    let waiting = tokio::time::timeout(Duration::from_millis(1), get(&source)).await;
    assert!(waiting.is_err());
    drop(source);
    // The future of the issuer goes, and with it the last of what it holds.
    while Arc::strong_count(&mint) > 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_issuer_that_panics_has_failed() {
    let clock = Arc::new(ManualClock::at(START));
    let asked = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&asked);
    let source = Renewing::new(issuer_fn(move |_| {
        let first = {
            let mut asked = counter.lock().unwrap();
            *asked += 1;
            *asked == 1
        };
        async move {
            assert!(!first, "the first time goes wrong");
            Ok(Issued::new(BearerToken::new("token-2")?, START + HOUR))
        }
    }))
    .clock(Arc::<ManualClock>::clone(&clock));
    for _ in 0..3 {
        let error = get(&source).await.unwrap_err();
        assert_eq!(error, "the issuer of the credential ended without one");
    }
    clock.advance(Duration::from_secs(1));
    assert_eq!((get(&source).await, *asked.lock().unwrap()), (Ok(2), 2));
}

#[test]
fn a_runtime_that_stands_still_keeps_others_for_two_minutes_at_most() {
    let mint = Mint::new(0);
    let source = mint.source();
    let idle = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    idle.block_on(async {
        let begun = tokio::time::timeout(Duration::from_millis(1), get(&source)).await;
        assert!(begun.is_err());
    });
    mint.gate.add_permits(2);
    let other = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    other.block_on(async {
        assert_eq!(
            get(&source).await.unwrap_err(),
            "no credential was issued within 120s"
        );
        mint.clock.advance(Duration::from_secs(1));
        assert_eq!(get(&source).await, Ok(2));
    });
}

#[tokio::test]
async fn no_secret_shows() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    let refused = refused(&first, 401, "Bearer realm=x");
    let shown = format!("{source:?} {first:?} {refused:?} {refused} {:?}", source.shared);
    assert!(!shown.contains("token-1"), "{shown}");
}
