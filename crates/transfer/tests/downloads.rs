//! Downloads: whole or not at all, whatever the service, the network or the names do.

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
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::{Method, Response};
use lazuli_protocol::Md5;
use lazuli_transfer::{ErrorKind, Options, Transfer};
use workbench::{container, content, honest_container, names};

const MIB: usize = 1024 * 1024;

fn is_range(request: &http::request::Parts) -> bool {
    request.method == Method::GET && request.headers.contains_key("x-ms-range")
}

fn damaged(answer: Response<Bytes>) -> Response<Bytes> {
    answer.map(|bytes| {
        let mut bytes = bytes.to_vec();
        bytes[0] ^= 1;
        bytes.into()
    })
}

#[tokio::test]
async fn blobs_of_every_kind_of_size_arrive_as_they_are() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    let transfer = Transfer::new(Options::default());
    for size in [0, 1, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 9 * MIB + 3] {
        let (blob, content) = (container.blob("a"), content(size));
        blob.upload(content.clone()).await.unwrap();
        let path = folder.path().join("file");
        let summary = transfer.download_file(&blob, &path).await.unwrap();
        assert_eq!(
            (summary.files, summary.bytes, summary.verified.crc64),
            (1, size as u64, 1),
            "{size}"
        );
        assert!(fs::read(&path).unwrap() == content, "{size}");
        assert_eq!(names(folder.path()), [path], "{size}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_range_that_arrives_damaged_is_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let container = container(move |request, answer| {
        if is_range(request) && count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            damaged(answer)
        } else {
            answer
        }
    })
    .await;
    let content = content(9 * MIB);
    container.blob("a").upload(content.clone()).await.unwrap();
    let path = folder.path().join("file");
    let transfer = Transfer::new(Options::default().requests(1));
    let summary = transfer.download_file(&container.blob("a"), &path).await.unwrap();
    assert_eq!(summary.verified.crc64, 1);
    assert!(fs::read(&path).unwrap() == content);
    assert_eq!(seen.load(Ordering::SeqCst), 6);
}

#[tokio::test(start_paused = true)]
async fn what_stays_damaged_is_an_error_and_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let container = container(|request, answer| {
        if is_range(request) {
            damaged(answer)
        } else {
            answer
        }
    })
    .await;
    container.blob("a").upload(content(5 * MIB)).await.unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "old").unwrap();
    let error = Transfer::new(Options::default())
        .download_file(&container.blob("a"), &path)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), [path]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_ends_early_is_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let seen = AtomicUsize::new(0);
    let container = container(move |request, answer| {
        if is_range(request) && seen.fetch_add(1, Ordering::SeqCst) == 0 {
            answer.map(|bytes| bytes.slice(..1000))
        } else {
            answer
        }
    })
    .await;
    let content = content(3 * MIB);
    container.blob("a").upload(content.clone()).await.unwrap();
    let path = folder.path().join("file");
    Transfer::new(Options::default())
        .download_file(&container.blob("a"), &path)
        .await
        .unwrap();
    assert!(fs::read(&path).unwrap() == content);
}

#[tokio::test]
async fn without_a_checksum_of_the_range_the_md5_of_the_blob_stands_in() {
    let folder = tempfile::tempdir().unwrap();
    let container = container(|request, mut answer| {
        if is_range(request) {
            answer.headers_mut().remove("x-ms-content-crc64");
        }
        answer
    })
    .await;
    let content = content(5 * MIB);
    let path = folder.path().join("file");
    let transfer = Transfer::new(Options::default());

    container.blob("a").upload(content.clone()).await.unwrap();
    let summary = transfer.download_file(&container.blob("a"), &path).await.unwrap();
    assert_eq!(
        (
            summary.verified.crc64,
            summary.verified.md5,
            summary.verified.length
        ),
        (0, 1, 0)
    );

    // The MD5 of a block list is what the writer says; here it is wrong.
    let mut headers = lazuli_blob::ContentHeaders::default();
    headers.content_md5 = Some(Md5::of(b"something else"));
    let id = lazuli_protocol::xml::BlockId::new(b"1").unwrap();
    let blob = container.blob("b");
    blob.put_block(id.clone(), content.clone()).await.unwrap();
    let list = || lazuli_protocol::xml::BlockLookupList::latest([id.clone()]);
    blob.put_block_list(list()).headers(headers).await.unwrap();
    let error = transfer.download_file(&blob, &path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ChecksumMismatch);

    blob.put_block_list(list()).await.unwrap();
    let summary = transfer.download_file(&blob, &path).await.unwrap();
    assert_eq!(
        (
            summary.verified.crc64,
            summary.verified.md5,
            summary.verified.length
        ),
        (0, 0, 1)
    );
    assert_eq!(names(folder.path()), [path]);
}

#[tokio::test]
async fn a_blob_that_changes_meanwhile_does_not_become_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let seen = AtomicUsize::new(0);
    let container = container(move |request, mut answer| {
        // The first range is of one state, all others are asked for with its ETag and refused.
        if is_range(request) && seen.fetch_add(1, Ordering::SeqCst) == 0 {
            answer.headers_mut().insert("etag", "\"0x8D0\"".parse().unwrap());
        }
        answer
    })
    .await;
    container.blob("a").upload(content(9 * MIB)).await.unwrap();
    let error = Transfer::new(Options::default())
        .download_file(&container.blob("a"), &folder.path().join("file"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Changed);
    assert!(names(folder.path()).is_empty());
}

#[tokio::test]
async fn names_that_lead_out_are_failures_and_nothing_is_written_outside() {
    let outer = tempfile::tempdir().unwrap();
    let destination = outer.path().join("inner/destination");
    let bad = [
        "../a",
        "../../a",
        "/a",
        "C:/a",
        "a/../../../a",
        "a//b",
        "./a",
        "a/.",
    ];
    let mut page = String::from("<EnumerationResults><Blobs>");
    for name in bad {
        page.push_str(&format!(
            "<Blob><Name>{name}</Name><Properties><Content-Length>5</Content-Length></Properties></Blob>"
        ));
    }
    page.push_str("<Blob><Name Encoded=\"true\">nul%00</Name><Properties><Content-Length>5</Content-Length></Properties></Blob>");
    page.push_str(
        "<Blob><Name>good</Name><Properties><Content-Length>5</Content-Length></Properties></Blob>",
    );
    page.push_str("</Blobs><NextMarker/></EnumerationResults>");
    let container = container(move |request, answer| {
        let is_list = request
            .uri
            .query()
            .is_some_and(|query| query.contains("comp=list"));
        if is_list {
            answer.map(|_| Bytes::from(page.clone()))
        } else {
            answer
        }
    })
    .await;
    container.blob("good").upload("hello").await.unwrap();
    let summary = Transfer::new(Options::default())
        .download_tree(&container, "", &destination)
        .await
        .unwrap();
    assert_eq!((summary.files, summary.failed), (1, bad.len() as u64 + 1));
    assert!(
        summary
            .failures
            .iter()
            .all(|failure| failure.error.kind() == ErrorKind::InvalidName),
        "{:?}",
        summary.failures
    );
    assert_eq!(names(outer.path()), [outer.path().join("inner")]);
    assert_eq!(
        names(&outer.path().join("inner")),
        std::slice::from_ref(&destination)
    );
    assert_eq!(names(&destination), [destination.join("good")]);
}

#[tokio::test]
async fn a_tree_comes_back_as_it_went() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    let (there, back) = (folder.path().join("there"), folder.path().join("back"));
    let files = ["a", "b c/d+e%20.txt", "ü/😀/f", "x/y/z/empty", "x/y/large"];
    for (at, file) in files.iter().enumerate() {
        let path = there.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content(at * 700_000)).unwrap();
    }
    fs::write(there.join("x/y/z/empty"), "").unwrap();
    let transfer = Transfer::new(Options::default().block_bytes(512 * 1024));
    let sent = transfer.upload_tree(&there, &container, "p/q").await.unwrap();
    // Neighbours that share the prefix's letters but are not below it.
    container.blob("p/qq").upload("no").await.unwrap();
    let came = transfer.download_tree(&container, "p/q", &back).await.unwrap();
    assert_eq!((sent.files, sent.failed, came.files, came.failed), (5, 0, 5, 0));
    assert_eq!(sent.bytes, came.bytes);
    for file in files {
        assert!(
            fs::read(there.join(file)).unwrap() == fs::read(back.join(file)).unwrap(),
            "{file}"
        );
    }
    assert!(!back.join("q").exists());

    let gone = transfer.delete_tree(&container, "p/q").await.unwrap();
    assert_eq!((gone.files, gone.failed), (5, 0));
    assert!(container.blob("p/qq").properties().await.is_ok());
}

#[tokio::test]
async fn a_blob_that_stands_for_a_folder_becomes_one() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    for (name, content) in [("p/", ""), ("p/sub/", ""), ("p/sub/a", "x"), ("p/empty/", "")] {
        container.blob(name).upload(content).await.unwrap();
    }
    let summary = Transfer::new(Options::default())
        .download_tree(&container, "p", folder.path())
        .await
        .unwrap();
    assert_eq!((summary.files, summary.failed), (4, 0), "{:?}", summary.failures);
    assert!(folder.path().join("empty").is_dir());
    assert_eq!(fs::read(folder.path().join("sub/a")).unwrap(), b"x");
}

#[tokio::test]
async fn a_download_that_is_dropped_leaves_nothing() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    container.blob("a").upload(content(64 * MIB)).await.unwrap();
    let transfer = Transfer::new(Options::default().requests(2));
    let (blob, path) = (container.blob("a"), folder.path().join("file"));
    let download = transfer.download_file(&blob, &path);
    let cut = tokio::time::timeout(std::time::Duration::from_millis(20), download).await;
    assert!(cut.is_err(), "the download ended before it could be dropped");
    // Work on the disk that was under way ends by itself.
    for _ in 0..100 {
        if names(folder.path()).is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:?} stayed", names(folder.path()));
}

#[tokio::test]
async fn where_a_service_computes_no_crc64_ranges_are_checked_by_md5() {
    let folder = tempfile::tempdir().unwrap();
    let container = container(|request, answer| {
        if !request.headers.contains_key("x-ms-range-get-content-crc64") {
            return answer;
        }
        let refusal = Response::builder()
            .status(500)
            .header("x-ms-error-code", "FeatureNotSupported");
        refusal.body(Bytes::new()).unwrap()
    })
    .await;
    let content = content(9 * MIB);
    container.blob("a").upload(content.clone()).await.unwrap();
    let path = folder.path().join("file");
    let summary = Transfer::new(Options::default())
        .download_file(&container.blob("a"), &path)
        .await
        .unwrap();
    assert_eq!((summary.verified.crc64, summary.verified.md5), (0, 1));
    assert!(fs::read(&path).unwrap() == content);
}

#[tokio::test(start_paused = true)]
async fn a_blob_is_read_in_order_and_checked() {
    let seen = AtomicUsize::new(0);
    let container = container(move |request, answer| {
        if is_range(request) && seen.fetch_add(1, Ordering::SeqCst) % 3 == 1 {
            damaged(answer)
        } else {
            answer
        }
    })
    .await;
    let transfer = Transfer::new(Options::default());
    for size in [0, 1, 4 * MIB, 26 * MIB + 5] {
        let (blob, content) = (container.blob("a"), content(size));
        blob.upload(content.clone()).await.unwrap();
        let pieces: Vec<Bytes> = transfer.read(&blob).try_collect().await.unwrap();
        assert!(pieces.concat() == content, "{size}");
    }
    let error = transfer
        .read(&container.blob("missing"))
        .try_collect::<Vec<_>>()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&lazuli_protocol::ErrorCode::BlobNotFound));
}

#[tokio::test]
async fn an_answer_that_holds_other_bytes_than_were_asked_for_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, path) = (content(9 * MIB), folder.path().join("file"));
    type Lie = fn(&[u8], Response<Bytes>) -> Response<Bytes>;
    let all: Lie = |whole, mut answer| {
        *answer.status_mut() = http::StatusCode::OK;
        answer.headers_mut().remove("content-range");
        answer.headers_mut().insert("content-length", whole.len().into());
        answer.map(|_| Bytes::copy_from_slice(whole))
    };
    let shifted: Lie = |_, mut answer| {
        let moved = "bytes 4194305-8388608/9437184".parse().unwrap();
        answer.headers_mut().insert("content-range", moved);
        answer
    };
    let short: Lie = |_, mut answer| {
        answer.headers_mut().insert("content-length", 100.into());
        answer
            .headers_mut()
            .insert("content-range", "bytes 4194304-4194403/9437184".parse().unwrap());
        answer.map(|bytes| bytes.slice(..100))
    };
    for lie in [all, shifted, short] {
        let content = whole.clone();
        let container = container(move |request, mut answer| {
            answer.headers_mut().remove("x-ms-content-crc64");
            let second = request
                .headers
                .get("x-ms-range")
                .is_some_and(|range| range == "bytes=4194304-8388607");
            if second { lie(&content, answer) } else { answer }
        })
        .await;
        container.blob("a").upload(whole.clone()).await.unwrap();
        let transfer = Transfer::new(Options::default());
        let error = transfer
            .download_file(&container.blob("a"), &path)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("bytes"), "{error}");
        assert!(names(folder.path()).is_empty());
        assert!(
            transfer
                .read(&container.blob("a"))
                .try_collect::<Vec<_>>()
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn streams_that_nobody_reads_keep_nobody_waiting() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    fs::write(folder.path().join("file"), "hello").unwrap();
    container.blob("a").upload(content(40 * MIB)).await.unwrap();
    let transfer = Transfer::new(Options::default().requests(2));
    let mut held: Vec<_> = (0..4).map(|_| transfer.read(&container.blob("a"))).collect();
    for stream in &mut held {
        assert!(stream.try_next().await.unwrap().is_some());
        assert!(stream.try_next().await.unwrap().is_some());
    }
    let upload = transfer
        .upload_file(&folder.path().join("file"), &container.blob("b"))
        .await;
    assert_eq!(upload.unwrap().files, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_private_file_stays_private_and_a_link_in_a_tree_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    for name in ["private", "link"] {
        container.blob(name).upload("new").await.unwrap();
    }
    let at = |name: &str| folder.path().join("tree").join(name);
    fs::create_dir(folder.path().join("tree")).unwrap();
    fs::write(at("private"), "old").unwrap();
    fs::set_permissions(at("private"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.path().join("outside"), "old").unwrap();
    std::os::unix::fs::symlink("../outside", at("link")).unwrap();
    let transfer = Transfer::new(Options::default());
    let summary = transfer
        .download_tree(&container, "", &folder.path().join("tree"))
        .await
        .unwrap();
    assert_eq!((summary.files, summary.failed), (1, 1));
    assert_eq!(
        fs::metadata(at("private")).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::read(folder.path().join("outside")).unwrap(), b"old");
    // A link that the caller names is what the caller means.
    transfer
        .download_file(&container.blob("link"), &at("link"))
        .await
        .unwrap();
    assert!(at("link").is_symlink());
    assert_eq!(fs::read(folder.path().join("outside")).unwrap(), b"new");
}

#[tokio::test]
async fn a_tree_keeps_out_of_a_folder_that_is_kept_for_others() {
    let (folder, container) = (tempfile::tempdir().unwrap(), honest_container().await);
    for name in ["kept/a", "kept/deep/a", "keptother", "a"] {
        container.blob(name).upload("new").await.unwrap();
    }
    for there in [false, true] {
        if there {
            fs::create_dir(folder.path().join("kept")).unwrap();
        }
        let transfer = Transfer::new(Options::default().keep_out_of(folder.path().join("kept")));
        let summary = transfer
            .download_tree(&container, "", folder.path())
            .await
            .unwrap();
        assert_eq!((summary.files, summary.failed), (2, 2), "{there}");
        assert_eq!(folder.path().join("kept").exists(), there);
    }
    assert!(names(&folder.path().join("kept")).is_empty());
}
