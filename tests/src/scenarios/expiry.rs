//! Blobs that go by themselves, in accounts with folders.

use std::time::Duration;

use lazuli_protocol::{Clock as _, ErrorCode, SystemClock};

use crate::expect::{absent, holds, listed, refused};
use crate::{Backend, Trait};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn a_blob_is_given_an_end(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::HierarchicalNamespace) else {
        return;
    };
    let blob = backend.container_in(&blobs, "ends").await.blob("folder/a");
    refused(blob.expire_in(DAY).await, 404, ErrorCode::BlobNotFound);
    blob.upload("x").await.unwrap();
    let expiry = async || blob.properties().await.unwrap().expiry_time;
    assert_eq!(expiry().await, None);
    let before = SystemClock.now();
    blob.expire_in(DAY).await.unwrap();
    let first = expiry().await.unwrap();
    assert!((first - (before + DAY)).abs() < time::Duration::MINUTE, "{first}");
    blob.expire_after_creation(2 * DAY).await.unwrap();
    let created = blob.properties().await.unwrap().creation_time.unwrap();
    let second = expiry().await.unwrap();
    assert!(
        (second - (created + 2 * DAY)).abs() <= time::Duration::SECOND,
        "{second}"
    );
    let at = (before + 3 * DAY).replace_nanosecond(0).unwrap();
    blob.expire_at(at).await.unwrap();
    assert_eq!(expiry().await, Some(at));
    blob.never_expire().await.unwrap();
    assert_eq!(expiry().await, None);
    holds(&blob, b"x").await;
}

pub(super) async fn a_blob_is_gone_after_its_end(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::HierarchicalNamespace) else {
        return;
    };
    let container = backend.container_in(&blobs, "ended").await;
    let blob = container.blob("a");
    blob.upload("x").await.unwrap();
    blob.expire_in(Duration::from_millis(200)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    absent(&blob).await;
    assert!(listed(container.list()).await.is_empty());
}

pub(super) async fn an_account_without_folders_keeps_all(backend: &Backend) {
    if backend.lacks(crate::Feature::HierarchicalNamespace) {
        return;
    }
    let blob = backend.container("stays").await.blob("a");
    blob.upload("x").await.unwrap();
    refused(
        blob.expire_in(DAY).await,
        400,
        ErrorCode::HierarchicalNamespaceNotEnabled,
    );
}
