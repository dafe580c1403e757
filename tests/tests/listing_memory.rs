//! A list holds no more than about a page, however long it is. Alone in its program, which counts the bytes that live.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it must be"
)]

use std::future::IntoFuture as _;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use lazuli_blob::{ContainerClient, ListBlobsCall};
use lazuli_tests::{Backend, Kind};
use peak_alloc::PeakAlloc;

#[global_allocator]
static LIVE: PeakAlloc = PeakAlloc;

const PAGES: usize = 30;
const PAGE: u32 = 1000;

/// How many entries there are, and how many bytes more than before live at most while they are listed.
async fn listed(list: ListBlobsCall) -> (usize, usize) {
    let before = LIVE.current_usage();
    LIVE.reset_peak_usage();
    let mut items = list.page_size(PAGE).items();
    let mut entries = 0;
    while items.try_next().await.unwrap().is_some() {
        entries += 1;
    }
    (entries, LIVE.peak_usage().saturating_sub(before))
}

async fn put(container: &ContainerClient, blobs: usize) {
    let names = (0..blobs).map(|number| format!("{:02}/a-name-of-some-length/{number}", number % PAGES));
    stream::iter(names)
        .map(|name| container.blob(name).upload("").into_future())
        .buffer_unordered(32)
        .try_for_each(|_| async { Ok(()) })
        .await
        .unwrap();
}

#[tokio::test]
async fn thirty_pages_take_the_room_of_one() {
    let backend = Backend::start(Kind::InProcess).await;
    let container = backend.container("many").await;
    put(&container, PAGES * 1000).await;
    // What is made once, on first use, is made before anything is counted.
    listed(container.list().prefix("00/")).await;
    let (entries, one) = listed(container.list().prefix("07/")).await;
    assert_eq!(entries, 1000);
    let (entries, all) = listed(container.list()).await;
    assert_eq!(entries, PAGES * 1000);
    assert!(
        all <= one * 2,
        "a page takes {one} bytes, and {PAGES} pages take {all}"
    );
    backend.stop().await;
}
