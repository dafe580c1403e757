//! Append blobs: they only grow, until they are sealed.

use lazuli_protocol::{BlobType, ErrorCode};

use crate::expect::{holds, refused};
use crate::{Backend, Feature};

pub(super) async fn content_is_added_at_the_end(backend: &Backend) {
    let container = backend.container("appends").await;
    let blob = container.blob("log");
    refused(blob.append("x").await, 404, ErrorCode::BlobNotFound);
    blob.create_append_blob()
        .metadata("k", "v")
        .content_type("text/plain")
        .await
        .unwrap();
    holds(&blob, b"").await;
    let mut expected = String::new();
    let mut etags = Vec::new();
    for (count, line) in (1..).zip(["one\n", "two\n", "three\n"]) {
        let appended = blob.append(line).await.unwrap();
        assert_eq!(appended.offset, Some(expected.len() as u64));
        assert_eq!(appended.committed_block_count, Some(count));
        etags.push(appended.etag);
        expected.push_str(line);
        holds(&blob, expected.as_bytes()).await;
    }
    etags.dedup();
    assert_eq!(etags.len(), 3);
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.blob_type, Some(BlobType::Append));
    assert_eq!(properties.committed_block_count, Some(3));
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    assert_eq!(properties.metadata.get("k"), Some("v"));
    assert_eq!(properties.etag, etags[2]);

    let block = container.blob("block");
    block.upload("x").await.unwrap();
    refused(block.append("y").await, 409, ErrorCode::InvalidBlobType);
    // To make it again is to make it empty.
    blob.create_append_blob().await.unwrap();
    holds(&blob, b"").await;
}

pub(super) async fn appends_under_conditions(backend: &Backend) {
    let blob = backend.container("placed").await.blob("log");
    blob.create_append_blob().await.unwrap();
    blob.append("one\n").at_position(0).await.unwrap();
    for position in [0, 3, 5] {
        let elsewhere = blob.append("two\n").at_position(position).await;
        refused(elsewhere, 412, ErrorCode::AppendPositionConditionNotMet);
    }
    blob.append("two\n").at_position(4).await.unwrap();
    let large = blob.append("three\n").max_size(13).await;
    refused(large, 412, ErrorCode::MaxBlobSizeConditionNotMet);
    let last = blob.append("three\n").max_size(14).await.unwrap();
    let old = blob.append("four\n").if_none_match(&last.etag).await;
    refused(old, 412, ErrorCode::ConditionNotMet);
    let wrong = blob.append("four\n").md5().if_match(&last.etag).await.unwrap();
    assert_eq!(wrong.offset, Some(14));
    holds(&blob, b"one\ntwo\nthree\nfour\n").await;
}

pub(super) async fn a_sealed_blob_grows_no_more(backend: &Backend) {
    let container = backend.container("sealed").await;
    let blob = container.blob("log");
    refused(blob.seal().await, 404, ErrorCode::BlobNotFound);
    blob.create_append_blob().await.unwrap();
    blob.append("all").await.unwrap();
    if backend.knows(Feature::SealPosition) {
        let elsewhere = blob.seal().at_position(2).await;
        refused(elsewhere, 412, ErrorCode::AppendPositionConditionNotMet);
    }
    let sealed = blob.seal().at_position(3).await.unwrap();
    assert_eq!(sealed.sealed, Some(true));
    assert_eq!(blob.properties().await.unwrap().sealed, Some(true));
    refused(blob.append("more").await, 409, ErrorCode::BlobIsSealed);
    // It can be described all the same, and sealed again.
    blob.set_metadata().metadata("k", "v").await.unwrap();
    blob.seal().await.unwrap();
    holds(&blob, b"all").await;
    let block = container.blob("block");
    block.upload("x").await.unwrap();
    refused(block.seal().await, 409, ErrorCode::InvalidBlobType);
}
