//! What was deleted, and can be brought back for a while.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::{DeleteSnapshots, ListBlobsInclude};
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::ListBlobsEntry;

use crate::expect::{absent, holds, listed, refused};
use crate::{Backend, Trait};

pub(super) async fn a_deleted_blob_is_brought_back(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::SoftDelete) else {
        return;
    };
    let container = backend.container_in(&blobs, "kept").await;
    let blob = container.blob("a");
    refused(blob.undelete().await, 404, ErrorCode::BlobNotFound);
    blob.upload("x").metadata("k", "v").await.unwrap();
    let snapshot = blob.create_snapshot().await.unwrap().snapshot;
    let deleted = blob.delete().snapshots(DeleteSnapshots::Include).await.unwrap();
    assert_eq!(deleted.permanent, Some(false));
    absent(&blob).await;
    assert!(listed(container.list()).await.is_empty());
    let items = container
        .list()
        .include(ListBlobsInclude::Deleted)
        .include(ListBlobsInclude::Snapshots)
        .items();
    let entries: Vec<_> = items.try_collect().await.unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let ListBlobsEntry::Blob(item) = entry else {
            panic!("{entry:?}");
        };
        assert!(item.deleted && item.deleted_time.is_some());
        assert!(item.remaining_retention_days.is_some_and(|days| days <= 7));
    }

    blob.undelete().await.unwrap();
    holds(&blob, b"x").await;
    assert_eq!(blob.properties().await.unwrap().metadata.get("k"), Some("v"));
    let old = blob.download().snapshot(snapshot).await.unwrap();
    assert_eq!(old.bytes().await.unwrap(), "x");
    // Of what is there there is nothing to bring back, and that is no error.
    blob.undelete().await.unwrap();
}
