//! Many deletes and tier changes in one request, each with an outcome of its own.

use lazuli_blob::{Batch, BatchOutcome, BlobClient, Error};
use lazuli_protocol::{AccessTier, ErrorCode};

use crate::Backend;
use crate::expect::{absent, listed, refused};

fn blobs(container: &lazuli_blob::ContainerClient, count: usize) -> Vec<BlobClient> {
    let name = |at| format!("{at:03} ü+%");
    (0..count).map(|at| container.blob(name(at))).collect()
}

async fn written(blobs: &[BlobClient]) {
    for blob in blobs {
        blob.upload("x").await.unwrap();
    }
}

#[track_caller]
fn deleted(outcome: &Result<BatchOutcome, Error>) {
    assert!(matches!(outcome, Ok(BatchOutcome::Deleted(_))), "{outcome:?}");
}

pub(super) async fn each_part_has_an_outcome_of_its_own(backend: &Backend) {
    let container = backend.container("parts").await;
    let all = blobs(&container, 4);
    written(&all).await;
    let etag = all[2].properties().await.unwrap().etag;
    all[2].upload("y").await.unwrap();
    let batch = backend
        .blobs()
        .batch()
        .delete(&all[0])
        .set_tier(&all[1], AccessTier::Cool)
        .delete(&container.blob("missing"))
        .with(all[2].delete().if_match(&etag))
        .delete(&all[3]);
    let mut outcomes = batch.send().await;
    assert_eq!(outcomes.len(), 5);
    deleted(&outcomes[4]);
    refused(outcomes.remove(3), 412, ErrorCode::ConditionNotMet);
    refused(outcomes.remove(2), 404, ErrorCode::BlobNotFound);
    assert!(
        matches!(outcomes[1], Ok(BatchOutcome::TierSet(_))),
        "{outcomes:?}"
    );
    deleted(&outcomes[0]);
    absent(&all[0]).await;
    absent(&all[3]).await;
    let tier = all[1].properties().await.unwrap().access_tier;
    assert_eq!(tier, Some(AccessTier::Cool));
    assert_eq!(listed(container.list()).await.len(), 2);
}

pub(super) async fn a_batch_of_a_container(backend: &Backend) {
    let container = backend.container("within").await;
    let all = blobs(&container, 3);
    written(&all).await;
    let batch: Batch = all.iter().fold(container.batch(), Batch::delete);
    for outcome in batch.send().await {
        deleted(&outcome);
    }
    assert!(listed(container.list()).await.is_empty());
    assert!(container.batch().send().await.is_empty());
}

pub(super) async fn more_than_one_request_holds(backend: &Backend) {
    let container = backend.container("many").await;
    let all = blobs(&container, 300);
    written(&all[..3]).await;
    written(&all[297..]).await;
    let batch: Batch = all.iter().fold(container.batch(), Batch::delete);
    assert_eq!(batch.len(), 300);
    for (at, outcome) in batch.send().await.into_iter().enumerate() {
        match at {
            0..3 | 297.. => deleted(&outcome),
            _ => refused(outcome, 404, ErrorCode::BlobNotFound),
        }
    }
    assert!(listed(container.list()).await.is_empty());
}
