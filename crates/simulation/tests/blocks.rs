//! Blocks: put, named, committed, dropped.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Reply, Rig};

async fn put_block(rig: &Rig, name: &str, bytes: &str) -> Reply {
    let id = BASE64_STANDARD.encode(name).replace('=', "%3D");
    rig.put(&format!("/box/b?comp=block&blockid={id}"), bytes.to_owned())
        .send()
        .await
}

async fn commit(rig: &Rig, blocks: &[(&str, &str)]) -> Reply {
    let blocks: String = blocks
        .iter()
        .map(|(kind, name)| format!("<{kind}>{}</{kind}>", BASE64_STANDARD.encode(name)))
        .collect();
    let xml = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<BlockList>{blocks}</BlockList>");
    rig.put("/box/b?comp=blocklist", xml)
        .header("x-ms-blob-content-type", "text/plain")
        .send()
        .await
}

async fn names(rig: &Rig, kind: &str) -> String {
    let reply = rig
        .get(&format!("/box/b?comp=blocklist&blocklisttype={kind}"))
        .send()
        .await
        .expect(200);
    reply.text().split("?>").nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn blocks_wait_until_they_are_committed() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let put = put_block(&rig, "1", "hello ").await.expect(201);
    assert_eq!(
        put.header("x-ms-content-crc64"),
        lazuli_protocol::Crc64::of(b"hello ").to_string()
    );
    assert_eq!((put.header("content-md5"), put.header("etag")), ("", ""));
    put_block(&rig, "2", "world").await.expect(201);
    rig.get("/box/b").send().await.expect_error(404, "BlobNotFound");
    assert_eq!(
        names(&rig, "all").await,
        "<BlockList><CommittedBlocks /><UncommittedBlocks><Block><Name>MQ==</Name><Size>6</Size></Block>\
         <Block><Name>Mg==</Name><Size>5</Size></Block></UncommittedBlocks></BlockList>"
    );
    let waiting = rig.get("/box/b?comp=blocklist&blocklisttype=all").send().await;
    assert_eq!(
        (waiting.header("etag"), waiting.header("x-ms-blob-content-length")),
        ("", "")
    );

    let committed = commit(&rig, &[("Latest", "1"), ("Uncommitted", "2"), ("Latest", "1")])
        .await
        .expect(201);
    assert_eq!(committed.header("content-md5"), "");
    let got = rig.get("/box/b").send().await.expect(200);
    assert_eq!(
        (&got.body[..], got.header("content-type")),
        (&b"hello worldhello "[..], "text/plain")
    );
    assert_eq!(got.header("content-md5"), "");
    assert_eq!(got.header("etag"), committed.header("etag"));
    assert_eq!(
        names(&rig, "uncommitted").await,
        "<BlockList><UncommittedBlocks /></BlockList>"
    );
    let list = rig.get("/box/b?comp=blocklist").send().await.expect(200);
    assert_eq!(list.elements("Name"), ["MQ==", "Mg==", "MQ=="]);
    assert_eq!(
        (list.header("etag"), list.header("x-ms-blob-content-length")),
        (got.header("etag"), "17")
    );
}

#[tokio::test]
async fn latest_prefers_what_waits_and_committed_what_is_there() {
    let rig = Rig::new();
    rig.make_container("box").await;
    put_block(&rig, "1", "old").await.expect(201);
    put_block(&rig, "2", "two").await.expect(201);
    commit(&rig, &[("Latest", "1"), ("Latest", "2")])
        .await
        .expect(201);
    put_block(&rig, "1", "new").await.expect(201);
    commit(&rig, &[("Uncommitted", "2")])
        .await
        .expect_error(400, "InvalidBlockList");
    commit(&rig, &[("Committed", "1"), ("Latest", "1"), ("Latest", "2")])
        .await
        .expect(201);
    assert_eq!(&rig.get_bytes("/box/b").await[..], b"oldnewtwo");
    // What was not named is gone.
    commit(&rig, &[("Latest", "2")]).await.expect(201);
    commit(&rig, &[("Latest", "1")])
        .await
        .expect_error(400, "InvalidBlockList");
    // A list of nothing is a blob of nothing.
    commit(&rig, &[]).await.expect(201);
    assert_eq!(rig.get_bytes("/box/b").await.len(), 0);
}

#[tokio::test]
async fn put_blob_drops_what_waits_and_names_no_blocks() {
    let rig = Rig::new();
    rig.make_container("box").await;
    put_block(&rig, "1", "x").await.expect(201);
    rig.put_blob("/box/b", "whole").await;
    assert_eq!(
        names(&rig, "all").await,
        "<BlockList><CommittedBlocks /><UncommittedBlocks /></BlockList>"
    );
    // Ids of another length are fine once nothing waits.
    put_block(&rig, "long-one", "y").await.expect(201);
    put_block(&rig, "1", "x")
        .await
        .expect_error(400, "InvalidBlobOrBlock");
    commit(&rig, &[("Latest", "long-one")]).await.expect(201);
    assert_eq!(&rig.get_bytes("/box/b").await[..], b"y");
}

#[tokio::test]
async fn commits_keep_their_conditions() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let commit = |name: &'static str, value: String| {
        rig.put("/box/b?comp=blocklist", "<BlockList />")
            .header(name, value)
            .send()
    };
    commit("if-match", "*".to_owned())
        .await
        .expect_error(412, "ConditionNotMet");
    let tag = commit("if-none-match", "*".to_owned())
        .await
        .expect(201)
        .header("etag")
        .to_owned();
    commit("if-none-match", "*".to_owned())
        .await
        .expect_error(409, "BlobAlreadyExists");
    commit("if-none-match", tag.clone())
        .await
        .expect_error(412, "ConditionNotMet");
    commit("if-match", tag).await.expect(201);
}

#[tokio::test]
async fn checksums_of_blocks_are_compared() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let put = |name: &'static str, value: String| {
        rig.put("/box/b?comp=block&blockid=QQ%3D%3D", "hello")
            .header(name, value)
            .send()
    };
    let (md5, crc) = (
        lazuli_protocol::Md5::of(b"hello").to_string(),
        lazuli_protocol::Crc64::of(b"hello").to_string(),
    );
    let good = put("content-md5", md5.clone()).await.expect(201);
    assert_eq!(
        (good.header("content-md5"), good.header("x-ms-content-crc64")),
        (md5.as_str(), "")
    );
    // The newest version tells both.
    let newest = rig
        .put("/box/b?comp=block&blockid=QQ%3D%3D", "hello")
        .header("content-md5", &md5)
        .header("x-ms-version", "2026-10-06");
    let newest = newest.send().await.expect(201);
    assert_eq!(
        (newest.header("content-md5"), newest.header("x-ms-content-crc64")),
        (md5.as_str(), crc.as_str())
    );
    let good = put("x-ms-content-crc64", crc.clone()).await.expect(201);
    assert_eq!(
        (good.header("content-md5"), good.header("x-ms-content-crc64")),
        ("", crc.as_str())
    );
    put("content-md5", lazuli_protocol::Md5::of(b"x").to_string())
        .await
        .expect_error(400, "Md5Mismatch");
    put("x-ms-content-crc64", lazuli_protocol::Crc64::of(b"x").to_string())
        .await
        .expect_error(400, "Crc64Mismatch");
}

#[tokio::test]
async fn blocks_run_out_after_a_week() {
    const WEEK: u64 = 7 * 24 * 60 * 60;
    let seconds = std::time::Duration::from_secs;
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::with(|builder| builder.location(folder.path()));
    rig.make_container("box").await;
    put_block(&rig, "1", "x").await.expect(201);
    rig.clock.advance(seconds(WEEK - 10));
    // Each block that is put gives the others another week.
    put_block(&rig, "2", "y").await.expect(201);
    rig.clock.advance(seconds(WEEK - 1));
    commit(&rig, &[("Latest", "1"), ("Latest", "3")])
        .await
        .expect_error(400, "InvalidBlockList");
    rig.clock.advance(seconds(1));
    commit(&rig, &[("Latest", "1")])
        .await
        .expect_error(400, "InvalidBlockList");
    rig.get("/box/b?comp=blocklist&blocklisttype=all")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    let list = rig
        .get("/box?restype=container&comp=list&include=uncommittedblobs")
        .send()
        .await;
    assert_eq!(list.elements("Name"), [""; 0]);
    let files = || {
        let folders = std::fs::read_dir(folder.path().join("content")).unwrap();
        folders
            .map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count())
            .sum::<usize>()
    };
    assert_eq!(files(), 2);
    // The next write sweeps them away.
    rig.put_blob("/box/other", "").await;
    assert_eq!(files(), 0);
}

#[tokio::test]
async fn uncommitted_blobs_are_listed_when_they_are_asked_for() {
    let rig = Rig::new();
    rig.make_container("box").await;
    put_block(&rig, "1", "x").await.expect(201);
    let list = |query: &'static str| {
        rig.get(&format!("/box?restype=container&comp=list{query}"))
            .send()
    };
    assert_eq!(list("").await.elements("Name"), [""; 0]);
    let all = list("&include=uncommittedblobs,metadata").await.expect(200);
    assert!(all.text().contains(
        "<Blobs><Blob><Name>b</Name><Properties><Content-Length>0</Content-Length><BlobType>BlockBlob</BlobType>\
         <AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>\
         <LeaseState>available</LeaseState><ServerEncrypted>false</ServerEncrypted></Properties><OrMetadata /></Blob></Blobs>"
    ));
}

#[tokio::test]
async fn blocks_that_wait_are_deleted_as_a_blob_is() {
    for (options, permanent) in [
        (AccountOptions::new(), "true"),
        (AccountOptions::new().versioning(true), "false"),
    ] {
        let rig = Rig::with(|builder| builder.account_options(ACCOUNT, options));
        rig.make_container("box").await;
        let stage = async |path: &str| {
            let block = rig.put(&format!("{path}?comp=block&blockid=QQ=="), "abc");
            block.send().await.expect(201);
        };
        stage("/box/a").await;
        // Whoever asks for more than a name is not there.
        let matching = rig.delete("/box/a").header("if-match", "*");
        matching.send().await.expect_error(412, "ConditionNotMet");
        let only = rig.delete("/box/a").header("x-ms-delete-snapshots", "only");
        only.send().await.expect_error(404, "BlobNotFound");
        let deleted = rig.delete("/box/a").send().await.expect(202);
        assert_eq!(deleted.header("x-ms-delete-type-permanent"), permanent);
        let blocks = rig.get("/box/a?comp=blocklist&blocklisttype=all").send().await;
        blocks.expect_error(404, "BlobNotFound");
        rig.delete("/box/a")
            .send()
            .await
            .expect_error(404, "BlobNotFound");
        let list = rig.get("/box?restype=container&comp=list&include=uncommittedblobs,deleted,versions");
        assert_eq!(list.send().await.expect(200).elements("Name"), [""; 0]);
    }
}
