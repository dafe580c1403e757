//! Versions: each write leaves what was there before.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_blob::{BlobClient, ContainerClient};
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{AccessTier, ErrorCode};

use crate::expect::{absent, holds, listed, refused};
use crate::{Backend, Trait};

async fn versions(container: &ContainerClient) -> Vec<(String, bool)> {
    let items = container.list().include(ListBlobsInclude::Versions).items();
    let entries: Vec<_> = items.try_collect().await.unwrap();
    let version = |entry| match entry {
        ListBlobsEntry::Blob(blob) => (
            blob.version_id.clone().unwrap(),
            blob.is_current_version == Some(true),
        ),
        other => panic!("{other:?}"),
    };
    entries.into_iter().map(version).collect()
}

async fn read(blob: &BlobClient, version: &str) -> String {
    let read = blob.download().version(version).await.unwrap();
    assert_eq!(read.properties().version_id.as_deref(), Some(version));
    String::from_utf8(read.bytes().await.unwrap().to_vec()).unwrap()
}

/// Writes a blob several times, and gives the version of each write.
async fn written(blob: &BlobClient, contents: &[&'static str]) -> Vec<String> {
    let mut versions = Vec::new();
    for content in contents {
        let written = blob.upload(*content).await.unwrap();
        versions.push(written.version_id.unwrap());
    }
    versions
}

pub(super) async fn each_write_leaves_a_version(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::Versioning) else {
        return;
    };
    let container = backend.container_in(&blobs, "versions").await;
    let blob = container.blob("a");
    let ids = written(&blob, &["first", "second", "third"]).await;
    assert!(ids.is_sorted());
    for (id, content) in ids.iter().zip(["first", "second", "third"]) {
        assert_eq!(read(&blob, id).await, content);
    }
    holds(&blob, b"third").await;
    let expected: Vec<_> = ids.iter().map(|id| (id.clone(), *id == ids[2])).collect();
    assert_eq!(versions(&container).await, expected);
    assert_eq!(listed(container.list()).await, ["a"]);

    let described = blob.set_metadata().metadata("stage", "4").await.unwrap();
    let fourth = described.version_id.unwrap();
    assert!(fourth > ids[2]);
    let third = blob.properties().version(ids[2].as_str()).await.unwrap();
    assert_eq!(
        (third.is_current_version, third.metadata.is_empty()),
        (None, true)
    );
    let current = blob.properties().await.unwrap();
    assert_eq!(current.version_id.as_deref(), Some(&*fourth));
    assert_eq!(current.is_current_version, Some(true));
    let nothing = blob.download().version("2020-01-01T00:00:00.0000000Z");
    refused(nothing.await, 404, ErrorCode::BlobNotFound);
}

pub(super) async fn a_version_is_deleted_alone(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::Versioning) else {
        return;
    };
    let container = backend.container_in(&blobs, "thinned").await;
    let blob = container.blob("a");
    let ids = written(&blob, &["first", "second", "third"]).await;
    blob.delete().version(ids[0].as_str()).await.unwrap();
    let gone = blob.download().version(ids[0].as_str()).await;
    refused(gone, 404, ErrorCode::BlobNotFound);
    // A version can be in another class than the blob.
    blob.set_tier(AccessTier::Cool)
        .version(ids[1].as_str())
        .await
        .unwrap();
    let second = blob.properties().version(ids[1].as_str()).await.unwrap();
    assert_eq!(second.access_tier, Some(AccessTier::Cool));

    // Delete Blob leaves the blob as a version, and no current one.
    blob.delete().await.unwrap();
    absent(&blob).await;
    assert_eq!(read(&blob, &ids[2]).await, "third");
    assert_eq!(
        versions(&container).await,
        [(ids[1].clone(), false), (ids[2].clone(), false)]
    );
    assert!(listed(container.list()).await.is_empty());
}

pub(super) async fn an_old_version_is_made_the_current_one(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::Versioning) else {
        return;
    };
    let container = backend.container_in(&blobs, "promoted").await;
    let blob = container.blob("a");
    let ids = written(&blob, &["first", "second"]).await;
    blob.promote(&ids[0]).await.unwrap();
    holds(&blob, b"first").await;
    let current = blob.properties().await.unwrap().version_id.unwrap();
    assert!(current > ids[1]);
    assert_eq!(
        versions(&container).await,
        [(ids[0].clone(), false), (ids[1].clone(), false), (current, true)]
    );
    // A deleted blob comes back that way, too.
    blob.delete().await.unwrap();
    absent(&blob).await;
    blob.promote(&ids[1]).await.unwrap();
    holds(&blob, b"second").await;
}
