//! Lists of blobs: their order, their folders, what they say.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_protocol::xml::{BlockId, ListBlobsEntry};
use lazuli_protocol::{BlobType, ErrorCode, Md5};

use crate::expect::{listed, put_all, refused};
use crate::{Backend, Feature};

const TREE: [&str; 9] = ["a", "a/1", "a/2/x", "a/2/y", "a/3", "ab", "b/1", "b/c/d/e", "c"];

pub(super) async fn names_come_in_order(backend: &Backend) {
    let container = backend.container("order").await;
    assert!(listed(container.list()).await.is_empty());
    let mut names = [
        "b", "a", "B", "a/b", "a-b", "a.b", "a0", "aa", "Z", "~", "!", "ä", "z", "日", "_",
    ];
    put_all(&container, &names).await;
    names.sort_unstable();
    assert_eq!(listed(container.list()).await, names);
}

pub(super) async fn a_delimiter_makes_folders(backend: &Backend) {
    let container = backend.container("folders").await;
    put_all(&container, &TREE).await;
    for (prefix, expected) in [
        ("", vec!["a", "|a/", "ab", "|b/", "c"]),
        ("a", vec!["a", "|a/", "ab"]),
        ("a/", vec!["a/1", "|a/2/", "a/3"]),
        ("a/2", vec!["|a/2/"]),
        ("a/2/", vec!["a/2/x", "a/2/y"]),
        ("b/", vec!["b/1", "|b/c/"]),
        ("b/c/", vec!["|b/c/d/"]),
        ("none/", vec![]),
    ] {
        let found = listed(container.list().prefix(prefix).delimiter("/")).await;
        assert_eq!(found, in_order(backend, &expected), "{prefix:?}");
    }
    // Any text divides, also one of several characters.
    let found = listed(container.list().delimiter("2/")).await;
    let folder = match backend.knows(Feature::LongDelimiters) {
        true => "|a/2/",
        false => "|a/2",
    };
    let expected = ["a", "a/1", folder, "a/3", "ab", "b/1", "b/c/d/e", "c"];
    assert_eq!(found, in_order(backend, &expected));
}

// Azurite puts the prefixes of a page before its blobs.
fn in_order<'a>(backend: &Backend, names: &[&'a str]) -> Vec<&'a str> {
    let mut names = names.to_vec();
    if !backend.knows(Feature::PrefixesInOrder) {
        names.sort_by_key(|name| !name.starts_with('|'));
    }
    names
}

pub(super) async fn a_prefix_selects(backend: &Backend) {
    let container = backend.container("prefix").await;
    put_all(&container, &TREE).await;
    for prefix in ["", "a", "a/", "a/2", "b/c/d/e", "b/c/d/e/", "A", "\u{10ffff}"] {
        let expected: Vec<_> = TREE.into_iter().filter(|name| name.starts_with(prefix)).collect();
        assert_eq!(
            listed(container.list().prefix(prefix)).await,
            expected,
            "{prefix:?}"
        );
    }
}

pub(super) async fn a_list_starts_from_a_name(backend: &Backend) {
    let container = backend.container("from").await;
    put_all(&container, &TREE).await;
    for from in ["a", "a/2", "a/2/y", "ab", "bb", "c", "d"] {
        let expected: Vec<_> = TREE.into_iter().filter(|name| *name >= from).collect();
        assert_eq!(
            listed(container.list().start_from(from)).await,
            expected,
            "{from:?}"
        );
        let paged = listed(container.list().start_from(from).page_size(2)).await;
        assert_eq!(paged, expected, "{from:?}, two at a time");
    }
}

pub(super) async fn uncommitted_blobs_show_when_asked_for(backend: &Backend) {
    let container = backend.container("uncommitted").await;
    put_all(&container, &["a", "c"]).await;
    let block = BlockId::new(b"one").unwrap();
    container.blob("b").put_block(block, "pending").await.unwrap();
    assert_eq!(listed(container.list()).await, ["a", "c"]);
    let all = container.list().include(ListBlobsInclude::UncommittedBlobs);
    let all: Vec<_> = all.items().try_collect().await.unwrap();
    let sizes: Vec<_> = all
        .iter()
        .map(|entry| match entry {
            ListBlobsEntry::Blob(blob) => (blob.name.as_str(), blob.content_length),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sizes, [("a", 1), ("b", 0), ("c", 1)]);
}

pub(super) async fn entries_say_what_the_blob_is(backend: &Backend) {
    let container = backend.container("entries").await;
    let blob = container.blob("a");
    let written = blob
        .upload("hello")
        .content_type("text/plain")
        .cache_control("no-store")
        .await
        .unwrap();
    let properties = blob.properties().await.unwrap();
    let entries: Vec<_> = container.list().items().try_collect().await.unwrap();
    let [ListBlobsEntry::Blob(entry)] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(entry.etag, Some(written.etag));
    assert_eq!(entry.last_modified, Some(written.last_modified));
    assert_eq!(entry.creation_time, properties.creation_time);
    assert_eq!(entry.content_length, 5);
    assert_eq!(entry.content_type.as_deref(), Some("text/plain"));
    assert_eq!(entry.cache_control.as_deref(), Some("no-store"));
    assert_eq!(entry.content_encoding, None);
    assert_eq!(entry.content_md5, Some(Md5::of(b"hello")));
    assert_eq!(entry.blob_type, Some(BlobType::Block));
    assert_eq!(entry.access_tier, properties.access_tier);
    assert_eq!(entry.lease_state, properties.lease_state);
    assert!(!entry.deleted && entry.snapshot.is_none());
}

pub(super) async fn a_missing_container_cannot_be_listed(backend: &Backend) {
    let container = backend.blobs().container(backend.name("missing"));
    let page = container.list().pages().try_next().await;
    refused(page, 404, ErrorCode::ContainerNotFound);
}
