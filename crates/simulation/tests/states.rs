//! States of blobs: which operations are about them, what protects them, and what becomes of them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_signing::Sas;
use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Call, Reply, Rig, key};
use time::macros::datetime;

const UNTIL: &str = "x-ms-immutability-policy-until-date";
const LATER: &str = "Sun, 01 Mar 2026 13:00:00 GMT";
const NONE: &str = "2026-03-01T11:00:00.0000000Z";

async fn with(options: AccountOptions) -> Rig {
    let rig = Rig::with(|builder| builder.account_options(ACCOUNT, options));
    rig.make_container("box").await;
    rig
}

async fn plain() -> Rig {
    with(AccountOptions::new()).await
}

async fn versions() -> Rig {
    with(AccountOptions::new().versioning(true)).await
}

fn put<'a>(rig: &'a Rig, path: &str) -> Call<'a> {
    rig.put(path, "abc").header("x-ms-blob-type", "BlockBlob")
}

async fn list(rig: &Rig, query: &str) -> Reply {
    let path = format!("/box?restype=container&comp=list&{query}");
    rig.get(&path).send().await.expect(200)
}

#[tokio::test]
async fn what_changes_the_current_blob_takes_no_other_state() {
    let rig = plain().await;
    put(&rig, "/box/a").send().await.expect(201);
    let taken = rig.take_snapshot("/box/a").await;
    for name in ["snapshot", "versionid"] {
        for comp in [
            "",
            "&comp=metadata",
            "&comp=lease",
            "&comp=blocklist",
            "&comp=snapshot",
        ] {
            let refused = put(&rig, &format!("/box/a?{name}={taken}{comp}")).send().await;
            let refused = refused.expect_error(400, "InvalidQueryParameterValue");
            assert_eq!(refused.element("QueryParameterName"), name);
        }
    }
    let sas = Sas::snapshot("box", "a", &taken).expires(datetime!(2026-03-02 0:00 UTC));
    let token = sas.write().sign(&key()).unwrap();
    let over = put(&rig, &format!("/box/a?snapshot={taken}")).sas(token.expose());
    over.send_unsigned()
        .await
        .expect_error(400, "InvalidQueryParameterValue");
    let tier = rig.put(&format!("/box/a?comp=tier&snapshot={taken}"), "");
    tier.header("x-ms-access-tier", "Cool").send().await.expect(200);
}

#[tokio::test]
async fn only_what_was_deleted_goes_for_good() {
    let rig = with(AccountOptions::new().keep_deleted_blobs(Duration::from_secs(86_400))).await;
    put(&rig, "/box/a").send().await.expect(201);
    let taken = rig.take_snapshot("/box/a").await;
    let for_good = |state: &str| rig.delete(&format!("/box/a?deletetype=permanent{state}"));
    let of_snapshot = format!("&snapshot={taken}");
    // The setting is looked at first, as recorded.
    for state in [of_snapshot.clone(), format!("&snapshot={NONE}")] {
        let refused = for_good(&state).send().await;
        refused.expect_error(409, "PermanentDeleteIsOff");
    }
    let settings = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>1</Days>\
                    <AllowPermanentDelete>true</AllowPermanentDelete></DeleteRetentionPolicy></StorageServiceProperties>";
    let set = rig.put("/?restype=service&comp=properties", settings);
    set.send().await.expect(202);
    for_good("")
        .send()
        .await
        .expect_error(400, "InvalidQueryParameterValue");
    rig.delete(&format!("/box/a?snapshot={taken}"))
        .send()
        .await
        .expect(202);
    let unmet = for_good(&of_snapshot).header("if-match", "\"0x1\"").send().await;
    unmet.expect_error(412, "ConditionNotMet");
    let sas = || Sas::blob("box", "a").expires(datetime!(2026-03-02 0:00 UTC));
    let without = sas().delete().sign(&key()).unwrap();
    let refused = for_good(&of_snapshot).sas(without.expose()).send_unsigned().await;
    refused.expect_error(403, "AuthorizationPermissionMismatch");
    for_good(&of_snapshot).send().await.expect(202);
    assert_eq!(
        list(&rig, "include=snapshots,deleted").await.elements("Name"),
        ["a"]
    );
}

#[tokio::test]
async fn what_is_protected_is_deleted_in_no_way() {
    let rig = versions().await;
    let protected = put(&rig, "/box/a").header(UNTIL, LATER);
    protected.send().await.expect(201);
    let refused = rig.delete("/box/a").send().await;
    refused.expect_error(409, "BlobImmutableDueToPolicy");
    let whole = || rig.delete("/box?restype=container");
    whole().send().await.expect_error(409, "BlobImmutableDueToPolicy");
    // An earlier version is protected as well.
    put(&rig, "/box/a").send().await.expect(201);
    whole().send().await.expect_error(409, "BlobImmutableDueToPolicy");
    rig.clock.advance(Duration::from_secs(3600));
    whole().send().await.expect(202);
}

#[tokio::test]
async fn to_protect_takes_a_permission_of_its_own() {
    let rig = plain().await;
    let sas = || Sas::container("box").expires(datetime!(2026-03-02 0:00 UTC));
    let token = sas().write().sign(&key()).unwrap();
    for (name, value) in [(UNTIL, LATER), ("x-ms-legal-hold", "true")] {
        for path in ["/box/a", "/box/a?comp=blocklist"] {
            let body = if path.ends_with('a') {
                "abc"
            } else {
                "<BlockList/>"
            };
            let call = put(&rig, path).body(body).header(name, value);
            let refused = call.sas(token.expose()).send_unsigned().await;
            refused.expect_error(403, "AuthorizationPermissionMismatch");
        }
    }
}

#[tokio::test]
async fn the_public_sees_no_tags() {
    let rig = plain().await;
    let open = rig.put("/open?restype=container", "");
    open.header("x-ms-blob-public-access", "container")
        .send()
        .await
        .expect(201);
    let tagged = put(&rig, "/open/a").header("x-ms-tags", "a=1");
    tagged.send().await.expect(201);
    for path in [
        "/open?restype=container&comp=list&include=tags",
        "/open/a?comp=tags",
        "/open?restype=container&comp=blobs&where=%22a%22%3D%271%27",
    ] {
        let refused = rig.get(path).send_unsigned().await;
        refused.expect_error(401, "NoAuthenticationInformation");
    }
    for path in [
        "/open/a",
        "/open?restype=container&comp=list",
        "/open?restype=container",
    ] {
        rig.get(path).send_unsigned().await.expect(200);
    }
    let copy = rig
        .put("/box/b", "")
        .header("x-ms-requires-sync", "true")
        .header("x-ms-copy-source", format!("{}/open/a", rig::ENDPOINT))
        .header("x-ms-copy-source-tag-option", "COPY");
    assert_eq!(copy.send().await.status, 401);
}

#[tokio::test]
async fn a_version_from_before_versions_has_an_id() {
    let folder = tempfile::tempdir().unwrap();
    let open = |versions: bool| {
        let options = AccountOptions::new().versioning(versions);
        Rig::with(|builder| builder.location(folder.path()).account_options(ACCOUNT, options))
    };
    let rig = open(false);
    rig.make_container("box").await;
    put(&rig, "/box/a").send().await.expect(201);
    drop(rig);
    let rig = open(true);
    rig.put_blob("/box/a", "second").await;
    let id = "2026-03-01T12:00:00.0000000Z";
    let ids = list(&rig, "include=versions").await.elements("VersionId");
    assert_eq!(ids[0], id);
    let head = rig
        .head(&format!("/box/a?versionid={id}"))
        .send()
        .await
        .expect(200);
    assert_eq!(head.header("x-ms-version-id"), id);
    // And the last one stays when versions are kept no longer.
    drop(rig);
    let rig = open(false);
    let seal = rig.put("/box/a?comp=properties", "");
    seal.send().await.expect(200);
    assert_eq!(rig.head("/box/a").send().await.header("x-ms-version-id"), "");
    put(&rig, "/box/a").send().await.expect(201);
    let last = rig.get(&format!("/box/a?versionid={}", ids[1])).send().await;
    assert_eq!(last.expect(200).body, "second");
}

#[tokio::test]
async fn a_blob_that_went_by_itself_leaves_no_lease_and_takes_no_blocks() {
    let rig = with(AccountOptions::new().hierarchical_namespace(true)).await;
    let short = put(&rig, "/box/a").header("x-ms-expiry-option", "RelativeToNow");
    short.header("x-ms-expiry-time", "1000").send().await.expect(201);
    let lease = rig
        .put("/box/a?comp=lease", "")
        .header("x-ms-lease-action", "acquire");
    lease.header("x-ms-lease-duration", "-1").send().await.expect(201);
    rig.clock.advance(Duration::from_secs(2));
    rig.put("/box/a?comp=block&blockid=QQ==", "block")
        .send()
        .await
        .expect(201);
    rig.clock.advance(Duration::from_secs(7200));
    // The next change sweeps.
    put(&rig, "/box/other").send().await.expect(201);
    let document = "<BlockList><Uncommitted>QQ==</Uncommitted></BlockList>";
    rig.put("/box/a?comp=blocklist", document)
        .send()
        .await
        .expect(201);
    assert_eq!(rig.get_bytes("/box/a").await, "block");
}

#[tokio::test]
async fn containers_deleted_at_the_same_time_are_all_kept() {
    let rig = with(AccountOptions::new().keep_deleted_containers(Duration::from_secs(86_400))).await;
    rig.delete("/box?restype=container").send().await.expect(202);
    rig.make_container("box").await;
    rig.delete("/box?restype=container").send().await.expect(202);
    let listed = rig.get("/?comp=list&include=deleted").send().await.expect(200);
    assert_eq!(listed.elements("Name"), ["box", "box"]);
}

#[tokio::test]
async fn a_tier_is_set_by_whom_the_blob_is_leased_to() {
    let rig = plain().await;
    put(&rig, "/box/a").send().await.expect(201);
    let tier = || rig.put("/box/a?comp=tier", "").header("x-ms-access-tier", "Cool");
    let lease = rig
        .put("/box/a?comp=lease", "")
        .header("x-ms-lease-action", "acquire");
    let lease = lease.header("x-ms-lease-duration", "-1").send().await.expect(201);
    tier().send().await.expect_error(412, "LeaseIdMissing");
    let held = tier().header("x-ms-lease-id", lease.header("x-ms-lease-id"));
    held.send().await.expect(200);
}

#[tokio::test]
async fn what_is_archived_is_out_of_reach() {
    let rig = versions().await;
    rig.put("/box/a?comp=block&blockid=QQ==", "block")
        .send()
        .await
        .expect(201);
    let document = "<BlockList><Latest>QQ==</Latest></BlockList>";
    let commit = || rig.put("/box/a?comp=blocklist", document);
    let first = commit()
        .send()
        .await
        .expect(201)
        .header("x-ms-version-id")
        .to_owned();
    let tier = |state: &str, tier: &str| {
        let path = format!("/box/a?comp=tier{state}");
        rig.put(&path, "").header("x-ms-access-tier", tier)
    };
    tier("", "Archive").send().await.expect(200);
    commit().send().await.expect_error(409, "BlobArchived");
    for comp in ["metadata", "properties", "snapshot"] {
        let refused = rig.put(&format!("/box/a?comp={comp}"), "").send().await;
        refused.expect_error(409, "BlobArchived");
    }
    put(&rig, "/box/a").send().await.expect(201);
    let refused = tier(&format!("&versionid={first}"), "Cool").send().await;
    refused.expect_error(409, "BlobOperationNotSupported");
}

#[tokio::test]
async fn a_name_with_nothing_but_versions_is_listed_as_recorded() {
    let rig = versions().await;
    let id = rig
        .put_blob("/box/a", "abc")
        .await
        .header("x-ms-version-id")
        .to_owned();
    rig.delete("/box/a").send().await.expect(202);
    let listed = list(&rig, "include=deletedwithversions").await;
    let begins = format!(
        "<Name>a</Name><VersionId>{id}</VersionId><IsCurrentVersion>true</IsCurrentVersion>\
         <HasVersionsOnly>true</HasVersionsOnly><Properties>"
    );
    assert!(listed.text().contains(&begins), "{}", listed.text());
    assert_eq!(listed.element("LeaseStatus"), "unlocked");
    assert_eq!(listed.element("LeaseState"), "available");
}

#[tokio::test]
async fn a_renamed_container_has_no_lease() {
    let rig = plain().await;
    let lease = rig.put("/box?restype=container&comp=lease", "");
    let lease = lease
        .header("x-ms-lease-action", "acquire")
        .header("x-ms-lease-duration", "-1");
    let lease = lease.send().await.expect(201);
    let rename = rig
        .put("/other?restype=container&comp=rename", "")
        .header("x-ms-source-container-name", "box")
        .header("x-ms-source-lease-id", lease.header("x-ms-lease-id"));
    rename.send().await.expect(200);
    rig.delete("/other?restype=container").send().await.expect(202);
}

#[tokio::test]
async fn an_incremental_copy_that_was_aborted_is_made_again() {
    let rig = with(AccountOptions::new().copy_time(Duration::from_secs(10))).await;
    let disk = rig.put("/box/p", "").header("x-ms-blob-type", "PageBlob");
    let disk = disk.header("x-ms-blob-content-length", "512");
    disk.send().await.expect(201);
    let source = format!(
        "{}/box/p?snapshot={}",
        rig::ENDPOINT,
        rig.take_snapshot("/box/p").await
    );
    let copy = || {
        rig.put("/box/q?comp=incrementalcopy", "")
            .header("x-ms-copy-source", &source)
    };
    let begun = copy().send().await.expect(202);
    let path = format!("/box/q?comp=copy&copyid={}", begun.header("x-ms-copy-id"));
    let abort = rig.put(&path, "").header("x-ms-copy-action", "abort");
    abort.send().await.expect(204);
    copy().send().await.expect(202);
    rig.clock.advance(Duration::from_secs(10));
    let again = copy().send().await;
    again.expect_error(409, "IncrementalCopyOfEarlierSnapshotNotAllowed");
}

#[tokio::test]
async fn a_list_tells_of_tags_whom_they_are_for() {
    let rig = plain().await;
    put(&rig, "/box/a")
        .header("x-ms-tags", "a=1")
        .send()
        .await
        .expect(201);
    let sas = || Sas::container("box").expires(datetime!(2026-03-02 0:00 UTC));
    let (without, with) = (sas().read().list(), sas().list().tags());
    let list = |token: &str| {
        let list = rig.get("/box?restype=container&comp=list&include=metadata,tags");
        list.sas(token)
    };
    let token = without.sign(&key()).unwrap();
    let refused = list(token.expose()).send_unsigned().await;
    refused.expect_error(403, "AuthorizationPermissionMismatch");
    let token = with.sign(&key()).unwrap();
    let told = list(token.expose()).send_unsigned().await.expect(200);
    assert_eq!(told.element("Key"), "a");
}

const EXPIRES: &str = "x-ms-expiry-option";

/// A blob that goes by itself in a second, and says so.
fn short_lived<'a>(rig: &'a Rig, path: &str) -> Call<'a> {
    let put = put(rig, path).header(EXPIRES, "RelativeToNow");
    put.header("x-ms-expiry-time", "1000")
}

#[tokio::test]
async fn what_is_protected_does_not_go_by_itself() {
    let rig = with(AccountOptions::new().hierarchical_namespace(true)).await;
    let policy = short_lived(&rig, "/box/policy").header(UNTIL, LATER);
    policy.send().await.expect(201);
    let hold = short_lived(&rig, "/box/hold").header("x-ms-legal-hold", "true");
    hold.send().await.expect(201);
    short_lived(&rig, "/box/plain").send().await.expect(201);
    rig.clock.advance(Duration::from_secs(2));
    // The first change after this sweeps.
    rig.clock.advance(Duration::from_secs(1800));
    put(&rig, "/box/other").send().await.expect(201);
    rig.get("/box/plain")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    for path in ["/box/policy", "/box/hold"] {
        assert_eq!(rig.get_bytes(path).await, "abc");
        assert_ne!(rig.head(path).send().await.header("x-ms-expiry-time"), "");
    }
    assert_eq!(list(&rig, "").await.elements("Name"), ["hold", "other", "policy"]);
    let refused = put(&rig, "/box/policy").send().await;
    refused.expect_error(409, "BlobImmutableDueToPolicy");
    rig.delete("/box/hold")
        .send()
        .await
        .expect_error(409, "BlobImmutableDueToLegalHold");
    // Once nothing keeps it, it is gone at once, and its name is free.
    let free = rig
        .put("/box/hold?comp=legalhold", "")
        .header("x-ms-legal-hold", "false");
    free.send().await.expect(200);
    rig.get("/box/hold")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    rig.clock.advance(Duration::from_secs(3600));
    rig.get("/box/policy")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    assert_eq!(list(&rig, "").await.elements("Name"), ["other"]);
    put(&rig, "/box/policy").send().await.expect(201);
    put(&rig, "/box/hold").send().await.expect(201);
    rig.clock.advance(Duration::from_secs(2 * 3600));
    assert_eq!(list(&rig, "").await.elements("Name"), ["hold", "other", "policy"]);
}

#[tokio::test]
async fn what_is_protected_outlives_its_end_on_disk_too() {
    let folder = tempfile::tempdir().unwrap();
    let open = |later: Duration| {
        let options = AccountOptions::new().hierarchical_namespace(true);
        let rig = Rig::with(|builder| builder.location(folder.path()).account_options(ACCOUNT, options));
        rig.clock.advance(later);
        rig
    };
    let rig = open(Duration::ZERO);
    rig.make_container("box").await;
    let kept = short_lived(&rig, "/box/a").header(UNTIL, LATER);
    kept.send().await.expect(201);
    drop(rig);
    let rig = open(Duration::from_secs(1800));
    // The first change sweeps.
    put(&rig, "/box/other").send().await.expect(201);
    drop(rig);
    let rig = open(Duration::from_secs(1801));
    assert_eq!(rig.get_bytes("/box/a").await, "abc");
    drop(rig);
    let rig = open(Duration::from_secs(3601));
    put(&rig, "/box/other").send().await.expect(201);
    rig.get("/box/a").send().await.expect_error(404, "BlobNotFound");
}
