//! Dropping a call: it ends, and leaves nothing half done.

use std::future::IntoFuture as _;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, future, stream};
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{BlockListKind, Body, ErrorCode};
use tokio::sync::Notify;

use crate::expect::{absent, holds, refused};
use crate::{Backend, content};

const LEN: u64 = 8 * 1024 * 1024;

/// A body that sends its first half, says so, and then never goes on.
fn stalls_half_way() -> (Body, Arc<Notify>) {
    let half = Arc::new(Notify::new());
    let told = Arc::clone(&half);
    let body = Body::stream(LEN, move || {
        let told = Arc::clone(&told);
        let first = stream::iter(content::pieces(1, LEN / 2).map(Ok));
        let rest = stream::once(async move {
            told.notify_one();
            future::pending().await
        });
        Box::pin(first.chain(rest))
    });
    (body, half)
}

// A service may notice only after a while that nobody is there any more.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(200)).await;
}

pub(super) async fn a_download_is_dropped_half_way(backend: &Backend) {
    let blob = backend.container("download").await.blob("a");
    let content = content::bytes(2, 16 * 1024 * 1024);
    blob.upload(content.clone()).await.unwrap();
    for _ in 0..5 {
        let mut download = blob.download().await.unwrap();
        download.next().await.unwrap().unwrap();
        drop(download);
    }
    holds(&blob, &content).await;
}

pub(super) async fn an_upload_is_dropped_half_way(backend: &Backend) {
    let container = backend.container("upload").await;
    container.blob("old").upload("kept").await.unwrap();
    for name in ["new", "old"] {
        let (body, half) = stalls_half_way();
        tokio::select! {
            ended = container.blob(name).upload(body).into_future() => panic!("half a body was enough: {ended:?}"),
            () = half.notified() => {}
        }
    }
    for _ in 0..2 {
        absent(&container.blob("new")).await;
        holds(&container.blob("old"), b"kept").await;
        a_while().await;
    }
}

pub(super) async fn a_block_is_dropped_half_way(backend: &Backend) {
    let blob = backend.container("block").await.blob("a");
    let (body, half) = stalls_half_way();
    let block = BlockId::new(b"one").unwrap();
    tokio::select! {
        ended = blob.put_block(block.clone(), body).into_future() => panic!("half a block was enough: {ended:?}"),
        () = half.notified() => {}
    }
    a_while().await;
    refused(
        blob.block_list(BlockListKind::All).await,
        404,
        ErrorCode::BlobNotFound,
    );
    blob.put_block(block, "whole").await.unwrap();
    let list = blob.block_list(BlockListKind::All).await.unwrap().blocks;
    assert_eq!(
        list.uncommitted
            .iter()
            .map(|block| block.size)
            .collect::<Vec<_>>(),
        [5]
    );
}
