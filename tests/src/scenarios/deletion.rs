//! Deleting blobs, and asking for what is not there.

use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{BlockListKind, ErrorCode};

use crate::Backend;
use crate::expect::{absent, holds, listed, put_all, refused};

pub(super) async fn a_deleted_blob_is_gone(backend: &Backend) {
    let container = backend.container("gone").await;
    put_all(&container, &["a", "a/b"]).await;
    let blob = container.blob("a");
    blob.delete().await.unwrap();
    absent(&blob).await;
    refused(blob.delete().await, 404, ErrorCode::BlobNotFound);
    assert_eq!(listed(container.list()).await, ["a/b"]);
    blob.upload("again").await.unwrap();
    holds(&blob, b"again").await;
}

pub(super) async fn what_is_not_there_is_said_precisely(backend: &Backend) {
    let there = backend.container("there").await;
    let missing = backend.blobs().container(backend.name("missing"));
    for (blob, code) in [
        (there.blob("none"), ErrorCode::BlobNotFound),
        (missing.blob("none"), ErrorCode::ContainerNotFound),
    ] {
        refused(blob.download().await, 404, code.clone());
        refused(blob.download().range(0..10).await, 404, code.clone());
        refused(blob.properties().await, 404, code.clone());
        refused(blob.set_metadata().metadata("k", "v").await, 404, code.clone());
        refused(blob.block_list(BlockListKind::All).await, 404, code.clone());
        refused(blob.delete().await, 404, code);
    }
    let block = BlockId::new(b"one").unwrap();
    let blob = missing.blob("none");
    refused(
        blob.put_block(block, "x").await,
        404,
        ErrorCode::ContainerNotFound,
    );
    let commit = blob.put_block_list(BlockLookupList::default()).await;
    refused(commit, 404, ErrorCode::ContainerNotFound);
}

pub(super) async fn deletion_takes_blocks_along(backend: &Backend) {
    let blob = backend.container("blocks").await.blob("a");
    let block = BlockId::new(b"one").unwrap();
    blob.put_block(block.clone(), "x").await.unwrap();
    blob.put_block_list(BlockLookupList::latest([block.clone()]))
        .await
        .unwrap();
    blob.delete().await.unwrap();
    let again = blob.put_block_list(BlockLookupList::latest([block])).await;
    refused(again, 400, ErrorCode::InvalidBlockList);
    absent(&blob).await;
}
