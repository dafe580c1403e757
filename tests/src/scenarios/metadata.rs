//! The caller's own pairs.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{ErrorCode, Metadata};

use crate::Backend;
use crate::expect::refused;

fn pairs(metadata: &Metadata) -> Vec<(&str, &str)> {
    metadata.iter().collect()
}

pub(super) async fn metadata_comes_back_and_is_replaced_whole(backend: &Backend) {
    let blob = backend.container("pairs").await.blob("a");
    let first = blob
        .upload("x")
        .metadata("Project", "apollo")
        .metadata("stage", "2")
        .await
        .unwrap();
    let properties = blob.properties().await.unwrap();
    // Headers have no case to this client, so names have none.
    assert_eq!(
        pairs(&properties.metadata),
        [("project", "apollo"), ("stage", "2")]
    );
    assert_eq!(properties.metadata.get("PROJECT"), Some("apollo"));
    let read = blob.download().await.unwrap();
    assert_eq!(read.properties().metadata, properties.metadata);

    let set = blob
        .set_metadata()
        .metadata("STAGE", "3")
        .metadata("crew", "Armstrong, Aldrin")
        .await
        .unwrap();
    assert_ne!(set.etag, first.etag);
    let properties = blob.properties().await.unwrap();
    assert_eq!(
        pairs(&properties.metadata),
        [("crew", "Armstrong, Aldrin"), ("stage", "3")]
    );
    assert_eq!(properties.etag, set.etag);
    assert_eq!(properties.content_length, 1);

    blob.set_metadata().await.unwrap();
    assert!(blob.properties().await.unwrap().metadata.is_empty());
    let missing = blob.container().blob("b").set_metadata().metadata("k", "v").await;
    refused(missing, 404, ErrorCode::BlobNotFound);
}

pub(super) async fn metadata_shows_in_lists_when_asked_for(backend: &Backend) {
    let container = backend.container("listed").await;
    container
        .blob("a")
        .upload("x")
        .metadata("color", "<blue> & \"green\"")
        .await
        .unwrap();
    container.blob("b").upload("x").await.unwrap();
    for asked in [true, false] {
        let list = container.list();
        let list = if asked {
            list.include(ListBlobsInclude::Metadata)
        } else {
            list
        };
        let entries: Vec<_> = list.items().try_collect().await.unwrap();
        let [ListBlobsEntry::Blob(a), ListBlobsEntry::Blob(b)] = entries.as_slice() else {
            panic!("{entries:?}");
        };
        assert_eq!(a.metadata.get("color"), asked.then_some("<blue> & \"green\""));
        assert!(b.metadata.is_empty());
    }
}

pub(super) async fn values_at_their_limits(backend: &Backend) {
    let blob = backend.container("limits").await.blob("a");
    let long = "v".repeat(4000);
    let call = blob
        .upload("x")
        .metadata("a", "=?;,/ %20+&#")
        .metadata("_9", "two  spaces")
        .metadata("long", long.as_str());
    call.await.unwrap();
    let metadata = blob.properties().await.unwrap().metadata;
    assert_eq!(
        pairs(&metadata),
        [
            ("_9", "two  spaces"),
            ("a", "=?;,/ %20+&#"),
            ("long", long.as_str())
        ]
    );
    // What cannot be kept is not sent.
    for (name, value) in [
        ("no-hyphens", "v"),
        ("1st", "v"),
        ("", "v"),
        ("k", "line\nbreak"),
        ("k", "ü"),
    ] {
        let error = blob.set_metadata().metadata(name, value).await.unwrap_err();
        assert_eq!(
            error.kind(),
            lazuli_blob::ErrorKind::InvalidInput,
            "{name:?} {value:?}"
        );
    }
    assert_eq!(blob.properties().await.unwrap().metadata, metadata);
}
