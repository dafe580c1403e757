//! Trees and files, to and fro, by the transfer engine.

use std::fs;
use std::path::Path;

use lazuli_transfer::{ErrorKind, Options, Summary, Transfer};

use crate::expect::{holds, listed, put_all};
use crate::tree::{self, ODD_NAMES};
use crate::{Backend, Feature, content};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const BLOCK: u64 = MIB;

fn engine() -> Transfer {
    Transfer::new(Options::default().block_bytes(BLOCK).requests(8))
}

#[track_caller]
fn all_went_well(summary: &Summary, files: usize) {
    let failures: Vec<_> = summary
        .failures
        .iter()
        .map(|failure| failure.error.to_string())
        .collect();
    assert_eq!((summary.failed, summary.skipped, failures), (0, 0, vec![]));
    assert_eq!(summary.files, files as u64);
}

/// Downloads are checked by CRC64 where the service computes it, and else by MD5; never by their length alone.
#[track_caller]
fn all_was_checked(backend: &Backend, summary: &Summary) {
    let by = summary.verified;
    assert_eq!((by.crc64 + by.md5, by.length), (summary.files, 0));
    if backend.knows(Feature::RangeCrc64) {
        assert_eq!(by.crc64, summary.files);
    }
}

async fn there_and_back(backend: &Backend, source: &Path, prefix: &str) {
    let container = backend.container("tree").await;
    let files = tree::files(source);
    let sent = engine().upload_tree(source, &container, prefix).await.unwrap();
    all_went_well(&sent, files.len());
    assert_eq!(sent.bytes, files.values().map(|held| held.len).sum::<u64>());
    assert_eq!(sent.verified.crc64, sent.files);
    assert_eq!(listed(container.list()).await.len(), files.len());

    let back = tempfile::tempdir().unwrap();
    let target = back.path().join("made/on/the/way");
    let brought = engine().download_tree(&container, prefix, &target).await.unwrap();
    all_went_well(&brought, files.len());
    all_was_checked(backend, &brought);
    assert_eq!(brought.bytes, sent.bytes);
    tree::assert_same_files(&files, &tree::files(&target));

    let deleted = engine().delete_tree(&container, prefix).await.unwrap();
    all_went_well(&deleted, files.len());
    assert!(listed(container.list()).await.is_empty());
}

pub(super) async fn a_tree_goes_up_and_comes_down(backend: &Backend) {
    let source = tempfile::tempdir().unwrap();
    tree::write_odd_names(source.path());
    tree::write_small_files(source.path(), 150);
    there_and_back(backend, source.path(), "").await;
    there_and_back(backend, source.path(), "a folder/ü + %20").await;
}

pub(super) async fn sizes_around_every_boundary(backend: &Backend) {
    let source = tempfile::tempdir().unwrap();
    let piece = content::PIECE as u64;
    let around = |edge: u64| [edge - 1, edge, edge + 1];
    // What is read at once; one block; some blocks; the ranges of a download.
    let edges = [piece, BLOCK, 3 * BLOCK, 4 * MIB, 8 * MIB];
    let sizes = edges.into_iter().flat_map(around).chain([0, 1, 2]);
    for (seed, len) in (0..).zip(sizes) {
        content::write_file(&source.path().join(format!("of {len}")), seed, len).unwrap();
    }
    there_and_back(backend, source.path(), "sizes").await;
}

pub(super) async fn what_is_there_is_kept_when_asked(backend: &Backend) {
    let container = backend.container("kept").await;
    container.blob("a").upload("old").await.unwrap();
    let source = tempfile::tempdir().unwrap();
    tree::write(source.path(), "a", b"new");
    tree::write(source.path(), "b", b"new");
    let kind = Transfer::new(Options::default().overwrite(false));
    let sent = kind.upload_tree(source.path(), &container, "").await.unwrap();
    assert_eq!((sent.files, sent.skipped, sent.failed), (1, 1, 0));
    holds(&container.blob("a"), b"old").await;
    holds(&container.blob("b"), b"new").await;

    let brought = kind.download_tree(&container, "", source.path()).await.unwrap();
    assert_eq!((brought.files, brought.skipped, brought.failed), (0, 2, 0));
    assert_eq!(fs::read(source.path().join("a")).unwrap(), b"new");

    all_went_well(
        &engine().upload_tree(source.path(), &container, "").await.unwrap(),
        2,
    );
    holds(&container.blob("a"), b"new").await;
}

pub(super) async fn names_that_no_file_can_have_are_refused(backend: &Backend) {
    let container = backend.container("escapes").await;
    let bad = ["/etc/passwd", "//double", "a//b", "C:/windows", "d:evil", "full/"];
    put_all(&container, &bad).await;
    put_all(&container, &["good", "good folder/x"]).await;
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("inside");
    let brought = engine().download_tree(&container, "", &target).await.unwrap();
    assert_eq!((brought.files, brought.failed), (2, bad.len() as u64));
    for failure in &brought.failures {
        assert_eq!(failure.error.kind(), ErrorKind::InvalidName, "{}", failure.error);
        assert!(bad.contains(&failure.name.as_str()), "{}", failure.name);
    }
    assert_eq!(
        tree::names(outside.path()),
        ["inside/good", "inside/good folder/x"]
    );
}

pub(super) async fn only_what_is_below_the_prefix_is_deleted(backend: &Backend) {
    let container = backend.container("below").await;
    put_all(&container, &["a", "a/b", "a/b/c", "ab", "a b", "b/a"]).await;
    let deleted = engine().delete_tree(&container, "a").await.unwrap();
    all_went_well(&deleted, 3);
    assert_eq!(listed(container.list()).await, ["a b", "ab", "b/a"]);
}

pub(super) async fn one_file_at_a_time(backend: &Backend) {
    let container = backend.container("single").await;
    let folder = tempfile::tempdir().unwrap();
    for (seed, len) in (0..).zip([0, 1, 5 * MIB + 17]) {
        let (source, target) = (
            folder.path().join(format!("{len}.html")),
            folder.path().join(format!("{len}.back")),
        );
        content::write_file(&source, seed, len).unwrap();
        let blob = container.blob(format!("{} {len}", ODD_NAMES[0]));
        let sent = engine().upload_file(&source, &blob).await.unwrap();
        all_went_well(&sent, 1);
        assert_eq!(sent.bytes, len);
        let content_type = blob.properties().await.unwrap().content_type;
        assert_eq!(content_type.as_deref(), Some("text/html; charset=utf-8"));
        let brought = engine().download_file(&blob, &target).await.unwrap();
        all_went_well(&brought, 1);
        all_was_checked(backend, &brought);
        assert_eq!(tree::Held::of_file(&source), tree::Held::of_file(&target));
    }
    let missing = engine()
        .download_file(&container.blob("none"), &folder.path().join("none"))
        .await;
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::Blob);
    assert!(!folder.path().join("none").exists());
}
