//! Leases as handles: what is kept alive, what is lost, and what is released, on a scripted service and with time that is paused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as it must be"
)]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use http::{Request, Response};
use lazuli_blob::operations::LeaseTime;
use lazuli_blob::{BlobClient, BlobServiceClient, Error, LeaseLost};
use lazuli_protocol::{Endpoint, ErrorCode, LeaseId, ResponseBody};
use lazuli_transport::{OutgoingBody, Transport};
use tokio::time::{Instant, sleep};

/// How the service answers from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Grants,
    Refuses(u16, &'static str),
    Fails,
    Hangs,
    /// Its first answer is lost, and later ones refuse.
    FailsAndRefuses(u16, &'static str),
    /// Grants what names the lease by this id; a change may propose it as well.
    Knows(&'static str),
}

/// A service with one lease.
#[derive(Debug)]
struct Lessor {
    mood: Mood,
    // The action and the seconds since the test began.
    seen: Vec<(String, u64)>,
    // The action and the id that it names or proposes.
    ids: Vec<(String, String)>,
    begun: Instant,
}

type Shared = Arc<Mutex<Lessor>>;

fn lessor() -> (BlobServiceClient, Shared) {
    let shared = Arc::new(Mutex::new(Lessor {
        mood: Mood::Grants,
        seen: Vec::new(),
        ids: Vec::new(),
        begun: Instant::now(),
    }));
    let lessor = Arc::clone(&shared);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let action = request.headers()["x-ms-lease-action"]
            .to_str()
            .unwrap()
            .to_owned();
        let id = request
            .headers()
            .get("x-ms-proposed-lease-id")
            .or_else(|| request.headers().get("x-ms-lease-id"))
            .cloned();
        let mut lessor = lessor.lock().unwrap();
        let at = lessor.begun.elapsed().as_secs();
        lessor.seen.push((action.clone(), at));
        let text = id.as_ref().map_or("", |id| id.to_str().unwrap());
        lessor.ids.push((action.clone(), text.to_owned()));
        let known = text.to_owned();
        let mood = lessor.mood;
        if let Mood::FailsAndRefuses(status, code) = mood {
            lessor.mood = Mood::Refuses(status, code);
        }
        async move {
            let (status, code) = match (mood, action.as_str()) {
                (Mood::Hangs, _) => return std::future::pending().await,
                (Mood::Fails | Mood::FailsAndRefuses(..), _) => {
                    return Err(io::Error::from(io::ErrorKind::ConnectionReset));
                }
                (Mood::Refuses(status, code), _) => (status, Some(code)),
                (Mood::Knows(id), _) if id != known => (409, Some("LeaseIdMismatchWithLeaseOperation")),
                (_, "acquire") => (201, None),
                (_, "break") => (202, None),
                (_, _) => (200, None),
            };
            let mut answer = Response::builder()
                .status(status)
                .header("etag", "\"0x1\"")
                .header("last-modified", "Sun, 20 Feb 2022 07:02:36 GMT");
            if let Some(code) = code {
                answer = answer.header("x-ms-error-code", code);
            }
            if let Some(id) = id {
                answer = answer.header("x-ms-lease-id", id);
            }
            Ok(answer.body(ResponseBody::empty()).unwrap())
        }
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    (BlobServiceClient::new(endpoint, transport), shared)
}

fn blob() -> (BlobClient, Shared) {
    let (blobs, shared) = lessor();
    (blobs.container("box").blob("a"), shared)
}

fn set(shared: &Shared, mood: Mood) {
    shared.lock().unwrap().mood = mood;
}

fn seen(shared: &Shared, action: &str) -> Vec<u64> {
    let lessor = shared.lock().unwrap();
    let of_action = lessor.seen.iter().filter(|(seen, _)| seen == action);
    of_action.map(|(_, at)| *at).collect()
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

const TERM: LeaseTime = LeaseTime::Seconds(30);

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_at_a_third_of_its_time_until_it_is_dropped() {
    let (blob, shared) = blob();
    let idle = tasks();
    let lease = blob.lease(TERM).await.unwrap();
    assert_eq!(lease.time_left(), Some(Duration::from_secs(30)));
    let kept = lease.keep_alive();
    sleep(Duration::from_secs(35)).await;
    assert_eq!(seen(&shared, "renew"), [10, 20, 30]);
    assert!(kept.is_held() && kept.lost().now_or_never().is_none());
    assert_eq!(tasks(), idle + 1);
    drop(kept);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(seen(&shared, "renew").len(), 3);
    assert_eq!(seen(&shared, "release").len(), 0);
    assert_eq!(tasks(), idle);
}

#[tokio::test(start_paused = true)]
async fn the_lease_that_is_given_back_knows_of_its_renewals() {
    let (blob, shared) = blob();
    let kept = blob.lease(TERM).await.unwrap().keep_alive();
    sleep(Duration::from_secs(25)).await;
    let mut lease = kept.into_lease();
    assert_eq!(lease.time_left(), Some(Duration::from_secs(25)));
    lease.renew().await.unwrap();
    assert_eq!(lease.time_left(), Some(Duration::from_secs(30)));
    let other: LeaseId = "a0e6c241-96ea-45a3-a44b-6ae868bc14d0".parse().unwrap();
    lease.change(other).await.unwrap();
    assert_eq!(lease.id(), other);
    lease.release().await.unwrap();
    assert_eq!(seen(&shared, "release"), [25]);
}

#[tokio::test(start_paused = true)]
async fn an_infinite_lease_is_asked_for_and_no_trouble_loses_it() {
    let (blobs, shared) = lessor();
    let lease = blobs.container("box").lease(LeaseTime::Infinite).await.unwrap();
    assert_eq!(lease.time_left(), None);
    let kept = lease.keep_alive();
    sleep(Duration::from_secs(21)).await;
    assert_eq!(seen(&shared, "renew"), [20]);
    set(&shared, Mood::Fails);
    sleep(Duration::from_secs(3600)).await;
    assert!(kept.is_held());
    set(&shared, Mood::Refuses(409, "LeaseIsBrokenAndCannotBeRenewed"));
    assert!(matches!(kept.lost().await, LeaseLost::Refused(_)));
}

#[tokio::test(start_paused = true)]
async fn a_refused_renewal_loses_the_lease() {
    for (status, code) in [
        (409, "LeaseIdMismatchWithLeaseOperation"),
        (409, "LeaseNotPresentWithLeaseOperation"),
        (412, "LeaseLost"),
        (404, "BlobNotFound"),
    ] {
        let (blob, shared) = blob();
        let kept = blob.lease(TERM).await.unwrap().keep_alive();
        let (lost, guard) = (kept.lost(), kept.guard());
        set(&shared, Mood::Refuses(status, code));
        let lost = lost.await;
        assert!(matches!(lost, LeaseLost::Refused(_)), "{lost}");
        assert_eq!(lost.error().unwrap().code(), Some(&ErrorCode::from(code)));
        assert_eq!(seen(&shared, "renew"), [10]);
        assert!(!kept.is_held() && !guard.is_held());
        // Whoever asks later hears of it too.
        assert!(matches!(guard.lost().await, LeaseLost::Refused(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_that_is_shorter_than_the_term_loses_nothing() {
    for trouble in [Mood::Fails, Mood::Hangs, Mood::Refuses(503, "ServerBusy")] {
        let (blob, shared) = blob();
        let kept = blob.lease(TERM).await.unwrap().keep_alive();
        set(&shared, trouble);
        sleep(Duration::from_secs(25)).await;
        assert!(kept.is_held(), "{trouble:?}");
        set(&shared, Mood::Grants);
        sleep(Duration::from_secs(120)).await;
        assert!(kept.is_held(), "{trouble:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_that_outlasts_the_term_loses_the_lease_when_it_ends() {
    for trouble in [Mood::Fails, Mood::Hangs, Mood::Refuses(500, "InternalError")] {
        let (blob, shared) = blob();
        let begun = Instant::now();
        let kept = blob.lease(TERM).await.unwrap().keep_alive();
        set(&shared, trouble);
        let lost = kept.lost().await;
        assert!(matches!(lost, LeaseLost::RanOut(Some(_))), "{trouble:?}: {lost}");
        let after = begun.elapsed();
        assert!(
            (Duration::from_secs(30)..Duration::from_secs(31)).contains(&after),
            "{after:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn work_under_a_lease_releases_it_when_it_ends() {
    let (blob, shared) = blob();
    let idle = tasks();
    let done: Result<u32, Error> = blob
        .with_lease(TERM, async |guard| {
            sleep(Duration::from_secs(45)).await;
            assert!(guard.is_held());
            Ok(7)
        })
        .await;
    assert_eq!(done.unwrap(), 7);
    assert_eq!(seen(&shared, "renew"), [10, 20, 30, 40]);
    assert_eq!(seen(&shared, "release"), [45]);
    sleep(Duration::from_secs(60)).await;
    assert_eq!((seen(&shared, "renew").len(), tasks()), (4, idle));
}

#[derive(Debug)]
enum Failure {
    Mine,
    Theirs(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Theirs(error)
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_fails_releases_too() {
    let (blob, shared) = blob();
    let failed = blob.with_lease(TERM, async |_| Err::<(), _>(Failure::Mine)).await;
    assert!(matches!(failed, Err(Failure::Mine)));
    assert_eq!(seen(&shared, "release"), [0]);
}

#[tokio::test(start_paused = true)]
async fn work_does_not_begin_without_the_lease() {
    let (blob, shared) = blob();
    set(&shared, Mood::Refuses(409, "LeaseAlreadyPresent"));
    let work = blob.with_lease(TERM, async |_| -> Result<(), Failure> {
        panic!("nobody may come here")
    });
    let Err(Failure::Theirs(error)) = work.await else {
        panic!("the lease of somebody else was acquired");
    };
    assert_eq!(error.code(), Some(&ErrorCode::LeaseAlreadyPresent));
}

#[tokio::test(start_paused = true)]
async fn work_that_is_given_up_releases_in_the_background() {
    let (blob, shared) = blob();
    let idle = tasks();
    let work = blob.with_lease(TERM, async |_| -> Result<(), Error> {
        std::future::pending().await
    });
    let given_up = tokio::time::timeout(Duration::from_secs(15), work).await;
    assert!(given_up.is_err());
    sleep(Duration::from_secs(30)).await;
    assert_eq!(seen(&shared, "release"), [15]);
    assert_eq!((seen(&shared, "renew"), tasks()), (vec![10], idle));
}

#[tokio::test(start_paused = true)]
async fn a_release_that_is_given_up_is_done_in_the_background() {
    let (blob, shared) = blob();
    let hanging = Arc::clone(&shared);
    let work = blob.with_lease(TERM, async move |_| -> Result<(), Error> {
        set(&hanging, Mood::Hangs);
        Ok(())
    });
    assert!(tokio::time::timeout(Duration::from_secs(1), work).await.is_err());
    set(&shared, Mood::Grants);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(seen(&shared, "release"), [0, 1]);
}

#[tokio::test(start_paused = true)]
async fn work_that_panics_releases_in_the_background() {
    let (blob, shared) = blob();
    let work = tokio::spawn(async move {
        blob.with_lease(TERM, async |_| -> Result<(), Error> {
            sleep(Duration::from_secs(5)).await;
            panic!("something is wrong with the work")
        })
        .await
    });
    assert!(work.await.unwrap_err().is_panic());
    sleep(Duration::from_secs(30)).await;
    assert_eq!(
        (seen(&shared, "release"), seen(&shared, "renew")),
        (vec![5], vec![])
    );
}

#[tokio::test(start_paused = true)]
async fn work_whose_lease_was_lost_learns_of_it_at_the_latest_at_its_end() {
    let (blob, shared) = blob();
    let inner = Arc::clone(&shared);
    let done = blob
        .with_lease(TERM, async move |guard| {
            set(&inner, Mood::Refuses(409, "LeaseIdMismatchWithLeaseOperation"));
            guard.lost().await;
            Ok::<_, Error>(())
        })
        .await;
    assert_eq!(
        done.unwrap_err().code(),
        Some(&ErrorCode::LeaseIdMismatchWithLeaseOperation)
    );
}

#[tokio::test(start_paused = true)]
async fn work_may_delete_what_it_leased() {
    let (blob, shared) = blob();
    let inner = Arc::clone(&shared);
    let work = blob.with_lease(TERM, async move |_| {
        set(&inner, Mood::Refuses(404, "BlobNotFound"));
        Ok::<_, Error>(())
    });
    work.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_acquisition_whose_answer_is_lost_is_tried_again_with_the_same_id() {
    let ids = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&ids);
    let service = tower::service_fn(move |request: Request<OutgoingBody>| {
        let id = request.headers()["x-ms-proposed-lease-id"].clone();
        let mut log = log.lock().unwrap();
        log.push(id.clone());
        let first = log.len() == 1;
        async move {
            if first {
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            let answer = Response::builder()
                .status(201)
                .header("etag", "\"0x1\"")
                .header("last-modified", "Sun, 20 Feb 2022 07:02:36 GMT")
                .header("x-ms-lease-id", id);
            Ok(answer.body(ResponseBody::empty()).unwrap())
        }
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let endpoint = Endpoint::parse("http://127.0.0.1:10000/dev").unwrap();
    let blob = BlobServiceClient::new(endpoint, transport)
        .container("box")
        .blob("a");
    let lease = blob.lease(TERM).await.unwrap();
    let another = blob.lease(TERM).await.unwrap();
    let ids: Vec<_> = ids
        .lock()
        .unwrap()
        .iter()
        .map(|id| id.to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.first(), ids.get(1));
    assert_eq!(ids.get(1), Some(&lease.id().expose()));
    assert_eq!(ids.get(2), Some(&another.id().expose()));
    assert_ne!(lease.id(), another.id());
}

fn ids_seen(shared: &Shared, action: &str) -> Vec<String> {
    let lessor = shared.lock().unwrap();
    let of_action = lessor.ids.iter().filter(|(seen, _)| seen == action);
    of_action.map(|(_, id)| id.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_acquisition_that_is_given_up_is_released() {
    let (blob, shared) = blob();
    let idle = tasks();
    set(&shared, Mood::Hangs);
    let work = blob.with_lease(TERM, async |_| Ok::<_, Error>(()));
    assert!(tokio::time::timeout(Duration::from_secs(2), work).await.is_err());
    set(&shared, Mood::Grants);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(seen(&shared, "release"), [2]);
    assert_eq!(ids_seen(&shared, "release"), ids_seen(&shared, "acquire"));
    // It may overtake the request that was given up, and find no lease yet.
    set(&shared, Mood::Hangs);
    let lease = blob.lease(TERM);
    assert!(tokio::time::timeout(Duration::from_secs(2), lease).await.is_err());
    set(&shared, Mood::Refuses(409, "LeaseNotPresentWithLeaseOperation"));
    sleep(Duration::from_secs(1)).await;
    set(&shared, Mood::Grants);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(seen(&shared, "release"), [2, 5, 8]);
    assert_eq!(
        ids_seen(&shared, "release").get(2),
        ids_seen(&shared, "acquire").get(1)
    );
    // Somebody who chose the id may have held the lease before.
    let chosen: LeaseId = "a0e6c241-96ea-45a3-a44b-6ae868bc14d0".parse().unwrap();
    set(&shared, Mood::Hangs);
    let hold = blob.acquire_lease(TERM).proposed_id(chosen).hold();
    assert!(tokio::time::timeout(Duration::from_secs(2), hold).await.is_err());
    set(&shared, Mood::Grants);
    sleep(Duration::from_secs(1)).await;
    assert_eq!((seen(&shared, "release").len(), tasks()), (3, idle));
}

#[tokio::test(start_paused = true)]
async fn an_acquisition_is_released_unless_it_was_refused() {
    for (mood, releases) in [
        (Mood::Refuses(409, "LeaseAlreadyPresent"), false),
        (Mood::Refuses(404, "BlobNotFound"), false),
        (Mood::Refuses(500, "InternalError"), true),
        (Mood::Fails, true),
        // What the first try has acquired, the refusal of the second says nothing of.
        (Mood::FailsAndRefuses(403, "AuthorizationFailure"), true),
    ] {
        let (blob, shared) = blob();
        set(&shared, mood);
        blob.lease(TERM).await.unwrap_err();
        sleep(Duration::from_secs(600)).await;
        assert_eq!(!seen(&shared, "release").is_empty(), releases, "{mood:?}");
    }
    let (blob, shared) = blob();
    blob.lease(LeaseTime::Seconds(5)).await.unwrap_err();
    sleep(Duration::from_secs(600)).await;
    assert!(shared.lock().unwrap().seen.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_guard_knows_that_its_lease_has_ended() {
    let (blob, _) = blob();
    let kept = blob.lease(TERM).await.unwrap().keep_alive();
    let guard = kept.guard();
    assert!(guard.is_held());
    kept.release().await.unwrap();
    assert!(!guard.is_held());

    let kept = blob.lease(TERM).await.unwrap().keep_alive();
    let guard = kept.guard();
    drop(kept);
    assert!(!guard.is_held() && guard.lost().now_or_never().is_none());

    let kept = blob.lease(TERM).await.unwrap().keep_alive();
    let guard = kept.guard();
    let lease = kept.into_lease();
    assert!(!guard.is_held() && lease.time_left() == Some(Duration::from_secs(30)));

    let kept = blob.lease(TERM).await.unwrap().keep_alive();
    // As when nothing ran for so long that even the loss was not noticed.
    tokio::time::advance(Duration::from_secs(30)).await;
    assert!(!kept.is_held());
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_is_lost_is_remembered() {
    let [old, new] = [
        "a0e6c241-96ea-45a3-a44b-6ae868bc14d0",
        "b0e6c241-96ea-45a3-a44b-6ae868bc14d0",
    ]
    .map(|id| id.parse::<LeaseId>().unwrap());
    let (blob, shared) = blob();
    let held = async || {
        set(&shared, Mood::Grants);
        let mut lease = blob.acquire_lease(TERM).proposed_id(old).hold().await.unwrap();
        set(&shared, Mood::Fails);
        lease.change(new).await.unwrap_err();
        assert_eq!(lease.id(), old);
        set(&shared, Mood::Knows("b0e6c241-96ea-45a3-a44b-6ae868bc14d0"));
        lease
    };
    let mut lease = held().await;
    lease.renew().await.unwrap();
    assert_eq!(lease.id(), new);
    held().await.release().await.unwrap();
    let mut lease = held().await;
    lease.change(new).await.unwrap();
    assert_eq!(lease.id(), new);
    // One that was refused leaves nothing behind.
    set(&shared, Mood::Refuses(409, "LeaseIsBreakingAndCannotBeChanged"));
    lease.change(old).await.unwrap_err();
    assert_eq!(lease.id(), new);
    set(&shared, Mood::Knows("a0e6c241-96ea-45a3-a44b-6ae868bc14d0"));
    lease.renew().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_kept_alive_is_known_by_the_id_that_a_lost_change_gave_it() {
    let [old, new] = [
        "a0e6c241-96ea-45a3-a44b-6ae868bc14d0",
        "b0e6c241-96ea-45a3-a44b-6ae868bc14d0",
    ]
    .map(|id| id.parse::<LeaseId>().unwrap());
    let (blob, shared) = blob();
    let mut lease = blob.acquire_lease(TERM).proposed_id(old).hold().await.unwrap();
    set(&shared, Mood::Fails);
    lease.change(new).await.unwrap_err();
    set(&shared, Mood::Knows("b0e6c241-96ea-45a3-a44b-6ae868bc14d0"));
    let kept = lease.keep_alive();
    let guard = kept.guard();
    assert_eq!((kept.id(), guard.id()), (old, old));
    sleep(Duration::from_secs(60)).await;
    assert!(kept.is_held());
    assert_eq!((kept.id(), guard.id()), (new, new));
    // Once it is known, nobody asks by the other.
    let renewals = ids_seen(&shared, "renew");
    let by_old = renewals.iter().filter(|id| **id == old.expose()).count();
    assert!(by_old == 1 && renewals.len() > 2, "{renewals:?}");
    let lease = kept.into_lease();
    assert_eq!(lease.id(), new);
    lease.release().await.unwrap();
    assert_eq!(ids_seen(&shared, "release"), [new.expose()]);
}
