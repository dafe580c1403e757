//! Blobs made of blocks.

use lazuli_blob::BlobClient;
use lazuli_protocol::xml::{Block, BlockId, BlockLookup, BlockLookupList};
use lazuli_protocol::{BlockListKind, ErrorCode};

use crate::expect::{absent, holds, refused};
use crate::{Backend, Feature};

fn id(name: &str) -> BlockId {
    BlockId::new(name.as_bytes()).unwrap()
}

fn ids(names: &str) -> BlockLookupList {
    BlockLookupList::latest(names.split_whitespace().map(id))
}

async fn put(blob: &BlobClient, names: &str) {
    for name in names.split_whitespace() {
        blob.put_block(id(name), format!("<{name}>")).await.unwrap();
    }
}

fn shown(blocks: &[Block]) -> String {
    let name = |block: &Block| {
        let name = String::from_utf8_lossy(block.id.as_bytes()).into_owned();
        format!("{name}:{}", block.size)
    };
    blocks.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// The committed and the uncommitted blocks, in the order that they are told; those that are not committed sorted.
async fn told(blob: &BlobClient, kind: BlockListKind) -> (String, String) {
    let mut told = blob.block_list(kind).await.unwrap().blocks;
    told.uncommitted.sort_by(|one, other| one.id.cmp(&other.id));
    (shown(&told.committed), shown(&told.uncommitted))
}

pub(super) async fn blocks_are_committed_in_any_order(backend: &Backend) {
    let blob = backend.container("order").await.blob("a");
    put(&blob, "b1 b2 b3").await;
    let written = blob.put_block_list(ids("b3 b1 b2")).await.unwrap();
    holds(&blob, b"<b3><b1><b2>").await;
    assert_eq!(blob.properties().await.unwrap().etag, written.etag);
    let list = blob.block_list(BlockListKind::Committed).await.unwrap();
    assert_eq!(shown(&list.blocks.committed), "b3:4 b1:4 b2:4");
    assert_eq!(list.etag, Some(written.etag));
    assert_eq!(list.content_length, Some(12));
    // A block may stand in a blob more than once.
    put(&blob, "b4").await;
    blob.put_block_list(ids("b4 b1 b4")).await.unwrap();
    holds(&blob, b"<b4><b1><b4>").await;
}

pub(super) async fn what_is_not_committed_is_dropped(backend: &Backend) {
    let blob = backend.container("subset").await.blob("a");
    put(&blob, "b1 b2 b3").await;
    assert_eq!(
        told(&blob, BlockListKind::All).await,
        (String::new(), "b1:4 b2:4 b3:4".into())
    );
    blob.put_block_list(ids("b2")).await.unwrap();
    holds(&blob, b"<b2>").await;
    assert_eq!(
        told(&blob, BlockListKind::All).await,
        ("b2:4".into(), String::new())
    );
    let dropped = blob.put_block_list(ids("b2 b1")).await;
    refused(dropped, 400, ErrorCode::InvalidBlockList);
    holds(&blob, b"<b2>").await;
}

pub(super) async fn blocks_of_the_blob_are_used_again(backend: &Backend) {
    let blob = backend.container("again").await.blob("a");
    put(&blob, "b1 b2").await;
    blob.put_block_list(ids("b1 b2")).await.unwrap();
    put(&blob, "b3").await;
    assert_eq!(
        told(&blob, BlockListKind::Committed).await,
        ("b1:4 b2:4".into(), String::new())
    );
    assert_eq!(
        told(&blob, BlockListKind::Uncommitted).await,
        (String::new(), "b3:4".into())
    );
    assert_eq!(
        told(&blob, BlockListKind::All).await,
        ("b1:4 b2:4".into(), "b3:4".into())
    );
    let list = [
        (BlockLookup::Committed, id("b2")),
        (BlockLookup::Uncommitted, id("b3")),
        (BlockLookup::Latest, id("b1")),
    ];
    blob.put_block_list(BlockLookupList(list.into())).await.unwrap();
    holds(&blob, b"<b2><b3><b1>").await;
    // Taken from the wrong side.
    for (lookup, name) in [(BlockLookup::Uncommitted, "b1"), (BlockLookup::Committed, "b4")] {
        put(&blob, "b4").await;
        let wrong = blob
            .put_block_list(BlockLookupList(vec![(lookup, id(name))]))
            .await;
        refused(wrong, 400, ErrorCode::InvalidBlockList);
    }
    holds(&blob, b"<b2><b3><b1>").await;
}

pub(super) async fn the_latest_block_of_an_id_counts(backend: &Backend) {
    let blob = backend.container("latest").await.blob("a");
    blob.put_block(id("b1"), "old").await.unwrap();
    blob.put_block(id("b1"), "newer").await.unwrap();
    assert_eq!(
        told(&blob, BlockListKind::All).await,
        (String::new(), "b1:5".into())
    );
    blob.put_block_list(ids("b1")).await.unwrap();
    holds(&blob, b"newer").await;
    blob.put_block(id("b1"), "newest").await.unwrap();
    holds(&blob, b"newer").await;
    blob.put_block_list(BlockLookupList(vec![
        (BlockLookup::Committed, id("b1")),
        (BlockLookup::Latest, id("b1")),
    ]))
    .await
    .unwrap();
    holds(&blob, b"newernewest").await;
}

pub(super) async fn blocks_that_are_not_there_are_refused(backend: &Backend) {
    let blob = backend.container("wrong").await.blob("a");
    refused(
        blob.put_block_list(ids("b9")).await,
        400,
        ErrorCode::InvalidBlockList,
    );
    put(&blob, "b1").await;
    refused(
        blob.put_block_list(ids("b1 b9")).await,
        400,
        ErrorCode::InvalidBlockList,
    );
    absent(&blob).await;
    blob.upload("whole").await.unwrap();
    refused(
        blob.put_block_list(ids("b9")).await,
        400,
        ErrorCode::InvalidBlockList,
    );
    holds(&blob, b"whole").await;
}

pub(super) async fn ids_of_another_length_are_refused(backend: &Backend) {
    let blob = backend.container("lengths").await.blob("a");
    put(&blob, "b1").await;
    for other in ["b", "b22", "a-much-longer-block-id"] {
        let put = blob.put_block(id(other), "x").await;
        refused(put, 400, ErrorCode::InvalidBlobOrBlock);
    }
    put(&blob, "b2").await;
    blob.put_block_list(ids("b1 b2")).await.unwrap();
    holds(&blob, b"<b1><b2>").await;
    let empty = blob.put_block(id("b3"), "").await.unwrap_err();
    assert_eq!(empty.kind(), lazuli_blob::ErrorKind::InvalidInput);
}

pub(super) async fn a_blob_of_uncommitted_blocks_is_not_there(backend: &Backend) {
    let blob = backend.container("pending").await.blob("a");
    refused(
        blob.block_list(BlockListKind::All).await,
        404,
        ErrorCode::BlobNotFound,
    );
    put(&blob, "b1").await;
    absent(&blob).await;
    let list = blob.block_list(BlockListKind::All).await.unwrap();
    assert_eq!(
        list.etag.is_none(),
        backend.knows(Feature::UncommittedWithoutEtag)
    );
    assert_eq!(list.content_length.unwrap_or_default(), 0);
    // Writing the whole blob is still allowed, and makes it be there.
    blob.upload("whole").await.unwrap();
    holds(&blob, b"whole").await;
}

pub(super) async fn an_empty_list_makes_an_empty_blob(backend: &Backend) {
    let blob = backend.container("none").await.blob("a");
    blob.put_block_list(BlockLookupList::default()).await.unwrap();
    holds(&blob, b"").await;
    blob.upload("full").await.unwrap();
    blob.put_block_list(BlockLookupList::default()).await.unwrap();
    holds(&blob, b"").await;
}
