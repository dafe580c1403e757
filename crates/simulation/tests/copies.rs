//! Copies: of whole blobs at once and later, of parts, of snapshots; who may read the source, and how it is refused.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_signing::EMULATOR_KEY;
use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, ENDPOINT, Reply, Rig, bearer};

const OTHER: &str = "devstoreaccount2";
const SECOND: Duration = Duration::from_secs(1);

fn url(path: &str) -> String {
    format!("{ENDPOINT}{path}")
}

fn rig_with(options: AccountOptions) -> Rig {
    Rig::with(|builder| {
        builder
            .account(ACCOUNT, EMULATOR_KEY)
            .account(OTHER, EMULATOR_KEY)
            .account_options(ACCOUNT, options)
    })
}

async fn ready() -> Rig {
    let rig = rig_with(AccountOptions::new());
    rig.make_container("box").await;
    rig
}

fn copy<'a>(rig: &'a Rig, to: &str, from: &str) -> rig::Call<'a> {
    rig.put(to, "").header("x-ms-copy-source", url(from))
}

fn progress(reply: &Reply) -> (&str, &str) {
    (
        reply.header("x-ms-copy-status"),
        reply.header("x-ms-copy-progress"),
    )
}

#[tokio::test]
async fn a_copy_has_all_of_its_source() {
    let rig = ready().await;
    rig.put("/box/a", "hello")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-blob-content-language", "de")
        .header("x-ms-meta-one", "1")
        .header("x-ms-tags", "k=v")
        .send()
        .await
        .expect(201);
    let copied = copy(&rig, "/box/b", "/box/a").send().await.expect(202);
    assert_eq!(copied.header("x-ms-copy-status"), "success");
    assert_eq!(copied.header("x-ms-copy-id").len(), 36);
    let read = rig.get("/box/b").send().await.expect(200);
    assert_eq!(read.body, "hello");
    assert_eq!(progress(&read), ("success", "5/5"));
    assert_eq!(read.header("x-ms-copy-id"), copied.header("x-ms-copy-id"));
    assert_eq!(read.header("x-ms-copy-source"), url("/box/a"));
    assert_eq!(
        (read.header("content-language"), read.header("x-ms-meta-one")),
        ("de", "1")
    );
    assert_eq!(read.header("x-ms-tag-count"), "");
    // Metadata of its own replaces all of the source's, and a copy without end of the source is a blob of its own.
    copy(&rig, "/box/b", "/box/a")
        .header("x-ms-meta-two", "2")
        .header("x-ms-copy-source-tag-option", "COPY")
        .send()
        .await
        .expect(202);
    rig.delete("/box/a").send().await.expect(202);
    let read = rig.get("/box/b").send().await.expect(200);
    assert_eq!(
        (read.header("x-ms-meta-one"), read.header("x-ms-meta-two")),
        ("", "2")
    );
    assert_eq!(
        (read.header("x-ms-tag-count"), &read.body[..]),
        ("1", &b"hello"[..])
    );
    // What is set anew is no copy any more.
    rig.put("/box/b?comp=properties", "").send().await.expect(200);
    assert_eq!(rig.head("/box/b").send().await.header("x-ms-copy-id"), "");
}

#[tokio::test]
async fn a_copy_takes_its_time_where_the_account_says_so() {
    let rig = rig_with(AccountOptions::new().copy_time(10 * SECOND));
    rig.make_container("box").await;
    rig.put_blob("/box/a", "hello").await;
    let begun = copy(&rig, "/box/b", "/box/a").send().await.expect(202);
    assert_eq!(begun.header("x-ms-copy-status"), "pending");
    let early = rig.get("/box/b").send().await.expect(200);
    assert_eq!(
        (progress(&early), &early.body[..]),
        (("pending", "0/5"), &b""[..])
    );
    assert_eq!(early.header("etag"), begun.header("etag"));
    assert_eq!(early.header("x-ms-copy-completion-time"), "");
    for write in [
        rig.put("/box/b", "x").header("x-ms-blob-type", "BlockBlob"),
        rig.put("/box/b?comp=metadata", ""),
        rig.put("/box/b?comp=block&blockid=QQ%3D%3D", "x"),
        rig.put("/box/b?comp=snapshot", ""),
        rig.put("/box/b?comp=tier", "").header("x-ms-access-tier", "Cool"),
        rig.put("/box/b?comp=tags", "<Tags><TagSet /></Tags>"),
        rig.put("/box/b?comp=blocklist", "<BlockList />"),
        rig.put("/box/b?comp=lease", "")
            .header("x-ms-lease-action", "acquire")
            .header("x-ms-lease-duration", "-1"),
        rig.delete("/box/b"),
        copy(&rig, "/box/b", "/box/a"),
    ] {
        write.send().await.expect_error(409, "PendingCopyOperation");
    }
    rig.clock.advance(10 * SECOND);
    let done = rig.get("/box/b").send().await.expect(200);
    assert_eq!(
        (progress(&done), &done.body[..]),
        (("success", "5/5"), &b"hello"[..])
    );
    assert_ne!(done.header("etag"), early.header("etag"));
    assert_eq!(
        done.header("x-ms-copy-completion-time"),
        "Sun, 01 Mar 2026 12:00:10 GMT"
    );
    rig.put("/box/b?comp=metadata", "").send().await.expect(200);
    assert_ne!(
        rig.head("/box/b").send().await.header("etag"),
        done.header("etag")
    );
}

#[tokio::test]
async fn a_lease_without_an_end_is_locked_while_a_copy_is_under_way() {
    const ID: &str = "11111111-1111-1111-1111-111111111111";
    let rig = rig_with(AccountOptions::new().copy_time(10 * SECOND));
    rig.make_container("box").await;
    rig.put_blob("/box/a", "hello").await;
    rig.put_blob("/box/b", "").await;
    let lease = |action: &str| {
        rig.put("/box/b?comp=lease", "")
            .header("x-ms-lease-action", action)
            .header("x-ms-lease-id", ID)
    };
    let acquire = |seconds: &str| {
        lease("acquire")
            .without("x-ms-lease-id")
            .header("x-ms-proposed-lease-id", ID)
            .header("x-ms-lease-duration", seconds)
    };
    let held = || copy(&rig, "/box/b", "/box/a").header("x-ms-lease-id", ID);
    acquire("15").send().await.expect(201);
    copy(&rig, "/box/b", "/box/a")
        .send()
        .await
        .expect_error(412, "LeaseIdMissing");
    held()
        .send()
        .await
        .expect_error(412, "InfiniteLeaseDurationRequired");
    acquire("-1").send().await.expect(201);
    let begun = held().send().await.expect(202);
    assert_eq!(begun.header("x-ms-copy-status"), "pending");
    for action in ["renew", "release", "break"] {
        lease(action)
            .send()
            .await
            .expect_error(409, "PendingCopyOperation");
    }
    // Whoever does not hold it is told of the lease first.
    rig.delete("/box/b")
        .send()
        .await
        .expect_error(412, "LeaseIdMissing");
    rig.delete("/box/b")
        .header("x-ms-lease-id", ID)
        .send()
        .await
        .expect_error(409, "PendingCopyOperation");
    rig.clock.advance(10 * SECOND);
    lease("release").send().await.expect(200);
    assert_eq!(rig.get_bytes("/box/b").await, "hello");
}

#[tokio::test]
async fn a_copy_that_is_aborted_leaves_nothing() {
    let rig = rig_with(AccountOptions::new().copy_time(10 * SECOND));
    rig.make_container("box").await;
    rig.put_blob("/box/a", "hello").await;
    let begun = copy(&rig, "/box/b", "/box/a").send().await.expect(202);
    let abort = |id: &str| {
        rig.put(&format!("/box/b?comp=copy&copyid={id}"), "")
            .header("x-ms-copy-action", "abort")
    };
    abort("nonsense")
        .send()
        .await
        .expect_error(400, "InvalidQueryParameterValue");
    abort("00000000-0000-0000-0000-000000000000")
        .send()
        .await
        .expect_error(409, "CopyIdMismatch");
    abort(begun.header("x-ms-copy-id")).send().await.expect(204);
    rig.clock.advance(20 * SECOND);
    let left = rig.get("/box/b").send().await.expect(200);
    assert_eq!((progress(&left), left.body.len()), (("aborted", "0/5"), 0));
    abort(begun.header("x-ms-copy-id"))
        .send()
        .await
        .expect_error(409, "NoPendingCopyOperation");
}

#[tokio::test]
async fn conditions_of_a_copy_have_codes_of_their_own() {
    let rig = ready().await;
    rig.put_blob("/box/a", "a").await;
    rig.put_blob("/box/b", "b").await;
    let past = "Sat, 28 Feb 2026 12:00:00 GMT";
    let check = async |name, value: &str, status, code: &str| {
        let call = copy(&rig, "/box/b", "/box/a").header(name, value);
        call.send().await.expect_error(status, code);
    };
    check("x-ms-source-if-match", "\"0x1\"", 412, "SourceConditionNotMet").await;
    check(
        "x-ms-source-if-unmodified-since",
        past,
        412,
        "SourceConditionNotMet",
    )
    .await;
    check("x-ms-source-if-tags", "k='v'", 412, "ConditionNotMet").await;
    check("if-match", "\"0x1\"", 412, "TargetConditionNotMet").await;
    check("if-unmodified-since", past, 412, "TargetConditionNotMet").await;
    check("if-none-match", "*", 409, "BlobAlreadyExists").await;
    check("x-ms-if-tags", "k='v'", 412, "ConditionNotMet").await;
    copy(&rig, "/box/b", "/box/none")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    rig.put("/box/p", "")
        .header("x-ms-blob-type", "PageBlob")
        .header("x-ms-blob-content-length", "512")
        .send()
        .await
        .expect(201);
    copy(&rig, "/box/p", "/box/a")
        .send()
        .await
        .expect_error(409, "InvalidBlobType");
}

#[tokio::test]
async fn whoever_may_not_read_the_source_is_told_what_it_said() {
    let rig = ready().await;
    rig.put_blob("/box/a", "hello").await;
    let from_url = |version: &str| {
        copy(&rig, "/box/b", "/box/a")
            .header("x-ms-blob-type", "BlockBlob")
            .header("x-ms-version", version)
    };
    let refused = from_url("2026-06-06").send().await;
    let refused = refused.expect_error(401, "CannotVerifyCopySource");
    assert_eq!(refused.element("CopySourceStatusCode"), "401");
    assert_eq!(
        refused.element("CopySourceErrorCode"),
        "NoAuthenticationInformation"
    );
    assert_eq!(
        (
            refused.header("x-ms-copy-source-status-code"),
            refused.header("x-ms-copy-source-error-code")
        ),
        ("401", "NoAuthenticationInformation")
    );
    let earlier = from_url("2025-07-05").send().await;
    let earlier = earlier.expect_error(401, "CannotVerifyCopySource");
    assert_eq!(earlier.element("CopySourceStatusCode"), "");
    let token = bearer(
        "11111111-1111-1111-1111-111111111111",
        "22222222-2222-2222-2222-222222222222",
    );
    from_url("2026-06-06")
        .header("x-ms-copy-source-authorization", token)
        .send()
        .await
        .expect(201);
    rig.make_public("box").await;
    from_url("2026-06-06").send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/b").await, "hello");
    // A condition on the source is answered as a read would be.
    let refused = from_url("2026-06-06")
        .header(
            "x-ms-source-if-none-match",
            rig.head("/box/a").send().await.header("etag"),
        )
        .send()
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("x-ms-error-code")),
        (304, "CannotVerifyCopySource")
    );
    let since =
        from_url("2026-06-06").header("x-ms-source-if-unmodified-since", "Sat, 28 Feb 2026 12:00:00 GMT");
    since.send().await.expect_error(412, "CannotVerifyCopySource");
    // All but one.
    let other = from_url("2026-06-06").header("x-ms-source-if-match", "\"0x1\"");
    other.send().await.expect_error(412, "SourceConditionNotMet");
}

#[tokio::test]
async fn nothing_is_fetched_unless_it_is_said_how() {
    let rig = ready().await;
    for source in [
        "https://example.com/devstoreaccount1/box/a",
        "https://nobody.blob.core.windows.net/box/a?sig=c2VjcmV0",
        "http://127.0.0.1:10000/nobody/box/a",
    ] {
        let call = rig.put("/box/b", "").header("x-ms-copy-source", source);
        let refused = call.send().await.expect_error(404, "CannotVerifyCopySource");
        assert!(
            refused.text().contains("nothing to fetch it with"),
            "{}",
            refused.text()
        );
        assert!(!refused.text().contains("c2VjcmV0"));
    }
    for source in [
        "",
        "no url",
        "/box/a",
        "http://127.0.0.1:10000/devstoreaccount1/box?restype=container",
    ] {
        let call = rig.put("/box/b", "").header("x-ms-copy-source", source);
        assert_eq!(call.send().await.status, 400, "{source}");
    }
}

#[tokio::test]
async fn an_account_is_known_by_its_own_host() {
    let rig = ready().await;
    rig.put_blob("/box/a", "hello").await;
    rig.put("/box/b", "")
        .header(
            "x-ms-copy-source",
            "https://devstoreaccount1.blob.core.windows.net/box/a",
        )
        .send()
        .await
        .expect(202);
    assert_eq!(rig.get_bytes("/box/b").await, "hello");
    // Another account's blob takes leave of its own to read.
    copy(&rig, "/box/c", "/box/a")
        .header(
            "x-ms-copy-source",
            "http://127.0.0.1:10000/devstoreaccount2/box/a",
        )
        .send()
        .await
        .expect_error(401, "CannotVerifyCopySource");
}

#[tokio::test]
async fn blobs_are_made_of_parts_of_others() {
    let rig = ready().await;
    rig.make_public("box").await;
    rig.put_blob("/box/a", "0123456789").await;
    let block = copy(&rig, "/box/b?comp=block&blockid=QQ%3D%3D", "/box/a")
        .header("x-ms-source-range", "bytes=2-4")
        .send()
        .await
        .expect(201);
    assert_ne!(block.header("x-ms-content-crc64"), "");
    let whole = copy(&rig, "/box/b?comp=block&blockid=Qg%3D%3D", "/box/a");
    let whole = whole.header("x-ms-source-content-md5", "eB5eJF1ptWaXm4bijSPyxw==");
    assert_eq!(
        whole.send().await.expect(201).header("content-md5"),
        "eB5eJF1ptWaXm4bijSPyxw=="
    );
    rig.put(
        "/box/b?comp=blocklist",
        "<BlockList><Latest>QQ==</Latest><Latest>Qg==</Latest></BlockList>",
    )
    .send()
    .await
    .expect(201);
    assert_eq!(rig.get_bytes("/box/b").await, "2340123456789");
    copy(&rig, "/box/b?comp=block&blockid=QQ%3D%3D", "/box/a")
        .header("x-ms-source-content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")
        .send()
        .await
        .expect_error(400, "Md5Mismatch");
    copy(&rig, "/box/b?comp=block&blockid=QQ%3D%3D", "/box/a")
        .header("x-ms-source-range", "bytes=10-12")
        .send()
        .await
        .expect_error(416, "CannotVerifyCopySource");
    rig.put("/box/log", "")
        .header("x-ms-blob-type", "AppendBlob")
        .send()
        .await
        .expect(201);
    let appended = copy(&rig, "/box/log?comp=appendblock", "/box/a")
        .header("x-ms-source-range", "bytes=5-")
        .send()
        .await
        .expect(201);
    assert_eq!(appended.header("x-ms-blob-append-offset"), "0");
    assert_ne!(appended.header("content-md5"), "");
    assert_eq!(rig.get_bytes("/box/log").await, "56789");
    rig.put("/box/log?comp=seal", "").send().await.expect(200);
    for (seal, sealed) in [("true", "true"), ("false", ""), ("", "true")] {
        copy(&rig, "/box/log2", "/box/log")
            .header("x-ms-seal-blob", seal)
            .send()
            .await
            .expect(202);
        assert_eq!(
            rig.head("/box/log2").send().await.header("x-ms-blob-sealed"),
            sealed
        );
    }
}

#[tokio::test]
async fn pages_are_copied_as_pages_and_as_a_block_blob() {
    let rig = ready().await;
    rig.make_public("box").await;
    let page = |name: &str| {
        rig.put(name, "")
            .header("x-ms-blob-type", "PageBlob")
            .header("x-ms-blob-content-length", "1536")
    };
    page("/box/p").send().await.expect(201);
    rig.put("/box/p?comp=page", vec![7; 512])
        .header("x-ms-page-write", "update")
        .header("x-ms-range", "bytes=512-1023")
        .send()
        .await
        .expect(201);
    page("/box/q").send().await.expect(201);
    let write = |source_range: &str| {
        copy(&rig, "/box/q?comp=page", "/box/p")
            .header("x-ms-page-write", "update")
            .header("x-ms-range", "bytes=0-511")
            .header("x-ms-source-range", source_range)
    };
    write("bytes=512-1023").send().await.expect(201);
    write("bytes=0-1023")
        .send()
        .await
        .expect_error(409, "CannotVerifyCopySource");
    assert_eq!(
        rig.get_bytes("/box/q").await[..],
        [&[7; 512][..], &[0; 1024]].concat()
    );
    copy(&rig, "/box/block", "/box/p")
        .header("x-ms-blob-type", "BlockBlob")
        .send()
        .await
        .expect(201);
    let read = rig.get("/box/block").send().await.expect(200);
    assert_eq!(read.header("x-ms-blob-type"), "BlockBlob");
    assert_eq!(read.body, rig.get_bytes("/box/p").await);
}

#[tokio::test]
async fn a_copy_at_once_says_what_it_sums_up_to() {
    let rig = ready().await;
    rig.make_public("box").await;
    rig.put_blob("/box/a", "0123456789").await;
    let at_once = || copy(&rig, "/box/b", "/box/a").header("x-ms-requires-sync", "true");
    let copied = at_once().send().await.expect(202);
    assert_eq!(copied.header("x-ms-copy-status"), "success");
    assert_ne!(copied.header("x-ms-content-crc64"), "");
    let copied = at_once()
        .header("x-ms-source-content-md5", "eB5eJF1ptWaXm4bijSPyxw==")
        .send()
        .await
        .expect(202);
    assert_eq!(copied.header("content-md5"), "eB5eJF1ptWaXm4bijSPyxw==");
    assert_eq!(rig.get_bytes("/box/b").await, "0123456789");
}

#[tokio::test]
async fn a_version_becomes_the_blob_again() {
    let rig = rig_with(AccountOptions::new().versioning(true));
    rig.make_container("box").await;
    let first = rig.put_blob("/box/a", "first").await;
    rig.clock.advance(SECOND);
    rig.put_blob("/box/a", "second").await;
    let version = first.header("x-ms-version-id").replace(':', "%3A");
    let copied = copy(&rig, "/box/a", &format!("/box/a?versionid={version}"));
    let copied = copied.send().await.expect(202);
    assert_ne!(copied.header("x-ms-version-id"), first.header("x-ms-version-id"));
    assert_eq!(rig.get_bytes("/box/a").await, "first");
}

#[tokio::test]
async fn what_is_archived_comes_out_as_a_copy() {
    let rig = ready().await;
    rig.put_blob("/box/a", "hello").await;
    rig.put("/box/a?comp=tier", "")
        .header("x-ms-access-tier", "Archive")
        .send()
        .await
        .expect(200);
    copy(&rig, "/box/b", "/box/a")
        .send()
        .await
        .expect_error(409, "BlobArchived");
    copy(&rig, "/box/b", "/box/a")
        .header("x-ms-access-tier", "Cool")
        .header("x-ms-rehydrate-priority", "High")
        .send()
        .await
        .expect(202);
    let head = rig.head("/box/b").send().await.expect(200);
    assert_eq!(
        (
            head.header("x-ms-access-tier"),
            head.header("x-ms-archive-status"),
            head.header("x-ms-rehydrate-priority")
        ),
        ("Archive", "rehydrate-pending-to-cool", "High")
    );
    rig.clock.advance(10 * SECOND);
    assert_eq!(rig.get_bytes("/box/b").await, "hello");
}

#[tokio::test]
async fn incremental_copies_make_snapshots() {
    let rig = ready().await;
    rig.put("/box/p", "")
        .header("x-ms-blob-type", "PageBlob")
        .header("x-ms-blob-content-length", "1024")
        .send()
        .await
        .expect(201);
    let mut sources = Vec::new();
    for value in [1, 2] {
        rig.put("/box/p?comp=page", vec![value; 512])
            .header("x-ms-page-write", "update")
            .header("x-ms-range", "bytes=0-511")
            .send()
            .await
            .expect(201);
        rig.clock.advance(SECOND);
        let taken = rig.put("/box/p?comp=snapshot", "").send().await.expect(201);
        sources.push(format!("/box/p?snapshot={}", taken.header("x-ms-snapshot")));
    }
    let incremental = |from: &str| copy(&rig, "/box/q?comp=incrementalcopy", from);
    incremental("/box/p")
        .send()
        .await
        .expect_error(409, "IncrementalCopySourceMustBeSnapshot");
    for (at, source) in sources.iter().enumerate() {
        let begun = incremental(source).send().await.expect(202);
        assert_eq!(begun.header("x-ms-copy-status"), "pending");
        let head = rig.head("/box/q").send().await.expect(200);
        assert_eq!(progress(&head), ("success", "1024/1024"));
        assert_eq!(head.header("x-ms-incremental-copy"), "true");
        let snapshot = head.header("x-ms-copy-destination-snapshot");
        let read = rig
            .get(&format!("/box/q?snapshot={snapshot}"))
            .send()
            .await
            .expect(200);
        assert_eq!(usize::from(read.body[0]), at + 1);
    }
    incremental(&sources[0])
        .send()
        .await
        .expect_error(409, "IncrementalCopyOfEarlierSnapshotNotAllowed");
    rig.get("/box/q")
        .send()
        .await
        .expect_error(409, "OperationNotAllowedOnIncrementalCopyBlob");
}
