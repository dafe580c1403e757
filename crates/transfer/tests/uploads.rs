//! Uploads: in one piece and in blocks, of files that rest and files that do not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

mod workbench;

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use lazuli_protocol::{BlockListKind, ErrorCode};
use lazuli_transfer::{ErrorKind, Event, Observer, Options, Transfer};
use workbench::{container, content, honest_container};

const KIB: usize = 1024;

#[tokio::test]
async fn files_of_every_kind_of_size_arrive_as_they_are() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    let transfer = Transfer::new(Options::default().block_bytes(300 * 1024));
    for size in [
        0,
        1,
        256 * KIB,
        256 * KIB + 1,
        300 * KIB,
        300 * KIB + 1,
        600 * KIB,
        3000 * KIB + 7,
    ] {
        let (path, content) = (folder.path().join("file"), content(size));
        fs::write(&path, &content).unwrap();
        let blob = container.blob(format!("{size}.bin"));
        let summary = transfer.upload_file(&path, &blob).await.unwrap();
        assert_eq!(
            (summary.files, summary.bytes, summary.verified.crc64),
            (1, size as u64, 1),
            "{size}"
        );
        assert_eq!(
            blob.download().await.unwrap().bytes().await.unwrap(),
            content,
            "{size}"
        );
        let blocks = blob.block_list(BlockListKind::All).await.unwrap().blocks;
        let expected = if size > 300 * KIB {
            size.div_ceil(300 * KIB)
        } else {
            0
        };
        assert_eq!(
            (blocks.committed.len(), blocks.uncommitted.len()),
            (expected, 0),
            "{size}"
        );
    }
}

#[tokio::test]
async fn a_content_type_follows_from_the_name() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    fs::write(folder.path().join("a.html"), "<p>").unwrap();
    let blob = container.blob("a");
    Transfer::new(Options::default())
        .upload_file(&folder.path().join("a.html"), &blob)
        .await
        .unwrap();
    let properties = blob.properties().await.unwrap();
    assert_eq!(
        properties.content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_does_not_become_a_blob() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, content(2000 * KIB)).unwrap();
    let changed = path.clone();
    let container = container(move |request, answer| {
        if request
            .uri
            .query()
            .is_some_and(|query| query.contains("comp=block&"))
        {
            fs::write(&changed, content(1999 * KIB)).unwrap();
        }
        answer
    })
    .await;
    let blob = container.blob("file");
    let transfer = Transfer::new(Options::default().block_bytes(300 * 1024).requests(1));
    let error = transfer.upload_file(&path, &blob).await.unwrap_err();
    // Either the change is seen, or the service refuses a block that no longer has its checksum.
    assert!(
        error.kind() == ErrorKind::Changed || error.code() == Some(&ErrorCode::Crc64Mismatch),
        "{error:?}"
    );
    assert_eq!(
        blob.properties().await.unwrap_err().code(),
        Some(&ErrorCode::BlobNotFound)
    );
}

#[tokio::test]
async fn an_acknowledgement_of_other_content_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "hello").unwrap();
    let container = container(|request, mut answer| {
        if request.method == Method::PUT && request.uri.path().ends_with("/file") {
            answer
                .headers_mut()
                .insert("x-ms-content-crc64", "AAAAAAAAAAA=".parse().unwrap());
        }
        answer
    })
    .await;
    let error = Transfer::new(Options::default())
        .upload_file(&path, &container.blob("file"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
}

#[tokio::test]
async fn what_is_there_is_kept_when_it_is_not_to_be_replaced() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    for (name, size) in [("small", 10), ("large", 900 * KIB)] {
        fs::write(folder.path().join(name), content(size)).unwrap();
        container.blob(name).upload("old").await.unwrap();
    }
    fs::write(folder.path().join("new"), "new").unwrap();
    let careful = Transfer::new(Options::default().overwrite(false).block_bytes(300 * 1024));
    let summary = careful.upload_tree(folder.path(), &container, "").await.unwrap();
    assert_eq!((summary.files, summary.skipped, summary.failed), (1, 2, 0));
    assert_eq!(
        container
            .blob("large")
            .download()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap(),
        "old"
    );
}

#[tokio::test]
async fn a_missing_file_is_an_error_that_names_it() {
    let container = honest_container().await;
    let error = Transfer::new(Options::default())
        .upload_file("no/such/file".as_ref(), &container.blob("a"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("no/such/file"), "{error}");
}

#[tokio::test]
async fn one_file_that_fails_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let container = container(|request, mut answer| {
        if request.method == Method::PUT && request.uri.path().ends_with("/p/b") {
            *answer.status_mut() = http::StatusCode::FORBIDDEN;
        }
        answer
    })
    .await;
    let summary = Transfer::new(Options::default())
        .upload_tree(folder.path(), &container, "p")
        .await
        .unwrap();
    assert_eq!((summary.files, summary.failed), (2, 1));
    assert_eq!(summary.failures[0].name, "p/b");
}

#[derive(Default)]
struct Tally {
    found: AtomicU64,
    moved: AtomicU64,
    finished: AtomicU64,
}

impl Observer for Tally {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Found { bytes, .. } => self.found.fetch_add(*bytes, Ordering::SeqCst),
            Event::Moved { bytes } => self.moved.fetch_add(*bytes, Ordering::SeqCst),
            Event::Finished { bytes, .. } => self.finished.fetch_add(*bytes, Ordering::SeqCst),
            _ => 0,
        };
    }
}

#[tokio::test]
async fn an_observer_sees_every_byte() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    for (name, size) in [("a", 0), ("b", 5), ("c", 700 * KIB)] {
        fs::write(folder.path().join(name), content(size)).unwrap();
    }
    let tally = Arc::new(Tally::default());
    let transfer = Transfer::new(Options::default().block_bytes(300 * 1024)).observe(tally.clone());
    let total = transfer
        .upload_tree(folder.path(), &container, "")
        .await
        .unwrap()
        .bytes;
    for count in [&tally.found, &tally.moved, &tally.finished] {
        assert_eq!(count.load(Ordering::SeqCst), total);
    }
}
