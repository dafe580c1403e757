//! Keys of the customer's own, and encryption scopes: who shows what a blob is encrypted with may use it.

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
use rig::{ACCOUNT, Call, Rig};
use sha2::{Digest, Sha256};

const USES: &str = "BlobUsesCustomerSpecifiedEncryption";
const MISMATCH: &str = "BlobCustomerSpecifiedEncryptionMismatch";
const NONE: &str = "BlobDoesNotUseCustomerSpecifiedEncryption";
const SHA256: &str = "x-ms-encryption-key-sha256";
const SCOPE: &str = "x-ms-encryption-scope";

async fn rig() -> Rig {
    let options = AccountOptions::new()
        .encryption_scope("one")
        .encryption_scope("two");
    let rig = Rig::with(|builder| builder.account_options(ACCOUNT, options));
    rig.make_container("box").await;
    rig
}

fn with_key(call: Call<'_>, fill: u8) -> Call<'_> {
    let key = [fill; 32];
    call.header("x-ms-encryption-key", BASE64_STANDARD.encode(key))
        .header(SHA256, sum(fill))
        .header("x-ms-encryption-algorithm", "AES256")
}

fn sum(fill: u8) -> String {
    BASE64_STANDARD.encode(Sha256::digest([fill; 32]))
}

fn put<'a>(rig: &'a Rig, path: &str, kind: &str) -> Call<'a> {
    let body = if kind == "BlockBlob" { "abc" } else { "" };
    let call = rig.put(path, body).header("x-ms-blob-type", kind);
    if kind == "PageBlob" {
        call.header("x-ms-blob-content-length", "512")
    } else {
        call
    }
}

/// What can be done with a blob that is there, whatever it is.
fn uses<'a>(rig: &'a Rig, path: &str, kind: &str) -> Vec<(&'static str, Call<'a>, u16)> {
    let at = |comp: &str| format!("{path}?comp={comp}");
    let mut uses = vec![
        ("Get Blob", rig.get(path), 200),
        (
            "Set Blob Metadata",
            rig.put(&at("metadata"), "").header("x-ms-meta-a", "b"),
            200,
        ),
        ("Snapshot Blob", rig.put(&at("snapshot"), ""), 201),
    ];
    match kind {
        "AppendBlob" => uses.push(("Append Block", rig.put(&at("appendblock"), "abc"), 201)),
        "PageBlob" => {
            let write = rig
                .put(&at("page"), vec![1; 512])
                .header("x-ms-range", "bytes=0-511");
            uses.push(("Put Page", write.header("x-ms-page-write", "update"), 201));
        }
        _ => {}
    }
    uses
}

#[tokio::test]
async fn a_key_is_shown_with_every_use() {
    let rig = rig().await;
    for kind in ["BlockBlob", "AppendBlob", "PageBlob"] {
        let path = format!("/box/{kind}");
        let made = with_key(put(&rig, &path, kind), 1).send().await.expect(201);
        assert_eq!(made.header(SHA256), sum(1));
        for (name, call, _) in uses(&rig, &path, kind) {
            let refused = call.send().await;
            assert_eq!(
                (refused.status.as_u16(), refused.header("x-ms-error-code")),
                (409, USES),
                "{name}"
            );
        }
        for (name, call, _) in uses(&rig, &path, kind) {
            let refused = with_key(call, 2).send().await;
            assert_eq!(
                (refused.status.as_u16(), refused.header("x-ms-error-code")),
                (409, MISMATCH),
                "{name}"
            );
        }
        for (name, call, status) in uses(&rig, &path, kind) {
            let done = with_key(call, 1).send().await;
            assert_eq!(done.status.as_u16(), status, "{name}");
            let told = if name == "Snapshot Blob" {
                String::new()
            } else {
                sum(1)
            };
            assert_eq!(done.header(SHA256), told, "{name}");
        }
        let plain = format!("/box/plain-{kind}");
        put(&rig, &plain, kind).send().await.expect(201);
        for (name, call, _) in uses(&rig, &plain, kind) {
            let refused = with_key(call, 1).send().await;
            assert_eq!(
                (refused.status.as_u16(), refused.header("x-ms-error-code")),
                (409, NONE),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn blocks_are_committed_with_the_key_that_they_were_put_with() {
    let rig = rig().await;
    let block = || rig.put("/box/a?comp=block&blockid=QQ==", "abc");
    let commit = || {
        rig.put(
            "/box/a?comp=blocklist",
            "<BlockList><Latest>QQ==</Latest></BlockList>",
        )
    };
    let staged = with_key(block(), 1).send().await.expect(201);
    assert_eq!(staged.header(SHA256), sum(1));
    commit().send().await.expect_error(409, USES);
    with_key(commit(), 2).send().await.expect_error(409, MISMATCH);
    with_key(commit(), 1).send().await.expect(201);
    // What is committed already counts as well.
    commit().send().await.expect_error(409, USES);
    // A block that is put again is what it was put with last.
    block().send().await.expect(201);
    with_key(commit(), 1).send().await.expect_error(409, NONE);
    commit().send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/a").await, "abc");
}

#[tokio::test]
async fn a_scope_is_named_with_every_write() {
    let rig = rig().await;
    let made = put(&rig, "/box/a", "AppendBlob")
        .header(SCOPE, "one")
        .send()
        .await
        .expect(201);
    assert_eq!(made.header(SCOPE), "one");
    let append = || rig.put("/box/a?comp=appendblock", "abc");
    append().send().await.expect_error(409, USES);
    append()
        .header(SCOPE, "two")
        .send()
        .await
        .expect_error(409, MISMATCH);
    append()
        .header(SCOPE, "three")
        .send()
        .await
        .expect_error(409, "EncryptionScopeNotAvailable");
    let appended = append().header(SCOPE, "one").send().await.expect(201);
    assert_eq!(appended.header(SCOPE), "one");
    // Who reads need not know of it.
    let read = rig.get("/box/a").send().await.expect(200);
    assert_eq!((&read.body[..], read.header(SCOPE)), (&b"abc"[..], "one"));
    for call in [rig.get("/box/a"), rig.head("/box/a")] {
        with_key(call, 1).send().await.expect_error(409, MISMATCH);
    }
    let both = with_key(put(&rig, "/box/b", "BlockBlob"), 1).header(SCOPE, "one");
    both.send().await.expect_error(400, "InvalidHeaderValue");
}

#[tokio::test]
async fn a_container_says_which_scope() {
    const FORBIDDEN: &str = "RequestForbiddenByContainerEncryptionPolicy";
    let rig = rig().await;
    let container = |name: &str, fixed: &str| {
        rig.put(&format!("/{name}?restype=container"), "")
            .header("x-ms-default-encryption-scope", "one")
            .header("x-ms-deny-encryption-scope-override", fixed)
    };
    container("loose", "false").send().await.expect(201);
    container("strict", "true").send().await.expect(201);
    for name in ["loose", "strict"] {
        let path = format!("/{name}/a");
        let made = put(&rig, &path, "AppendBlob").send().await.expect(201);
        assert_eq!(made.header(SCOPE), "one");
        let appended = rig
            .put(&format!("{path}?comp=appendblock"), "abc")
            .send()
            .await
            .expect(201);
        assert_eq!(appended.header(SCOPE), "one");
    }
    let other = |name: &str| put(&rig, &format!("/{name}/b"), "BlockBlob").header(SCOPE, "two");
    assert_eq!(other("loose").send().await.expect(201).header(SCOPE), "two");
    other("strict").send().await.expect_error(403, FORBIDDEN);
    with_key(put(&rig, "/strict/b", "BlockBlob"), 1)
        .send()
        .await
        .expect_error(403, FORBIDDEN);
    let append = rig.put("/strict/a?comp=appendblock", "abc").header(SCOPE, "two");
    append.send().await.expect_error(403, FORBIDDEN);
    // Whether or not there is a blob.
    for comp in ["appendblock", "page"] {
        let body = vec![1; 512];
        let write = rig
            .put(&format!("/strict/none?comp={comp}"), body)
            .header(SCOPE, "two");
        let write = write
            .header("x-ms-range", "bytes=0-511")
            .header("x-ms-page-write", "update");
        write.send().await.expect_error(403, FORBIDDEN);
    }
}

#[tokio::test]
async fn no_tier_is_set_of_what_a_key_is_needed_for() {
    let rig = rig().await;
    with_key(put(&rig, "/box/a", "BlockBlob"), 1)
        .send()
        .await
        .expect(201);
    let taken = with_key(rig.put("/box/a?comp=snapshot", ""), 1).send().await;
    let taken = taken.expect(201).header("x-ms-snapshot").to_owned();
    let tier = |path: &str| rig.put(path, "").header("x-ms-access-tier", "Cool");
    for path in [
        "/box/a?comp=tier".to_owned(),
        format!("/box/a?comp=tier&snapshot={taken}"),
    ] {
        tier(&path).send().await.expect_error(409, USES);
        // There is no way to show the key.
        with_key(tier(&path), 1).send().await.expect_error(409, USES);
    }
    let head = with_key(rig.head("/box/a"), 1).send().await.expect(200);
    assert_eq!(
        (
            head.header("x-ms-access-tier"),
            head.header("x-ms-access-tier-inferred")
        ),
        ("Hot", "true")
    );
    // A scope is the service's own business.
    let scoped = put(&rig, "/box/b", "BlockBlob").header(SCOPE, "one");
    scoped.send().await.expect(201);
    tier("/box/b?comp=tier").send().await.expect(200);
    assert_eq!(rig.head("/box/b").send().await.header("x-ms-access-tier"), "Cool");
}
