//! Structured messages as the bodies of uploads and downloads.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_protocol::Crc64;
use rig::{Call, Rig};

const XSM: &str = "XSM/1.0; properties=crc64";
const BODY: &str = "x-ms-structured-body";
const LENGTH: &str = "x-ms-structured-content-length";

/// A message of this content, cut into segments.
fn message(content: &[u8], segment: usize) -> Vec<u8> {
    let crc = |bytes: &[u8]| Crc64::of(bytes).get().to_le_bytes();
    let segments: Vec<&[u8]> = content.chunks(segment).collect();
    let length = 13 + segments.len() * 18 + content.len() + 8;
    let mut message = vec![1];
    message.extend((length as u64).to_le_bytes());
    message.extend(1_u16.to_le_bytes());
    message.extend(u16::try_from(segments.len()).unwrap().to_le_bytes());
    for (number, bytes) in (1_u16..).zip(&segments) {
        message.extend(number.to_le_bytes());
        message.extend((bytes.len() as u64).to_le_bytes());
        message.extend(*bytes);
        message.extend(crc(bytes));
    }
    message.extend(crc(content));
    message
}

fn structured(call: Call<'_>, length: usize) -> Call<'_> {
    call.header(BODY, XSM).header(LENGTH, length.to_string())
}

async fn rig() -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig
}

#[tokio::test]
async fn what_is_kept_is_the_content() {
    let rig = rig().await;
    let put = |path: &str, bytes: Vec<u8>, length| structured(rig.put(path, bytes), length);
    for size in [1, 11, 70_000, 3_000_000] {
        let content: Vec<u8> = (0..251_u8).cycle().take(size).collect();
        let sent = put("/box/a", message(&content, 1_000_000), size).header("x-ms-blob-type", "BlockBlob");
        let answer = sent.send().await.expect(201);
        assert_eq!(answer.header(BODY), XSM);
        assert_eq!(
            answer.header("x-ms-content-crc64"),
            Crc64::of(&content).to_string()
        );
        assert_eq!(rig.get_bytes("/box/a").await, content);
    }
    let block = put("/box/b?comp=block&blockid=QQ==", message(b"hello world", 4), 11);
    assert_eq!(block.send().await.expect(201).header(BODY), XSM);
    rig.put("/box/c", "")
        .header("x-ms-blob-type", "AppendBlob")
        .send()
        .await
        .expect(201);
    let append = put("/box/c?comp=appendblock", message(b"hello world", 4), 11);
    append.send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/c").await, "hello world");
    let page = rig.put("/box/d", "").header("x-ms-blob-type", "PageBlob");
    page.header("x-ms-blob-content-length", "512")
        .send()
        .await
        .expect(201);
    let write = put("/box/d?comp=page", message(&[7; 512], 100), 512)
        .header("x-ms-range", "bytes=0-511")
        .header("x-ms-page-write", "update");
    write.send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/d").await, vec![7; 512]);
}

#[tokio::test]
async fn what_was_damaged_is_refused() {
    let rig = rig().await;
    let put = |bytes: Vec<u8>, length| {
        structured(rig.put("/box/a", bytes), length).header("x-ms-blob-type", "BlockBlob")
    };
    let good = message(b"hello world", 4);
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        assert_eq!(put(bad, 11).send().await.status.as_u16(), 400, "byte {at}");
    }
    let mut bad = good.clone();
    bad[23] ^= 1;
    put(bad, 11).send().await.expect_error(400, "Crc64Mismatch");
    for cut in [0, 12, 30, good.len() - 1] {
        put(good[..cut].to_vec(), 11)
            .send()
            .await
            .expect_error(400, "InvalidInput");
    }
    put(good.clone(), 10)
        .send()
        .await
        .expect_error(400, "InvalidInput");
    put(good.clone(), 12)
        .send()
        .await
        .expect_error(400, "InvalidInput");
    put(good.clone(), 11)
        .without(LENGTH)
        .send()
        .await
        .expect_error(400, "MissingRequiredHeader");
    put(good.clone(), 11)
        .header(BODY, "XSM/2.0")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    put(good, 11)
        .header("x-ms-version", "2024-11-04")
        .send()
        .await
        .expect_error(400, "UnsupportedHeader");
    rig.get("/box/a").send().await.expect_error(404, "BlobNotFound");
}

#[tokio::test]
async fn what_is_read_is_a_message() {
    let rig = rig().await;
    let content: Vec<u8> = (0..253_u8).cycle().take(9_000_000).collect();
    rig.put_blob("/box/a", content.clone()).await;
    let read = rig.get("/box/a").header(BODY, XSM).send().await.expect(200);
    let expected = message(&content, 4 * 1024 * 1024);
    assert_eq!(read.header("content-length"), expected.len().to_string());
    assert_eq!((read.header(BODY), read.header(LENGTH)), (XSM, "9000000"));
    assert!(read.body == expected);
    let part = rig
        .get("/box/a")
        .header(BODY, XSM)
        .header("x-ms-range", "bytes=10-19");
    let part = part.send().await.expect(206);
    assert_eq!(part.header("content-range"), "bytes 10-19/9000000");
    assert_eq!(part.body, message(&content[10..20], 10));
}

#[tokio::test]
async fn nothing_is_a_message_of_one_segment() {
    let rig = rig().await;
    rig.put_blob("/box/a", "").await;
    let read = rig.get("/box/a").header(BODY, XSM).send().await.expect(200);
    assert_eq!(
        (
            read.body.len(),
            read.header("content-length"),
            read.header(LENGTH)
        ),
        (39, "39", "0")
    );
    let again = structured(rig.put("/box/b", read.body), 0).header("x-ms-blob-type", "BlockBlob");
    again.send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/b").await, "");
}
