//! Copies that are under way, and what becomes of them when their sources change.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, ENDPOINT, Reply, Rig};

const TIME: Duration = Duration::from_secs(10);

fn rig_with(set_up: impl FnOnce(lazuli_simulation::Builder) -> lazuli_simulation::Builder) -> Rig {
    let options = AccountOptions::new().copy_time(TIME);
    Rig::with(|builder| set_up(builder.account_options(ACCOUNT, options)))
}

async fn ready() -> Rig {
    let rig = rig_with(|builder| builder);
    rig.make_container("box").await;
    rig.put_blob("/box/a", "hello").await;
    rig
}

async fn begin(rig: &Rig, to: &str, from: &str) -> Reply {
    let source = format!("{ENDPOINT}{from}");
    let begun = rig.put(to, "").header("x-ms-copy-source", source);
    let begun = begun.send().await.expect(202);
    assert_eq!(begun.header("x-ms-copy-status"), "pending");
    begun
}

/// What became of a copy: its status, its description, and how many bytes there are.
async fn outcome(rig: &Rig, path: &str) -> (String, String, usize) {
    let read = rig.get(path).send().await.expect(200);
    let header = |name| read.header(name).to_owned();
    (
        header("x-ms-copy-status"),
        header("x-ms-copy-status-description"),
        read.body.len(),
    )
}

fn failed(why: &str) -> (String, String, usize) {
    let why = format!("{why} \"Copy failed when reading the source.\"");
    ("failed".to_owned(), why, 0)
}

fn succeeded() -> (String, String, usize) {
    ("success".to_owned(), String::new(), 5)
}

#[tokio::test]
async fn a_copy_fails_whose_source_changes() {
    let rig = ready().await;
    let changes = [
        rig.put("/box/a", "other").header("x-ms-blob-type", "BlockBlob"),
        rig.put("/box/a?comp=metadata", ""),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let copy = format!("/box/copy{at}");
        let begun = begin(&rig, &copy, "/box/a").await;
        assert!(change.send().await.status.is_success());
        assert_eq!(outcome(&rig, &copy).await, failed("412 ConditionNotMet"));
        let head = rig.head(&copy).send().await.expect(200);
        assert_ne!(head.header("etag"), begun.header("etag"));
        assert_eq!(head.header("x-ms-copy-progress"), "0/5");
        // It is over: the destination can be written to, and nothing comes later.
        rig.clock.advance(TIME);
        assert_eq!(outcome(&rig, &copy).await, failed("412 ConditionNotMet"));
        rig.put_blob(&copy, "").await;
    }
}

#[tokio::test]
async fn copies_fail_whose_source_goes() {
    let rig = ready().await;
    for copy in ["/box/b", "/box/c"] {
        begin(&rig, copy, "/box/a").await;
    }
    rig.delete("/box/a").send().await.expect(202);
    for copy in ["/box/b", "/box/c"] {
        assert_eq!(outcome(&rig, copy).await, failed("404 ResourceNotFound"));
    }
    let tags = ["/box/b", "/box/c"].map(|copy| rig.head(copy));
    let [b, c] = tags.map(|head| head.send());
    assert_ne!(b.await.header("etag"), c.await.header("etag"));
}

#[tokio::test]
async fn what_changes_nothing_of_the_source_does_not_matter() {
    let rig = ready().await;
    begin(&rig, "/box/b", "/box/a").await;
    let tags = "<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>";
    rig.put("/box/a?comp=tags", tags).send().await.expect(204);
    rig.put("/box/a?comp=tier", "")
        .header("x-ms-access-tier", "Cool")
        .send()
        .await
        .expect(200);
    rig.put_blob("/box/c", "").await;
    rig.clock.advance(TIME);
    // Afterwards it may change as it likes.
    rig.put_blob("/box/a", "other").await;
    assert_eq!(outcome(&rig, "/box/b").await, succeeded());
}

#[tokio::test]
async fn a_snapshot_can_be_copied_over_its_blob() {
    let rig = ready().await;
    let taken = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    let snapshot = format!("/box/a?snapshot={}", taken.header("x-ms-snapshot"));
    rig.put_blob("/box/a", "something else").await;
    begin(&rig, "/box/a", &snapshot).await;
    begin(&rig, "/box/b", &snapshot).await;
    rig.clock.advance(TIME);
    assert_eq!(outcome(&rig, "/box/a").await, succeeded());
    assert_eq!(outcome(&rig, "/box/b").await, succeeded());
    // A blob that is copied over itself is its own source.
    begin(&rig, "/box/a", "/box/a").await;
    rig.put_blob("/box/c", "").await;
    rig.clock.advance(TIME);
    assert_eq!(outcome(&rig, "/box/a").await, succeeded());
}

#[tokio::test]
async fn a_source_is_watched_after_the_location_was_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let open = || rig_with(|builder| builder.location(folder.path()));
    {
        let rig = open();
        rig.make_container("box").await;
        rig.put_blob("/box/a", "hello").await;
        begin(&rig, "/box/b", "/box/a").await;
    }
    {
        let rig = open();
        rig.put_blob("/box/a", "other").await;
        assert_eq!(outcome(&rig, "/box/b").await, failed("412 ConditionNotMet"));
    }
    let rig = open();
    assert_eq!(outcome(&rig, "/box/b").await, failed("412 ConditionNotMet"));
}
