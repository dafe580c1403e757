//! Append blobs, as they grow and are sealed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_protocol::{Crc64, Md5};
use rig::{Call, Rig};

async fn with_log() -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    create(&rig).send().await.expect(201);
    rig
}

fn create(rig: &Rig) -> Call<'_> {
    rig.put("/box/log", "").header("x-ms-blob-type", "AppendBlob")
}

fn append<'a>(rig: &'a Rig, bytes: &'static str) -> Call<'a> {
    rig.put("/box/log?comp=appendblock", bytes)
}

#[tokio::test]
async fn blocks_follow_each_other() {
    let rig = with_log().await;
    let one = append(&rig, "one,").send().await.expect(201);
    assert_eq!(one.header("x-ms-blob-append-offset"), "0");
    assert_eq!(one.header("x-ms-blob-committed-block-count"), "1");
    assert_eq!(one.header("x-ms-content-crc64"), Crc64::of(b"one,").to_string());
    assert_eq!(one.header("x-ms-request-server-encrypted"), "true");
    let md5 = Md5::of(b"two").to_string();
    let two = append(&rig, "two")
        .header("content-md5", &md5)
        .send()
        .await
        .expect(201);
    assert_eq!(two.header("x-ms-blob-append-offset"), "4");
    assert_eq!(two.header("x-ms-blob-committed-block-count"), "2");
    assert_eq!(
        (two.header("content-md5"), two.header("x-ms-content-crc64")),
        (&*md5, "")
    );
    assert_ne!(one.header("etag"), two.header("etag"));
    let read = rig.get("/box/log").send().await.expect(200);
    assert_eq!(read.body, "one,two");
    assert_eq!(read.header("etag"), two.header("etag"));
    assert_eq!(read.header("x-ms-blob-type"), "AppendBlob");
    assert_eq!(read.header("x-ms-blob-committed-block-count"), "2");
    let head = rig.head("/box/log").send().await.expect(200);
    assert_eq!(
        head.header("x-ms-access-tier"),
        "",
        "an append blob is in no tier"
    );
    // What is written over is empty again.
    create(&rig).send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/log").await, "");
}

#[tokio::test]
async fn a_block_says_where_it_must_go() {
    const POSITION: &str = "x-ms-blob-condition-appendpos";
    const SIZE: &str = "x-ms-blob-condition-maxsize";
    let rig = with_log().await;
    append(&rig, "abc").header(POSITION, "0").send().await.expect(201);
    append(&rig, "abc")
        .header(POSITION, "0")
        .send()
        .await
        .expect_error(412, "AppendPositionConditionNotMet");
    append(&rig, "abc").header(SIZE, "6").send().await.expect(201);
    append(&rig, "a")
        .header(SIZE, "6")
        .send()
        .await
        .expect_error(412, "MaxBlobSizeConditionNotMet");
    let refused = append(&rig, "a").header(POSITION, "-1").send().await;
    let refused = refused.expect_error(400, "InvalidHeaderValue");
    assert_eq!(refused.element("HeaderName"), POSITION);
    append(&rig, "a")
        .header("if-match", "\"0x0\"")
        .send()
        .await
        .expect_error(412, "ConditionNotMet");
    assert_eq!(rig.get_bytes("/box/log").await, "abcabc");
}

#[tokio::test]
async fn a_sealed_blob_grows_no_more() {
    let rig = with_log().await;
    append(&rig, "abc").send().await.expect(201);
    let seal = || rig.put("/box/log?comp=seal", "");
    seal()
        .header("x-ms-blob-condition-appendpos", "2")
        .send()
        .await
        .expect_error(412, "AppendPositionConditionNotMet");
    let sealed = seal().send().await.expect(200);
    assert_eq!(sealed.header("x-ms-blob-sealed"), "true");
    append(&rig, "d").send().await.expect_error(409, "BlobIsSealed");
    let read = rig.get("/box/log").send().await.expect(200);
    assert_eq!(
        (&read.body[..], read.header("x-ms-blob-sealed")),
        (&b"abc"[..], "true")
    );
    seal().send().await.expect(200);
    // Its metadata is no part of what is sealed.
    let metadata = rig.put("/box/log?comp=metadata", "").header("x-ms-meta-a", "b");
    metadata.send().await.expect(200);
}

#[tokio::test]
async fn what_is_no_append_blob_takes_no_block() {
    let rig = with_log().await;
    rig.put_blob("/box/other", "abc").await;
    for comp in ["appendblock", "seal"] {
        let put = |path: &str| rig.put(&format!("{path}?comp={comp}"), "abc");
        put("/box/other")
            .send()
            .await
            .expect_error(409, "InvalidBlobType");
        put("/box/none").send().await.expect_error(404, "BlobNotFound");
    }
    let blocks = rig.put("/box/log?comp=block&blockid=QQ==", "abc");
    blocks.send().await.expect_error(409, "InvalidBlobType");
    append(&rig, "")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    let old = append(&rig, "a").header("x-ms-version", "2021-12-02");
    let old = old.header("content-length", (4 * 1024 * 1024 + 1).to_string());
    old.send().await.expect_error(413, "RequestBodyTooLarge");
}
