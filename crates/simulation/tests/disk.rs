//! A location: what was acknowledged is there again, whatever happened in between.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use lazuli_simulation::{Durability, ErrorKind, Simulation};
use rig::Rig;

fn open(folder: &Path) -> Rig {
    Rig::with(|builder| builder.location(folder))
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("journal-00000001")
}

fn contents(folder: &Path) -> usize {
    let folders = fs::read_dir(folder.join("content")).unwrap();
    folders
        .map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count())
        .sum()
}

/// Waits until a location has this many contents: long ones are deleted by another thread.
async fn comes_to(folder: &Path, count: usize) {
    let waited = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while contents(folder) != count {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    });
    assert!(waited.await.is_ok(), "{} contents, not {count}", contents(folder));
}

fn error(folder: &Path) -> lazuli_simulation::Error {
    Simulation::builder().location(folder).build().unwrap_err()
}

/// Copies a location as it is, as if the process had ended now.
fn snatch(folder: &Path) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                fs::create_dir(&to).unwrap();
                copy(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let copied = tempfile::tempdir().unwrap();
    copy(folder, copied.path());
    copied
}

#[tokio::test]
async fn everything_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let tag = {
        let rig = open(folder.path());
        rig.put("/box?restype=container", "")
            .header("x-ms-meta-a", "1")
            .send()
            .await
            .expect(201);
        let put = rig.put("/box/b", "hello").header("x-ms-blob-type", "BlockBlob");
        let put = put
            .header("x-ms-meta-n", "v")
            .header("content-type", "text/plain")
            .header("x-ms-access-tier", "Cool");
        put.send().await.expect(201);
        let tag = rig
            .put("/box/b?comp=metadata", "")
            .header("x-ms-meta-m", "w")
            .send()
            .await
            .header("etag")
            .to_owned();
        rig.put("/box/waiting?comp=block&blockid=QQ%3D%3D", "block")
            .send()
            .await
            .expect(201);
        rig.put_blob("/box/gone", "gone").await;
        rig.delete("/box/gone").send().await.expect(202);
        rig.simulation.close().unwrap();
        tag
    };
    assert_eq!(contents(folder.path()), 2);
    let rig = open(folder.path());
    let got = rig.get("/box/b").send().await.expect(200);
    assert_eq!(&got.body[..], b"hello");
    for (name, value) in [
        ("etag", tag.as_str()),
        ("x-ms-meta-n", ""),
        ("x-ms-meta-m", "w"),
        ("content-type", "text/plain"),
    ] {
        assert_eq!(got.header(name), value, "{name}");
    }
    assert_eq!(rig.head("/box/b").send().await.header("x-ms-access-tier"), "Cool");
    assert_eq!(
        rig.head("/box?restype=container")
            .send()
            .await
            .header("x-ms-meta-a"),
        "1"
    );
    rig.get("/box/gone")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    rig.put(
        "/box/waiting?comp=blocklist",
        "<BlockList><Latest>QQ==</Latest></BlockList>",
    )
    .send()
    .await
    .expect(201);
    assert_eq!(&rig.get_bytes("/box/waiting").await[..], b"block");
    // Tags go on growing, though the clock stands still and what had the last one is gone.
    let new = rig.put_blob("/box/new", "").await;
    assert!(new.header("etag") > tag.as_str());
}

#[tokio::test]
async fn a_torn_end_is_cut_wherever_it_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let rig = open(folder.path());
    rig.make_container("box").await;
    rig.put_blob("/box/first", "first").await;
    let before = fs::metadata(journal(folder.path())).unwrap().len();
    rig.put_blob("/box/second", "second").await;
    let after = fs::metadata(journal(folder.path())).unwrap().len();
    assert!(after > before);
    for len in before..=after {
        let copy = snatch(folder.path());
        let file = fs::File::options()
            .write(true)
            .open(journal(copy.path()))
            .unwrap();
        file.set_len(len).unwrap();
        drop(file);
        let torn = open(copy.path());
        assert_eq!(&torn.get_bytes("/box/first").await[..], b"first", "at {len}");
        let second = torn.get("/box/second").send().await;
        let (status, files) = if len == after { (200, 2) } else { (404, 1) };
        assert_eq!(second.status.as_u16(), status, "at {len}");
        // What nothing refers to is cleared away.
        assert_eq!(contents(copy.path()), files, "at {len}");
        // The journal can be gone on with.
        torn.put_blob("/box/third", "third").await;
        drop(torn);
        let again = open(copy.path());
        assert_eq!(&again.get_bytes("/box/third").await[..], b"third", "at {len}");
        assert_eq!(&again.get_bytes("/box/first").await[..], b"first", "at {len}");
    }
}

#[tokio::test]
async fn what_was_never_acknowledged_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rig = open(folder.path());
    rig.make_container("box").await;
    fs::create_dir_all(folder.path().join("content/0000")).unwrap();
    let stray = folder.path().join("content/0000/00000000000000ff");
    fs::write(&stray, "half of a blob").unwrap();
    let foreign = folder.path().join("content/0000/notes.txt");
    fs::write(&foreign, "not ours").unwrap();
    drop(rig);
    let rig = open(folder.path());
    assert!(!stray.exists());
    assert!(foreign.exists());
    fs::remove_file(foreign).unwrap();

    // A client that goes away in the middle.
    for len in ["70000", "3000000"] {
        let half = rig
            .put("/box/b", vec![1; 60_000])
            .header("x-ms-blob-type", "BlockBlob");
        half.header("content-length", len).send().await.expect(400);
    }
    // A body that is refused when it has come.
    let put = rig.put("/box/b", "abc").header("x-ms-blob-type", "BlockBlob");
    put.header("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")
        .send()
        .await
        .expect(400);
    rig.put_blob("/box/b", "abc").await;
    let put = rig.put("/box/b", "abc").header("x-ms-blob-type", "BlockBlob");
    put.header("if-none-match", "*").send().await.expect(409);
    rig.put_blob("/box/b", "the only one").await;
    comes_to(folder.path(), 1).await;
    rig.delete("/box?restype=container").send().await.expect(202);
    comes_to(folder.path(), 0).await;
}

#[tokio::test]
async fn an_upload_that_is_dropped_leaves_nothing() {
    use http_body_util::StreamBody;
    use lazuli_protocol::Clock as _;
    use tower::Service as _;

    let folder = tempfile::tempdir().unwrap();
    let rig = open(folder.path());
    rig.make_container("box").await;
    let put = rig
        .put("/box/b", "")
        .header("x-ms-blob-type", "BlockBlob")
        .header("content-length", "10000000");
    let (mut parts, _) = put.build().into_parts();
    rig::key().sign(&mut parts, rig.clock.now()).unwrap();
    let mut sent = 0;
    let frames = futures_stream(move || {
        sent += 1;
        (sent < 30).then(|| Bytes::from(vec![7; 100_000]))
    });
    let mut service = rig.service();
    let upload = service.call(http::Request::from_parts(parts, StreamBody::new(frames)));
    // It waits for the rest of its body, until nobody waits for it.
    tokio::time::timeout(std::time::Duration::from_millis(200), upload)
        .await
        .unwrap_err();
    comes_to(folder.path(), 0).await;
    rig.get("/box/b").send().await.expect_error(404, "BlobNotFound");
}

/// A stream of what a function gives, that never ends.
fn futures_stream(
    next: impl FnMut() -> Option<Bytes> + Send,
) -> impl futures_core::Stream<Item = Result<http_body::Frame<Bytes>, std::io::Error>> + Send {
    struct Forever<F>(F);
    impl<F: FnMut() -> Option<Bytes> + Unpin> futures_core::Stream for Forever<F> {
        type Item = Result<http_body::Frame<Bytes>, std::io::Error>;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            match (self.0)() {
                Some(bytes) => std::task::Poll::Ready(Some(Ok(http_body::Frame::data(bytes)))),
                None => std::task::Poll::Pending,
            }
        }
    }
    Forever(Box::new(next))
}

#[tokio::test]
async fn a_location_is_opened_once() {
    let folder = tempfile::tempdir().unwrap();
    let rig = open(folder.path());
    let refused = error(folder.path());
    assert!(refused.is_location_in_use(), "{refused:?}");
    assert!(refused.to_string().contains("in use by another simulation"));
    rig.make_container("box").await;
    drop(rig);
    open(folder.path())
        .head("/box?restype=container")
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn what_is_not_understood_is_let_alone() {
    let folder = tempfile::tempdir().unwrap();
    {
        let rig = open(folder.path());
        rig.make_container("box").await;
        rig.put_blob("/box/a", "aaa").await;
        rig.put_blob("/box/b", "bbb").await;
    }
    let good = fs::read(journal(folder.path())).unwrap();
    let spoil = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        fs::write(journal(folder.path()), &bytes).unwrap();
        let refused = error(folder.path());
        assert_eq!(fs::read(journal(folder.path())).unwrap(), bytes);
        assert_eq!(contents(folder.path()), 2);
        refused
    };
    let version = spoil(8, 9);
    assert_eq!(version.kind(), ErrorKind::UnknownFormat);
    assert!(version.to_string().contains("version 9"), "{version}");
    assert_eq!(spoil(0, b'?').kind(), ErrorKind::UnknownFormat);
    assert_eq!(spoil(16, 0xff).kind(), ErrorKind::Damaged);
    assert_eq!(spoil(40, good[40] ^ 1).kind(), ErrorKind::Damaged);
    fs::remove_file(journal(folder.path())).unwrap();
    assert_eq!(error(folder.path()).kind(), ErrorKind::Damaged);
    assert_eq!(contents(folder.path()), 2);
    fs::write(journal(folder.path()), good).unwrap();
    assert_eq!(&open(folder.path()).get_bytes("/box/b").await[..], b"bbb");
}

#[tokio::test]
async fn a_journal_that_was_just_begun_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    for len in 0..16 {
        let rig = open(folder.path());
        drop(rig);
        let file = fs::File::options()
            .write(true)
            .open(journal(folder.path()))
            .unwrap();
        file.set_len(len).unwrap();
        drop(file);
        let rig = open(folder.path());
        rig.make_container("box").await;
        drop(rig);
        open(folder.path())
            .delete("/box?restype=container")
            .send()
            .await
            .expect(202);
    }
}

#[tokio::test]
async fn a_flushed_location_works_as_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let durable = || Rig::with(|builder| builder.location(folder.path()).durability(Durability::Power));
    {
        let rig = durable();
        rig.make_container("box").await;
        rig.put_blob("/box/b", vec![5; 200_000]).await;
    }
    let copy = snatch(folder.path());
    assert_eq!(open(copy.path()).get_bytes("/box/b").await, vec![5; 200_000]);
    assert_eq!(durable().get_bytes("/box/b").await, vec![5; 200_000]);
}

#[tokio::test]
async fn a_content_that_is_lost_is_an_error_and_not_a_lie() {
    let folder = tempfile::tempdir().unwrap();
    {
        let rig = open(folder.path());
        rig.make_container("box").await;
        rig.put_blob("/box/lost", "lost").await;
        rig.put_blob("/box/kept", "kept").await;
    }
    fs::remove_file(folder.path().join("content/0000/0000000000000001")).unwrap();
    let rig = open(folder.path());
    rig.get("/box/lost")
        .send()
        .await
        .expect_error(500, "InternalError");
    assert_eq!(&rig.get_bytes("/box/kept").await[..], b"kept");
}

#[tokio::test]
#[cfg(unix)]
async fn the_zeros_of_a_source_take_no_room() {
    use std::os::unix::fs::MetadataExt as _;

    const LEN: u64 = 64 << 20;
    let folder = tempfile::tempdir().unwrap();
    {
        let rig = open(folder.path());
        rig.make_container("box").await;
        rig.make_public("box").await;
        rig.put("/box/sparse", "")
            .header("x-ms-blob-type", "PageBlob")
            .header("x-ms-blob-content-length", LEN.to_string())
            .send()
            .await
            .expect(201);
        rig.put("/box/sparse?comp=page", vec![7; 512])
            .header("x-ms-page-write", "update")
            .header("x-ms-range", "bytes=512-1023")
            .send()
            .await
            .expect(201);
        for (to, from) in [("first", "sparse"), ("second", "first")] {
            let put = rig.put(&format!("/box/{to}?comp=block&blockid=QQ%3D%3D"), "");
            put.header("x-ms-copy-source", format!("{}/box/{from}", rig::ENDPOINT))
                .header(
                    "x-ms-source-range",
                    format!("bytes=1-{}", LEN - 1 - u64::from(to == "second")),
                )
                .send()
                .await
                .expect(201);
            let list = "<BlockList><Latest>QQ==</Latest></BlockList>";
            let commit = rig.put(&format!("/box/{to}?comp=blocklist"), list);
            commit.send().await.expect(201);
        }
    }
    let files = fs::read_dir(folder.path().join("content/0000")).unwrap();
    let sizes = files.map(|file| file.unwrap().metadata().unwrap());
    let (len, taken) = sizes.fold((0, 0), |(len, taken), file| {
        (len + file.len(), taken + file.blocks() * 512)
    });
    assert!(len > 2 * (LEN - 10), "{len} bytes");
    assert!(taken < 1 << 20, "{taken} bytes on the disk");
    let rig = open(folder.path());
    let read = rig.get("/box/second").header("x-ms-range", "bytes=509-1023");
    let read = read.send().await.expect(206);
    assert_eq!(read.body[..], [&[0][..], &[7; 512], &[0; 2]].concat());
}
