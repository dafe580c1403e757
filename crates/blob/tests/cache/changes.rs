//! Blobs that change under their readers.

use lazuli_protocol::ErrorCode;

use crate::service::{Service, TTL, clock, small};

#[tokio::test]
async fn a_change_is_seen_after_the_time_to_live() {
    let (service, clock) = (Service::new(), clock());
    let old = service.put("a", 1500);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..).await.unwrap();
    let new = service.put("a", 1100);
    assert_eq!(blob.read(0..).await.unwrap(), old);
    service.asked();
    clock.advance(TTL);
    assert_eq!(blob.read(0..).await.unwrap(), new);
    assert_eq!(
        service.asked(),
        [
            "GET a 0-511 if-none-match \"0x1\"",
            "GET a 512-1023 if-match \"0x2\"",
            "GET a 1024-1535 if-match \"0x2\""
        ]
    );
    // The old blocks are gone: what is left are three of the new ones and what is known.
    assert_eq!(
        (cache.stats().changes, cache.stats().memory_bytes < 8000),
        (1, true)
    );
}

#[tokio::test]
async fn a_read_that_meets_a_change_begins_anew() {
    let (service, clock) = (Service::new(), clock());
    service.put("a", 1500);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..600).await.unwrap();
    let new = service.put("a", 1500);
    service.asked();
    // Two blocks are at hand, of a state that was current within the time to live; the third is not to be had any more.
    assert_eq!(blob.read(0..).await.unwrap(), new);
    let asked = service.asked();
    assert_eq!(asked[..2], ["GET a 1024-1535 if-match \"0x1\"", "GET a 0-511"]);
    assert_eq!(asked.len(), 4);
}

#[tokio::test]
async fn a_stream_that_meets_a_change_ends_with_an_error() {
    let (service, clock) = (Service::new(), clock());
    let old = service.put("a", 5000);
    let cache = small(&clock).read_ahead(0).build().unwrap();
    let blob = service.cached(&cache, "a");
    let mut reader = blob.reader(0..).await.unwrap();
    assert_eq!(reader.next().await.unwrap().unwrap(), old[..512]);
    let new = service.put("a", 5000);
    let error = loop {
        match reader.next().await.unwrap() {
            Ok(piece) => assert!(old.windows(512).any(|window| window == piece)),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), Some(&ErrorCode::ConditionNotMet));
    assert!(reader.next().await.is_none());
    // The others know of it.
    assert_eq!(blob.read(0..512).await.unwrap(), new[..512]);
}

#[tokio::test]
async fn a_blob_that_got_shorter() {
    let (service, clock) = (Service::new(), clock());
    service.put("a", 5000);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..).await.unwrap();
    let new = service.put("a", 700);
    clock.advance(TTL);
    assert!(blob.read(4000..).await.is_err());
    assert_eq!(blob.read(0..).await.unwrap(), new);
    service.put("a", 0);
    clock.advance(TTL);
    assert!(blob.read(0..).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_blob_that_changes_all_the_time_is_an_error_in_the_end() {
    let (service, clock) = (Service::new(), clock());
    service.put("a", 1024);
    let cache = small(&clock).read_ahead(0).build().unwrap();
    let blob = service.cached(&cache, "a");
    service.restless();
    assert_eq!(blob.read(0..).await.unwrap_err().status().unwrap(), 412);
    assert_eq!(service.asked().len(), 8);
}

#[tokio::test]
async fn what_is_invalidated_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    service.put("a", 600);
    let cache = small(&clock).disk(folder.path(), 1 << 20).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..).await.unwrap();
    let new = service.put("a", 600);
    cache.invalidate(blob.client()).await;
    assert!(crate::folder::files(folder.path()).is_empty());
    assert_eq!(blob.read(0..).await.unwrap(), new);
}

#[tokio::test]
async fn what_was_asked_for_before_is_not_kept_after() {
    let (service, clock) = (Service::new(), clock());
    service.put("a", 500);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    // A read is under way, with the answer of before the write perhaps.
    service.close();
    let early = tokio::spawn({
        let blob = blob.clone();
        async move { blob.read(0..).await }
    });
    while service.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    cache.invalidate(blob.client()).await;
    service.open();
    early.await.unwrap().unwrap();
    let new = service.put("a", 500);
    assert_eq!(blob.read(0..).await.unwrap(), new);
}
