//! What a write says of the blob besides its bytes and headers: tags, a policy that protects it, a legal hold.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_signing::Sas;
use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Call, Rig, key};
use time::macros::datetime;

const UNTIL: &str = "x-ms-immutability-policy-until-date";
const MODE: &str = "x-ms-immutability-policy-mode";
const HOLD: &str = "x-ms-legal-hold";
const LATER: &str = "Sun, 01 Mar 2026 13:00:00 GMT";

async fn rig() -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig
}

/// Every way to make a blob.
fn writes(rig: &Rig) -> [Call<'_>; 4] {
    let put = |name: &str, kind: &str| {
        rig.put(&format!("/box/{name}"), "")
            .header("x-ms-blob-type", kind)
    };
    [
        put("block", "BlockBlob"),
        rig.put("/box/list?comp=blocklist", "<BlockList/>"),
        put("append", "AppendBlob"),
        put("page", "PageBlob").header("x-ms-blob-content-length", "0"),
    ]
}

#[tokio::test]
async fn tags_come_with_the_blob() {
    let rig = rig().await;
    for write in writes(&rig) {
        write
            .header("x-ms-tags", "b=2&a%20c=1+1")
            .send()
            .await
            .expect(201);
    }
    for name in ["block", "list", "append", "page"] {
        let path = format!("/box/{name}");
        for read in [rig.get(&path), rig.head(&path)] {
            assert_eq!(
                read.send().await.expect(200).header("x-ms-tag-count"),
                "2",
                "{name}"
            );
        }
        let tags = rig.get(&format!("{path}?comp=tags")).send().await.expect(200);
        assert_eq!(tags.elements("Key"), ["a c", "b"]);
        assert_eq!(tags.elements("Value"), ["1 1", "2"]);
    }
    // Writing over a blob takes its tags away.
    rig.put_blob("/box/block", "abc").await;
    assert_eq!(rig.head("/box/block").send().await.header("x-ms-tag-count"), "");
}

#[tokio::test]
async fn tags_take_a_permission_of_their_own() {
    let rig = rig().await;
    let sas = || Sas::blob("box", "a").expires(datetime!(2026-03-02 0:00 UTC));
    let put = |token: &str| {
        let call = rig.put("/box/a", "abc").header("x-ms-blob-type", "BlockBlob");
        call.header("x-ms-tags", "a=1").sas(token)
    };
    let without = sas().write().sign(&key()).unwrap();
    let refused = put(without.expose()).send_unsigned().await;
    refused.expect_error(403, "AuthorizationPermissionMismatch");
    let with = sas().write().tags().sign(&key()).unwrap();
    put(with.expose()).send_unsigned().await.expect(201);
}

#[tokio::test]
async fn what_is_protected_stays() {
    let rig = rig().await;
    for write in writes(&rig) {
        write
            .header(UNTIL, LATER)
            .header(MODE, "Unlocked")
            .send()
            .await
            .expect(201);
    }
    for name in ["block", "list", "append", "page"] {
        let path = format!("/box/{name}");
        let head = rig.head(&path).send().await.expect(200);
        assert_eq!(
            (head.header(UNTIL), head.header(MODE)),
            (LATER, "unlocked"),
            "{name}"
        );
        rig.delete(&path)
            .send()
            .await
            .expect_error(409, "BlobImmutableDueToPolicy");
        let over = rig.put(&path, "abc").header("x-ms-blob-type", "BlockBlob");
        over.send().await.expect_error(409, "BlobImmutableDueToPolicy");
    }
    let append = || rig.put("/box/append?comp=appendblock", "abc");
    append()
        .send()
        .await
        .expect_error(409, "BlobImmutableDueToPolicy");
    rig.clock.advance(std::time::Duration::from_secs(3600));
    append().send().await.expect(201);
    for write in writes(&rig) {
        write.header(HOLD, "true").send().await.expect(201);
    }
    assert_eq!(rig.head("/box/append").send().await.header(HOLD), "true");
    append()
        .send()
        .await
        .expect_error(409, "BlobImmutableDueToLegalHold");
}

#[tokio::test]
async fn a_blob_may_be_made_to_go_by_itself() {
    let options = AccountOptions::new().hierarchical_namespace(true);
    let tree = Rig::with(|builder| builder.account_options(ACCOUNT, options));
    let flat = rig().await;
    tree.make_container("box").await;
    fn put(rig: &Rig) -> Call<'_> {
        rig.put("/box/a", "abc")
            .header("x-ms-blob-type", "BlockBlob")
            .header("x-ms-expiry-option", "RelativeToNow")
            .header("x-ms-expiry-time", "1000")
    }
    let refused = put(&flat).send().await;
    refused.expect_error(400, "HierarchicalNamespaceNotEnabled");
    put(&tree).send().await.expect(201);
    assert_eq!(tree.get_bytes("/box/a").await, "abc");
    tree.clock.advance(std::time::Duration::from_secs(1));
    let gone = tree.get("/box/a").send().await;
    gone.expect_error(404, "BlobNotFound");
}

#[tokio::test]
async fn who_holds_the_lease_writes_over_what_must_not_be_there() {
    let rig = rig().await;
    rig.put_blob("/box/a", "abc").await;
    let over = || {
        rig.put("/box/a", "def")
            .header("x-ms-blob-type", "BlockBlob")
            .header("if-none-match", "*")
    };
    over().send().await.expect_error(409, "BlobAlreadyExists");
    let held = rig
        .put("/box/a?comp=lease", "")
        .header("x-ms-lease-action", "acquire")
        .header("x-ms-lease-duration", "-1");
    let held = held.send().await.expect(201);
    over().send().await.expect_error(412, "LeaseIdMissing");
    // As recorded.
    let lease = held.header("x-ms-lease-id");
    over().header("x-ms-lease-id", lease).send().await.expect(201);
    assert_eq!(rig.get_bytes("/box/a").await, "def");
}

#[tokio::test]
async fn a_delete_may_ask_when_the_tier_changed() {
    let rig = rig().await;
    rig.put_blob("/box/a", "abc").await;
    let delete = |name: &str, at: &str| rig.delete("/box/a").header(name, at);
    let (modified, unmodified) = (
        "x-ms-access-tier-if-modified-since",
        "x-ms-access-tier-if-unmodified-since",
    );
    let early = "Sun, 01 Mar 2026 11:00:00 GMT";
    let refused = delete(modified, LATER).send().await;
    refused.expect_error(412, "ConditionNotMet");
    let refused = delete(unmodified, early).send().await;
    refused.expect_error(412, "ConditionNotMet");
    delete(modified, early)
        .header(unmodified, LATER)
        .send()
        .await
        .expect(202);
}
