//! Snapshots and versions: what is kept of a blob as it was.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Rig};

async fn filled(versions: bool) -> Rig {
    let rig =
        Rig::with(|builder| builder.account_options(ACCOUNT, AccountOptions::new().versioning(versions)));
    rig.make_container("box").await;
    rig.put("/box/a", "first")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-meta-kind", "own")
        .send()
        .await
        .expect(201);
    rig.clock.advance(Duration::from_secs(5));
    rig
}

#[tokio::test]
async fn a_snapshot_stays_as_it_was() {
    let rig = filled(false).await;
    let before = rig.head("/box/a").send().await.expect(200);
    let taken = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    assert_eq!(taken.header("x-ms-snapshot"), "2026-03-01T12:00:05.0000000Z");
    assert_eq!(taken.header("etag"), before.header("etag"));
    assert_eq!(taken.header("last-modified"), before.header("last-modified"));
    assert_eq!(taken.header("x-ms-request-server-encrypted"), "false");
    assert_eq!(taken.header("x-ms-version-id"), "");
    let path = format!("/box/a?snapshot={}", taken.header("x-ms-snapshot"));
    rig.put_blob("/box/a", "second").await;
    let kept = rig.get(&path).send().await.expect(200);
    assert_eq!(
        (&kept.body[..], kept.header("x-ms-meta-kind")),
        (&b"first"[..], "own")
    );
    // A snapshot has no lease, and is no version.
    for name in [
        "x-ms-lease-state",
        "x-ms-lease-status",
        "x-ms-version-id",
        "x-ms-is-current-version",
    ] {
        assert_eq!(kept.header(name), "", "{name}");
    }
    assert_eq!(rig.get_bytes("/box/a").await, "second");
    // Two at the same time have two names.
    let again = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    assert_ne!(again.header("x-ms-snapshot"), taken.header("x-ms-snapshot"));
    rig.delete("/box/a")
        .send()
        .await
        .expect_error(409, "SnapshotsPresent");
}

#[tokio::test]
async fn a_snapshot_may_have_metadata_of_its_own() {
    let rig = filled(false).await;
    let before = rig.head("/box/a").send().await.expect(200);
    let taken = rig
        .put("/box/a?comp=snapshot", "")
        .header("x-ms-meta-kind", "other");
    let taken = taken.send().await.expect(201);
    assert_ne!(taken.header("etag"), before.header("etag"));
    let path = format!("/box/a?snapshot={}", taken.header("x-ms-snapshot"));
    let kept = rig.head(&path).send().await.expect(200);
    assert_eq!(
        (kept.header("x-ms-meta-kind"), kept.header("etag")),
        ("other", taken.header("etag"))
    );
    let after = rig.head("/box/a").send().await.expect(200);
    assert_eq!(after.headers.get("etag"), before.headers.get("etag"));
    assert_eq!(after.header("x-ms-meta-kind"), "own");
}

#[tokio::test]
async fn a_snapshot_is_taken_on_conditions() {
    let rig = filled(false).await;
    let take = || rig.put("/box/a?comp=snapshot", "");
    take()
        .header("if-match", "\"0x1\"")
        .send()
        .await
        .expect_error(412, "ConditionNotMet");
    let held = rig
        .put("/box/a?comp=lease", "")
        .header("x-ms-lease-action", "acquire")
        .header("x-ms-lease-duration", "-1")
        .send()
        .await
        .expect(201);
    take().send().await.expect(201);
    take()
        .header("x-ms-lease-id", held.header("x-ms-lease-id"))
        .send()
        .await
        .expect(201);
    take()
        .header("x-ms-lease-id", "00000000-0000-0000-0000-000000000001")
        .send()
        .await
        .expect_error(412, "LeaseIdMismatchWithBlobOperation");
    rig.put("/box/none?comp=snapshot", "")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
}

#[tokio::test]
async fn a_snapshot_of_a_blob_with_versions_makes_one() {
    let rig = filled(true).await;
    let first = rig
        .head("/box/a")
        .send()
        .await
        .expect(200)
        .header("x-ms-version-id")
        .to_owned();
    let taken = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    // The version is dated a millisecond after the snapshot, as recorded.
    assert_eq!(taken.header("x-ms-snapshot"), "2026-03-01T12:00:05.0000000Z");
    let second = taken.header("x-ms-version-id").to_owned();
    assert_eq!(second, "2026-03-01T12:00:05.0010000Z");
    let now = rig.head("/box/a").send().await.expect(200);
    assert_eq!(
        (now.header("x-ms-version-id"), now.header("etag")),
        (&*second, taken.header("etag"))
    );
    assert_eq!(now.header("x-ms-is-current-version"), "true");
    assert_eq!(now.header("x-ms-lease-state"), "available");
    for (id, current) in [(&first, ""), (&second, "true")] {
        let version = rig
            .get(&format!("/box/a?versionid={id}"))
            .send()
            .await
            .expect(200);
        assert_eq!(version.body, "first");
        assert_eq!(version.header("x-ms-version-id"), id);
        assert_eq!(version.header("x-ms-is-current-version"), current);
        assert_eq!(version.header("x-ms-lease-state"), "");
    }
    // Writes go on from there.
    let put = rig.put_blob("/box/a", "second").await;
    assert!(put.header("x-ms-version-id") > &*second);
}
