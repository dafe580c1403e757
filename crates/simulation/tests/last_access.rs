//! When blobs were last accessed, in accounts that keep track of it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, ENDPOINT, Rig};

const HOUR: Duration = Duration::from_secs(60 * 60);
const LIST: &str = "/box?restype=container&comp=list";

async fn tracking() -> Rig {
    let options = AccountOptions::new().last_access_time_tracking(true);
    let rig = Rig::with(|builder| builder.account_options(ACCOUNT, options));
    rig.make_container("box").await;
    rig
}

async fn told(rig: &Rig, path: &str) -> String {
    let head = rig.head(path).send().await.expect(200);
    head.header("x-ms-last-access-time").to_owned()
}

#[tokio::test]
async fn the_first_read_of_a_day_is_noted() {
    let rig = tracking().await;
    let put = rig.put_blob("/box/a", "hello").await;
    assert_eq!(told(&rig, "/box/a").await, put.header("last-modified"));
    rig.clock.advance(HOUR);
    // A read tells what was before it.
    let read = rig.get("/box/a").send().await.expect(200);
    assert_eq!(
        read.header("x-ms-last-access-time"),
        "Sun, 01 Mar 2026 12:00:00 GMT"
    );
    assert_eq!(told(&rig, "/box/a").await, "Sun, 01 Mar 2026 13:00:00 GMT");
    rig.clock.advance(23 * HOUR);
    rig.get("/box/a").send().await.expect(200);
    assert_eq!(told(&rig, "/box/a").await, "Sun, 01 Mar 2026 13:00:00 GMT");
    rig.clock.advance(HOUR);
    rig.get("/box/a").send().await.expect(200);
    assert_eq!(told(&rig, "/box/a").await, "Mon, 02 Mar 2026 13:00:00 GMT");
    let listed = rig.get(LIST).send().await.expect(200);
    assert_eq!(listed.element("LastAccessTime"), "Mon, 02 Mar 2026 13:00:00 GMT");
    // The blob is no other for it.
    let head = rig.head("/box/a").send().await;
    assert_eq!(head.header("etag"), put.header("etag"));
    assert_eq!(head.header("last-modified"), put.header("last-modified"));
}

#[tokio::test]
async fn a_write_is_an_access_and_a_look_is_none() {
    let rig = tracking().await;
    rig.put_blob("/box/a", "hello").await;
    rig.clock.advance(HOUR);
    for look in ["", "?comp=metadata", "?comp=tags", "?comp=blocklist"] {
        rig.get(&format!("/box/a{look}"))
            .header("x-ms-range", "bytes=9-")
            .send()
            .await;
    }
    assert_eq!(told(&rig, "/box/a").await, "Sun, 01 Mar 2026 12:00:00 GMT");
    rig.get("/box/a").send().await.expect(200);
    assert_eq!(told(&rig, "/box/a").await, "Sun, 01 Mar 2026 13:00:00 GMT");
    rig.clock.advance(HOUR);
    let set = rig.put("/box/a?comp=metadata", "");
    set.header("x-ms-meta-a", "1").send().await.expect(200);
    assert_eq!(told(&rig, "/box/a").await, "Sun, 01 Mar 2026 14:00:00 GMT");
}

#[tokio::test]
async fn copies_read_their_source() {
    let rig = tracking().await;
    for name in ["a", "b"] {
        rig.put_blob(&format!("/box/{name}"), "hello").await;
    }
    rig.make_public("box").await;
    rig.clock.advance(HOUR);
    for (name, to) in [("a", "/box/c"), ("b", "/box/c?comp=block&blockid=QQ%3D%3D")] {
        let source = format!("{ENDPOINT}/box/{name}");
        let copy = rig.put(to, "").header("x-ms-copy-source", source);
        assert!(copy.send().await.status.is_success());
        let path = format!("/box/{name}");
        assert_eq!(told(&rig, &path).await, "Sun, 01 Mar 2026 13:00:00 GMT");
    }
}

#[tokio::test]
async fn only_current_block_blobs_are_kept_track_of() {
    let rig = tracking().await;
    rig.put("/box/log", "")
        .header("x-ms-blob-type", "AppendBlob")
        .send()
        .await
        .expect(201);
    rig.get("/box/log").send().await.expect(200);
    assert_eq!(told(&rig, "/box/log").await, "");
    rig.put_blob("/box/a", "hello").await;
    let taken = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    let snapshot = format!("/box/a?snapshot={}", taken.header("x-ms-snapshot"));
    rig.clock.advance(HOUR);
    rig.get(&snapshot).send().await.expect(200);
    assert_eq!(told(&rig, &snapshot).await, "");
    assert_eq!(told(&rig, "/box/a").await, "Sun, 01 Mar 2026 12:00:00 GMT");
    let listed = rig.get(&format!("{LIST}&include=snapshots")).send().await;
    assert_eq!(listed.elements("LastAccessTime").len(), 1);
    // Versions of the service that came before it do not know of it.
    let old = rig.head("/box/a").header("x-ms-version", "2019-12-12");
    assert_eq!(old.send().await.expect(200).header("x-ms-last-access-time"), "");
}

#[tokio::test]
async fn nothing_is_told_unless_the_account_is_asked_to() {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/a", "hello").await;
    let read = rig.get("/box/a").send().await.expect(200);
    assert_eq!(read.header("x-ms-last-access-time"), "");
    let listed = rig.get(LIST).send().await.expect(200);
    assert_eq!(listed.element("LastAccessTime"), "");
}
