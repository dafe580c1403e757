//! Many readers of the same block.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::task::{JoinHandle, yield_now};

use crate::service::{Service, TTL, clock, small};

fn read(blob: &lazuli_blob::cache::CachedBlob) -> JoinHandle<Result<bytes::Bytes, lazuli_blob::Error>> {
    let blob = blob.clone();
    tokio::spawn(async move { blob.read(10..500).await })
}

#[tokio::test(start_paused = true)]
async fn a_thousand_readers_of_a_cold_block_cause_one_request() {
    for disk in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (service, clock) = (Service::new(), clock());
        let whole = service.put("a", 600);
        let mut builder = small(&clock);
        if disk {
            builder = builder.memory(0).disk(folder.path(), 1 << 20);
        }
        let cache = builder.build().unwrap();
        let blob = service.cached(&cache, "a");
        for asked in [1, 1, 0] {
            service.close();
            let readers: Vec<_> = (0..1000).map(|_| read(&blob)).collect();
            tokio::time::sleep(Duration::from_millis(1)).await;
            service.open();
            for outcome in join_all(readers).await {
                assert_eq!(outcome.unwrap().unwrap(), whole[10..500]);
            }
            assert_eq!(service.asked().len(), asked, "with a folder: {disk}");
            if asked == 1 && service.asked().is_empty() && cache.stats().revalidations == 0 {
                clock.advance(TTL);
            }
        }
        assert_eq!(cache.stats().revalidations, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_stops_nobody_else() {
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 600);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    service.close();
    let leader = read(&blob);
    let others: Vec<_> = (0..10).map(|_| read(&blob)).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    service.open();
    for outcome in join_all(others).await {
        assert_eq!(outcome.unwrap().unwrap(), whole[10..500]);
    }
    assert_eq!(service.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn when_all_give_up_nothing_is_left() {
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 600);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    service.close();
    for _ in 0..100 {
        let readers: Vec<_> = (0..3).map(|_| read(&blob)).collect();
        tokio::time::sleep(Duration::from_millis(1)).await;
        readers.iter().for_each(JoinHandle::abort);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Room and leave came back each time.
    assert_eq!((service.asked().len(), cache.stats().memory_bytes), (100, 0));
    service.open();
    assert_eq!(read(&blob).await.unwrap().unwrap(), whole[10..500]);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_told_to_all_and_kept_by_nobody() {
    let (service, clock) = (Service::new(), clock());
    let whole = service.put("a", 600);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    service.refuse(Some(503));
    service.close();
    let readers: Vec<_> = (0..100).map(|_| read(&blob)).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    service.open();
    for outcome in join_all(readers).await {
        let error = outcome.unwrap().unwrap_err();
        assert_eq!(
            (error.status().unwrap().as_u16(), error.is_retryable()),
            (503, true)
        );
        assert!(error.to_string().contains("/dev/box/a"), "{error}");
    }
    assert_eq!(service.asked().len(), 1);
    service.refuse(None);
    assert_eq!(blob.read(10..500).await.unwrap(), whole[10..500]);
}

#[tokio::test(start_paused = true)]
async fn fetches_keep_to_the_memory() {
    let (service, clock) = (Service::new(), clock());
    let memory = 80 * 1024;
    let cache = small(&clock).block_size(4096).memory(memory).build().unwrap();
    let names: Vec<String> = (0..50).map(|number| format!("b{number}")).collect();
    for name in &names {
        service.put(name, 4096);
    }
    service.close();
    let blobs: Vec<_> = names.iter().map(|name| service.cached(&cache, name)).collect();
    let readers: Vec<_> = blobs.iter().map(read).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    // Half of the memory, and no more, is promised to blocks on their way.
    assert_eq!(service.asked().len(), 9);
    service.open();
    while !readers.iter().all(JoinHandle::is_finished) {
        assert!(cache.stats().memory_bytes <= memory);
        yield_now().await;
    }
    for outcome in join_all(readers).await {
        outcome.unwrap().unwrap();
    }
    let stats = cache.stats();
    assert!(
        stats.memory_bytes <= memory && stats.memory_evictions > 0,
        "{stats:?}"
    );
}

#[tokio::test]
async fn an_answer_that_was_not_taken_is_nobody_elses_once_it_is_outdated() {
    let (service, clock) = (Service::new(), clock());
    service.put("a", 1024);
    let cache = small(&clock).build().unwrap();
    let blob = service.cached(&cache, "a");
    // It asks, and does not look at its answer.
    let mut slow = std::pin::pin!(blob.read(0..));
    assert!(slow.as_mut().now_or_never().is_none());
    while cache.stats().misses == 0 {
        yield_now().await;
    }
    let new = service.put("a", 1024);
    assert_eq!(blob.read(0..).await.unwrap(), new);
    assert_eq!(slow.await.unwrap(), new);
}
