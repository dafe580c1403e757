//! What is written is what is read.

use std::io::Write as _;
use std::sync::Arc;

use lazuli_protocol::{BlobType, Body, Checksum, Crc64, FilePart, Md5};

use crate::expect::holds;
use crate::{Backend, Feature, content};

const KIB: usize = 1024;

pub(super) async fn content_of_any_size_comes_back(backend: &Backend) {
    let container = backend.container("sizes").await;
    for len in [
        0,
        1,
        2,
        511,
        512,
        64 * KIB - 1,
        64 * KIB,
        64 * KIB + 1,
        256 * KIB + 1,
        5 * KIB * KIB + 3,
    ] {
        let blob = container.blob(format!("of {len}"));
        let content = content::bytes(len as u64, len);
        blob.upload(content.clone()).await.unwrap();
        let download = blob.download().await.unwrap();
        assert_eq!(download.content_range(), None);
        assert_eq!(download.content_length(), len as u64);
        assert!(download.bytes().await.unwrap() == content, "{len}");
    }
}

pub(super) async fn properties_say_what_was_written(backend: &Backend) {
    let blob = backend.container("properties").await.blob("a/b");
    let written = blob.upload("hello").await.unwrap();
    let properties = blob.properties().await.unwrap();
    let read = blob.download().await.unwrap();
    for told in [&properties, read.properties()] {
        assert_eq!(told.etag, written.etag);
        assert_eq!(told.last_modified, written.last_modified);
        assert_eq!(told.content_length, 5);
        assert_eq!(told.blob_type, Some(BlobType::Block));
        assert_eq!(told.content_type.as_deref(), Some("application/octet-stream"));
        assert_eq!(told.content_md5, Some(Md5::of(b"hello")));
        assert_eq!(told.creation_time, Some(written.last_modified));
        assert!(told.metadata.is_empty());
        assert_eq!(told.content_encoding, None);
    }
}

pub(super) async fn a_new_write_replaces_all(backend: &Backend) {
    let blob = backend.container("replaced").await.blob("a");
    let first = blob
        .upload("a longer text")
        .content_type("text/plain")
        .metadata("k", "v")
        .await
        .unwrap();
    let created = blob.properties().await.unwrap().creation_time;
    let second = blob.upload("short").await.unwrap();
    assert_ne!(first.etag, second.etag);
    holds(&blob, b"short").await;
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.etag, second.etag);
    assert_eq!(properties.content_length, 5);
    assert_eq!(
        properties.content_type.as_deref(),
        Some("application/octet-stream")
    );
    assert!(properties.metadata.is_empty());
    if backend.knows(Feature::CreationTimeStays) {
        assert_eq!(properties.creation_time, created);
    }
    blob.upload("").await.unwrap();
    holds(&blob, b"").await;
}

pub(super) async fn a_part_of_a_file_is_sent(backend: &Backend) {
    let blob = backend.container("file").await.blob("part");
    let content = content::bytes(7, 600 * KIB);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    let part = FilePart {
        file: Arc::new(file),
        offset: 1000,
        length: 500_000,
    };
    let expected = &content[1000..501_000];
    let checksum = Checksum::Crc64(Crc64::of(expected));
    blob.upload(Body::file(part)).checksum(checksum).await.unwrap();
    holds(&blob, expected).await;
}
