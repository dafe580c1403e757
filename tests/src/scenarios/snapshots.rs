//! Snapshots: a blob as it was, beside the blob as it is.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::{DeleteSnapshots, LeaseTime, ListBlobsInclude};
use lazuli_blob::{BlobClient, ContainerClient};
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::ListBlobsEntry;

use crate::expect::{absent, holds, refused};
use crate::{Backend, Feature};

async fn read(blob: &BlobClient, snapshot: &str) -> String {
    let read = blob.download().snapshot(snapshot).await.unwrap();
    String::from_utf8(read.bytes().await.unwrap().to_vec()).unwrap()
}

/// What is listed with snapshots: names, with the snapshot's id behind those that are one.
async fn listed(container: &ContainerClient) -> Vec<(String, Option<String>)> {
    let items = container.list().include(ListBlobsInclude::Snapshots).items();
    let entries: Vec<_> = items.try_collect().await.unwrap();
    let pair = |entry| match entry {
        ListBlobsEntry::Blob(blob) => (blob.name.clone(), blob.snapshot.clone()),
        other => panic!("{other:?}"),
    };
    entries.into_iter().map(pair).collect()
}

pub(super) async fn a_snapshot_stays_as_the_blob_was(backend: &Backend) {
    let container = backend.container("snapshots").await;
    let blob = container.blob("a");
    refused(blob.create_snapshot().await, 404, ErrorCode::BlobNotFound);
    let written = blob
        .upload("first")
        .metadata("stage", "1")
        .content_type("text/plain")
        .await
        .unwrap();
    let first = blob.create_snapshot().await.unwrap();
    assert_eq!(first.etag, written.etag);
    blob.upload("second").await.unwrap();
    let second = blob.create_snapshot().await.unwrap();
    assert!(first.snapshot < second.snapshot, "{first:?} {second:?}");
    blob.upload("third").await.unwrap();

    assert_eq!(read(&blob, &first.snapshot).await, "first");
    assert_eq!(read(&blob, &second.snapshot).await, "second");
    holds(&blob, b"third").await;
    let properties = blob.properties().snapshot(first.snapshot.as_str()).await.unwrap();
    assert_eq!(properties.etag, written.etag);
    assert_eq!(properties.metadata.get("stage"), Some("1"));
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    let nothing = blob.download().snapshot("2020-01-01T00:00:00.0000000Z");
    refused(nothing.await, 404, ErrorCode::BlobNotFound);

    // Snapshots come before the blob that they are of, the oldest first.
    let name = "a".to_owned();
    let mut all = listed(&container).await;
    if !backend.knows(Feature::SnapshotsFirst) {
        all.reverse();
    }
    assert_eq!(
        all,
        [
            (name.clone(), Some(first.snapshot)),
            (name.clone(), Some(second.snapshot)),
            (name, None),
        ]
    );
    assert_eq!(crate::expect::listed(container.list()).await, ["a"]);
}

pub(super) async fn a_snapshot_may_have_metadata_of_its_own(backend: &Backend) {
    let blob = backend.container("described").await.blob("a");
    let written = blob.upload("x").metadata("of", "the blob").await.unwrap();
    let taken = blob
        .create_snapshot()
        .metadata("of", "the snapshot")
        .await
        .unwrap();
    let of = async |snapshot: Option<&str>| {
        let call = blob.properties();
        let call = match snapshot {
            Some(id) => call.snapshot(id),
            None => call,
        };
        let properties = call.await.unwrap();
        properties.metadata.get("of").map(str::to_owned)
    };
    assert_eq!(of(Some(&taken.snapshot)).await.as_deref(), Some("the snapshot"));
    assert_eq!(of(None).await.as_deref(), Some("the blob"));
    assert_eq!(blob.properties().await.unwrap().etag, written.etag);
}

pub(super) async fn a_snapshot_is_taken_under_conditions(backend: &Backend) {
    let blob = backend.container("taken").await.blob("a");
    let old = blob.upload("x").await.unwrap();
    let new = blob.upload("y").await.unwrap();
    let changed = blob.create_snapshot().if_match(&old.etag).await;
    refused(changed, 412, ErrorCode::ConditionNotMet);
    blob.create_snapshot().if_match(&new.etag).await.unwrap();
    // A lease keeps nobody from it.
    blob.acquire_lease(LeaseTime::Infinite).await.unwrap();
    blob.create_snapshot().await.unwrap();
    let other = "00000000-0000-4000-8000-000000000001".parse().unwrap();
    let shown = blob.create_snapshot().lease(other).await;
    refused(shown, 412, ErrorCode::LeaseIdMismatchWithBlobOperation);
}

pub(super) async fn a_blob_is_deleted_with_its_snapshots_or_not_at_all(backend: &Backend) {
    let container = backend.container("along").await;
    let blob = container.blob("a");
    blob.upload("first").await.unwrap();
    let first = blob.create_snapshot().await.unwrap().snapshot;
    let second = blob.create_snapshot().await.unwrap().snapshot;
    let third = blob.create_snapshot().await.unwrap().snapshot;
    refused(blob.delete().await, 409, ErrorCode::SnapshotsPresent);
    blob.delete().snapshot(second.as_str()).await.unwrap();
    let gone = blob.download().snapshot(second).await;
    refused(gone, 404, ErrorCode::BlobNotFound);
    assert_eq!(read(&blob, &first).await, "first");

    blob.delete().snapshots(DeleteSnapshots::Only).await.unwrap();
    holds(&blob, b"first").await;
    let gone = blob.download().snapshot(third).await;
    refused(gone, 404, ErrorCode::BlobNotFound);
    assert_eq!(listed(&container).await, [("a".to_owned(), None)]);

    blob.create_snapshot().await.unwrap();
    blob.delete().snapshots(DeleteSnapshots::Include).await.unwrap();
    absent(&blob).await;
    assert_eq!(listed(&container).await, []);
}
