//! What is read, and which requests that takes.

use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use lazuli_blob::ErrorKind;
use lazuli_protocol::ErrorCode;

use crate::service::{Service, TTL, clock, small};

#[tokio::test]
async fn any_range_is_read_and_then_at_hand() {
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 2000);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    for (start, end) in [
        (600, 601),
        (0, 2000),
        (511, 513),
        (1999, 2000),
        (512, 1024),
        (3, 1777),
    ] {
        let read = blob.read(start as u64..end as u64).await.unwrap();
        assert_eq!(read, whole[start..end], "{start}..{end}");
    }
    assert_eq!(blob.read(1000..).await.unwrap(), whole[1000..]);
    assert_eq!(blob.read(1000..9999).await.unwrap(), whole[1000..]);
    let mut asked = service.asked();
    asked.sort();
    assert_eq!(
        asked,
        [
            "GET a 0-511 if-match \"0x1\"",
            "GET a 1024-1535 if-match \"0x1\"",
            "GET a 1536-2047 if-match \"0x1\"",
            "GET a 512-1023",
        ]
    );
    let stats = cache.stats();
    assert_eq!((stats.misses, stats.bytes_fetched), (4, 2000));
    assert!(stats.memory_hits > 4 && stats.memory_bytes >= 2000);
}

#[tokio::test]
async fn a_stream_reads_ahead_in_order() {
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 5000);
    let cache = small(&clock).read_ahead(2).build().unwrap();
    let mut reader = service.cached(&cache, "a").reader(100..4900).await.unwrap();
    assert_eq!(
        (reader.content_length(), reader.properties().content_length),
        (4800, 5000)
    );
    assert_eq!(reader.next().await.unwrap().unwrap(), whole[100..512]);
    // The block that comes next and two more are asked for, and no others.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(service.asked().len(), 4);
    let rest: Vec<_> = reader.into_stream().try_collect().await.unwrap();
    assert_eq!(rest.concat(), whole[512..4900]);
}

#[tokio::test]
async fn after_the_time_to_live_one_request_asks_whether_anything_changed() {
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 1500);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..).await.unwrap();
    clock.advance(TTL - Duration::from_secs(1));
    blob.read(0..).await.unwrap();
    assert_eq!(service.asked().len(), 3);

    clock.advance(Duration::from_secs(1));
    assert_eq!(blob.read(600..).await.unwrap(), whole[600..]);
    assert_eq!(service.asked(), ["GET a 512-1023 if-none-match \"0x1\""]);
    blob.read(0..).await.unwrap();
    assert_eq!(service.asked(), [""; 0]);
    assert_eq!(cache.stats().revalidations, 1);

    // What is not at hand is asked for itself: its answer says the same.
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..1).await.unwrap();
    clock.advance(TTL);
    blob.read(1400..).await.unwrap();
    assert_eq!(service.asked(), ["GET a 0-511", "GET a 1024-1535"]);
}

#[tokio::test]
async fn what_is_not_there_is_an_error_each_time() {
    let (service, clock) = (Service::new(), clock());
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    for _ in 0..2 {
        let error = blob.read(0..5).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::BlobNotFound));
    }
    assert_eq!(service.asked().len(), 2);
    let whole = service.put("a", 5);
    assert_eq!(blob.read(0..5).await.unwrap(), whole);
    // Once it is known to be gone, it is gone from the cache.
    service.delete("a");
    clock.advance(TTL);
    assert_eq!(blob.read(0..5).await.unwrap_err().status().unwrap(), 404);
    service.refuse(Some(503));
    assert_eq!(blob.read(0..5).await.unwrap_err().status().unwrap(), 503);
}

#[tokio::test]
async fn an_empty_blob_and_what_lies_behind_the_end() {
    let (service, clock) = (Service::new(), clock());
    service.put("empty", 0);
    service.put("short", 700);
    let cache = small(&clock).build().unwrap();
    let empty = service.cached(&cache, "empty");
    for _ in 0..2 {
        assert!(empty.read(0..).await.unwrap().is_empty());
        assert!(empty.reader(0..10).await.unwrap().next().await.is_none());
        assert_eq!(empty.read(1..).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(service.asked(), ["GET empty 0-511", "HEAD empty"]);

    let short = service.cached(&cache, "short");
    for (start, asked) in [(4000, 2), (700, 0), (699, 1)] {
        let read = short.read(start..).await;
        assert_eq!(read.is_err(), start > 699, "{start}");
        assert_eq!(service.asked().len(), asked, "{start}");
    }
    assert_eq!(
        short.read(5..5).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn versions_and_snapshots_are_not_asked_for_again() {
    let (service, clock) = (Service::new(), clock());
    let current = service.put("a", 600);
    let version = service.put("a?versionid=v1", 600);
    let snapshot = service.put("a?snapshot=v1", 600);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    for round in 0..2 {
        assert_eq!(blob.version("v1").read(0..).await.unwrap(), version);
        assert_eq!(blob.snapshot("v1").read(0..).await.unwrap(), snapshot);
        assert_eq!(blob.read(0..).await.unwrap(), current);
        assert_eq!(service.asked().len(), [6, 1][round]);
        clock.advance(TTL * 100);
    }
}

#[tokio::test]
async fn properties_are_those_that_were_told_within_the_time_to_live() {
    let (service, clock) = (Service::new(), clock());
    service.put_with("a", 600, &[("x-ms-lease-state", "available")]);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    blob.read(0..1).await.unwrap();
    let properties = blob.properties().await.unwrap();
    assert_eq!(
        (properties.content_length, properties.metadata.get("write")),
        (600, Some("1"))
    );
    assert_eq!(service.asked(), ["GET a 0-511"]);
    clock.advance(TTL);
    blob.read(0..1).await.unwrap();
    assert_eq!(service.asked().len(), 1);
    // That the content is the same says nothing of the lease.
    blob.properties().await.unwrap();
    blob.properties().await.unwrap();
    assert_eq!(service.asked(), ["HEAD a"]);
}

#[tokio::test]
async fn what_must_not_be_kept_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (service, clock) = (Service::new(), clock());
    let cache = small(&clock).disk(folder.path(), 1 << 20).build().unwrap();
    for (name, headers, again) in [
        (
            "secret",
            ("x-ms-encryption-key-sha256", "c2hh"),
            &["GET secret 0-511", "GET secret 512-1023 if-match \"0x1\""][..],
        ),
        (
            "gone",
            ("cache-control", "no-store"),
            &["GET gone 0-511", "GET gone 512-1023 if-match \"0x2\""],
        ),
        (
            "asked",
            ("cache-control", "no-cache"),
            &["GET asked 0-511 if-none-match \"0x3\""],
        ),
    ] {
        let whole = service.put_with(name, 600, &[headers]);
        let blob = service.cached(&cache, name);
        blob.read(0..).await.unwrap();
        service.asked();
        assert_eq!(blob.read(0..).await.unwrap(), whole);
        assert_eq!(service.asked(), again);
        if name != "asked" {
            let stats = cache.stats();
            assert_eq!(
                (stats.memory_bytes, crate::folder::files(folder.path())),
                (0, vec![]),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_stream_that_is_over_stays_over() {
    let (service, clock) = (Service::new(), clock());
    service.put("a", 1000);
    let cache = small(&clock).build().unwrap();
    let reader = service.cached(&cache, "a").reader(0..).await.unwrap();
    let mut pieces = pin!(reader.into_stream());
    while pieces.next().await.is_some() {}
    assert!(pieces.next().await.is_none() && pieces.next().await.is_none());
}
