//! Price classes: what a blob is moved between, and the long way out of the archive.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::TierSet;
use lazuli_blob::{BlobClient, Polling};
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{AccessTier, ArchiveStatus, ErrorCode, RehydratePriority};

use crate::expect::{absent, holds, refused};
use crate::{Backend, Trait};

async fn tier(blob: &BlobClient) -> (Option<AccessTier>, Option<bool>) {
    let properties = blob.properties().await.unwrap();
    (properties.access_tier, properties.access_tier_inferred)
}

pub(super) async fn a_blob_is_moved_between_price_classes(backend: &Backend) {
    let container = backend.container("tiers").await;
    let blob = container.blob("a");
    refused(
        blob.set_tier(AccessTier::Cool).await,
        404,
        ErrorCode::BlobNotFound,
    );
    let written = blob.upload("x").await.unwrap();
    assert_eq!(tier(&blob).await, (Some(AccessTier::Hot), Some(true)));
    for to in [AccessTier::Cool, AccessTier::Cold, AccessTier::Hot] {
        assert_eq!(blob.set_tier(to.clone()).await.unwrap(), TierSet::Applied);
        let properties = blob.properties().await.unwrap();
        assert_eq!(properties.access_tier, Some(to));
        assert_ne!(properties.access_tier_inferred, Some(true));
        assert!(properties.access_tier_change_time.is_some());
        assert_eq!(properties.etag, written.etag);
        holds(&blob, b"x").await;
    }
    blob.upload("y").access_tier(AccessTier::Cool).await.unwrap();
    let entries: Vec<_> = container.list().items().try_collect().await.unwrap();
    let [ListBlobsEntry::Blob(listed)] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(listed.access_tier, Some(AccessTier::Cool));
}

pub(super) async fn an_archived_blob_cannot_be_read(backend: &Backend) {
    let blob = backend.container("archived").await.blob("a");
    blob.upload("x").metadata("k", "v").await.unwrap();
    let set = blob.set_tier(AccessTier::Archive).await.unwrap();
    assert_eq!(set, TierSet::Applied);
    refused(blob.download().await, 409, ErrorCode::BlobArchived);
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.access_tier, Some(AccessTier::Archive));
    assert_eq!(properties.metadata.get("k"), Some("v"));
    blob.delete().await.unwrap();
    absent(&blob).await;
}

pub(super) async fn a_blob_comes_back_from_the_archive(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::QuickRehydration) else {
        return;
    };
    let blob = backend.container_in(&blobs, "rehydrated").await.blob("a");
    blob.upload("x").access_tier(AccessTier::Archive).await.unwrap();
    let set = blob
        .set_tier(AccessTier::Cool)
        .rehydrate_priority(RehydratePriority::High);
    assert_eq!(set.await.unwrap(), TierSet::Pending);
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.access_tier, Some(AccessTier::Archive));
    assert_eq!(
        properties.archive_status,
        Some(ArchiveStatus::RehydratePendingToCool)
    );
    assert_eq!(properties.rehydrate_priority, Some(RehydratePriority::High));
    refused(
        blob.set_tier(AccessTier::Archive).await,
        409,
        ErrorCode::BlobBeingRehydrated,
    );

    let polling = Polling::new(Duration::from_millis(20), Duration::from_millis(100));
    let back = blob.wait_until_rehydrated().polling(polling).await.unwrap();
    assert_eq!(
        (back.access_tier, back.archive_status),
        (Some(AccessTier::Cool), None)
    );
    holds(&blob, b"x").await;
}
