//! Keys and signatures that change under a running client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lazuli_blob::BlobServiceClient;
use lazuli_protocol::{Clock as _, ManualClock};
use lazuli_signing::{AccountKey, Sas, SharedKey};
use lazuli_transport::{Issued, Renewing, Rotating, issuer_fn};
use time::Duration;

use crate::desk::{Desk, read, settle};

/// A client whose signatures are made on demand: each is good for `life`, and told to be good for `told`.
fn vended(desk: &Desk, life: Duration, told: Duration) -> (BlobServiceClient, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let (key, clock, counter) = (desk.shared_key(), Arc::clone(&desk.clock), Arc::clone(&made));
    let issuer = issuer_fn(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        let now = clock.now();
        let token = Sas::container("box").read().expires(now + life).sign(&key);
        async move { Ok(Issued::new(token?, now + told)) }
    });
    let source = Renewing::new(issuer).clock(Arc::<ManualClock>::clone(&desk.clock));
    (desk.blobs(source), made)
}

#[tokio::test]
async fn a_signature_is_renewed_at_80_percent_of_its_life() {
    let desk = Desk::new();
    desk.container().await;
    let (blobs, made) = vended(&desk, Duration::HOUR, Duration::HOUR);
    let mut seen = Vec::new();
    for _ in 0..12 {
        assert_eq!(read(&blobs).await.unwrap(), "hello");
        settle().await;
        seen.push(made.load(Ordering::Relaxed));
        desk.advance(12);
    }
    // Made at 0, 48, 96 and 144 minutes; the reads are at 0, 12, … 132.
    assert_eq!(seen, [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
}

#[tokio::test]
async fn a_signature_that_has_expired_early_is_made_anew_once() {
    let desk = Desk::new();
    desk.container().await;
    let (blobs, made) = vended(&desk, Duration::minutes(5), Duration::DAY);
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    desk.advance(6);
    assert_eq!(read(&blobs).await.unwrap(), "hello");
    assert_eq!(made.load(Ordering::Relaxed), 2);
    // What nobody may do with it stays forbidden, and makes no new ones.
    let write = blobs.container("box").blob("a").upload("mine").await.unwrap_err();
    assert_eq!(write.status().unwrap(), 403);
    assert_eq!(made.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_key_is_changed_under_a_running_client() {
    let desk = Desk::new();
    desk.container().await;
    let wrong = SharedKey::new("acct".parse().unwrap(), AccountKey::from_base64("b2xk").unwrap());
    let current = Rotating::new(wrong);
    let blobs = desk.blobs(current.clone());
    assert_eq!(read(&blobs).await.unwrap_err().status().unwrap(), 403);
    current.replace(desk.shared_key());
    assert_eq!(read(&blobs).await.unwrap(), "hello");
}
