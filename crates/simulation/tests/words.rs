//! What answers tell of states and settings, and refusals of why: in the words of the service.

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
use rig::{ACCOUNT, Reply, Rig};

const NONE: &str = "2026-03-01T11:00:00.0000000Z";

async fn with(options: AccountOptions) -> Rig {
    let rig = Rig::with(|builder| builder.account_options(ACCOUNT, options));
    rig.make_container("box").await;
    rig
}

#[tokio::test]
async fn what_is_on_or_off_is_said() {
    let rig = with(AccountOptions::new()).await;
    let set = |inner: &str| {
        let document = format!("<StorageServiceProperties>\n<Cors />{inner}</StorageServiceProperties>");
        rig.put("/?restype=service&comp=properties", document)
    };
    let on = "<DeleteRetentionPolicy><Enabled>true</Enabled><Days>3</Days></DeleteRetentionPolicy>";
    set(on).send().await.expect(202);
    for name in [
        "DeleteRetentionPolicy",
        "HourMetrics",
        "MinuteMetrics",
        "StaticWebsite",
    ] {
        for inner in [String::new(), "<Days>1</Days>".to_owned()] {
            let refused = set(&format!("<{name}>{inner}</{name}>")).send().await;
            let refused = refused.expect_error(400, "InvalidXmlDocument");
            assert_eq!(
                refused.element("Reason"),
                "Element is missing: Enabled.",
                "{name}"
            );
            assert_eq!(refused.element("LineNumber"), "2");
        }
    }
    for (days, reason) in [
        ("", "Element is missing: Days."),
        (
            "<Days>0</Days>",
            "Retention days must be greater than 0 and less than or equal to 365 days.",
        ),
    ] {
        let policy = format!("<DeleteRetentionPolicy><Enabled>true</Enabled>{days}</DeleteRetentionPolicy>");
        let refused = set(&policy).send().await.expect_error(400, "InvalidXmlDocument");
        assert_eq!(refused.element("Reason"), reason);
    }
    // What deleted blobs are kept by is on still.
    rig.put_blob("/box/a", "abc").await;
    rig.delete("/box/a").send().await.expect(202);
    rig.put("/box/a?comp=undelete", "").send().await.expect(200);
}

#[tokio::test]
async fn what_can_be_undeleted_is_told_from_what_is_gone() {
    let rig = with(AccountOptions::new().keep_deleted_blobs(Duration::from_secs(86_400))).await;
    rig.put_blob("/box/a", "abc").await;
    let taken = rig.take_snapshot("/box/a").await;
    let told = async |path: String| {
        let head = rig.head(&path).send().await.expect_error(404, "BlobNotFound");
        head.header("x-ms-is-soft-deleted").to_owned()
    };
    let of_snapshot = format!("/box/a?snapshot={taken}");
    rig.delete(&of_snapshot).send().await.expect(202);
    assert_eq!(told(of_snapshot.clone()).await, "true");
    rig.delete("/box/a").send().await.expect(202);
    assert_eq!(told("/box/a".to_owned()).await, "true");
    for path in ["/box/b".to_owned(), format!("/box/a?snapshot={NONE}")] {
        assert_eq!(told(path).await, "");
    }
    rig.clock.advance(Duration::from_secs(86_400));
    for path in ["/box/a".to_owned(), of_snapshot] {
        assert_eq!(told(path).await, "");
    }
}

#[tokio::test]
async fn refusals_say_why_in_the_words_of_the_service() {
    let rig = with(AccountOptions::new()).await;
    rig.put_blob("/box/a", "abc").await;
    let taken = rig.take_snapshot("/box/a").await;
    let says = |reply: Reply| {
        let message = reply.element("Message");
        message.lines().next().unwrap_or_default().to_owned()
    };
    for (path, what) in [
        ("/box/a?comp=lease", "blob"),
        ("/box?restype=container&comp=lease", "container"),
    ] {
        let lease = |action: &str| rig.put(path, "").header("x-ms-lease-action", action);
        let acquire = || lease("acquire").header("x-ms-lease-duration", "-1");
        let none = lease("break").send().await;
        assert_eq!(says(none), format!("There is currently no lease on the {what}."));
        acquire().send().await.expect(201);
        assert_eq!(says(acquire().send().await), "There is already a lease present.");
        let other = lease("renew").header("x-ms-lease-id", "11111111-1111-1111-1111-111111111111");
        let expected = format!("The lease ID specified did not match the lease ID for the {what}.");
        assert_eq!(says(other.send().await), expected);
        let whole = path.replace("?comp=lease", "").replace("&comp=lease", "");
        let missing = rig.delete(&whole).header("x-ms-delete-snapshots", "include");
        let expected =
            format!("There is currently a lease on the {what} and no lease ID was specified in the request.");
        assert_eq!(says(missing.send().await), expected);
    }
    let state = format!("/box/a?snapshot={taken}");
    let for_good = rig.delete(&format!("{state}&deletetype=permanent")).send().await;
    assert_eq!(says(for_good), "Permanent delete is off on the storage account.");
    let both = rig
        .delete(&state)
        .header("x-ms-delete-snapshots", "include")
        .send()
        .await;
    let both = both.expect_error(400, "InvalidQueryParameterValue");
    assert_eq!(both.element("QueryParameterValue"), taken);
    assert_eq!(
        both.element("Reason"),
        "This operation is only allowed on the root blob. Snapshot should not be provided."
    );
    let expiry = rig
        .put("/box/b?comp=expiry", "")
        .header("x-ms-expiry-option", "NeverExpire");
    assert_eq!(
        says(expiry.send().await),
        "This operation is only supported on a hierarchical namespace account."
    );
}

#[tokio::test]
async fn versions_are_told_what_they_know() {
    let rig = with(AccountOptions::new()).await;
    let properties = async |version: &str| {
        let get = rig
            .get("/?restype=service&comp=properties")
            .header("x-ms-version", version);
        get.send().await.expect(200).element("DeleteRetentionPolicy")
    };
    let off = "<Enabled>false</Enabled>";
    assert_eq!(properties("2019-12-12").await, off);
    let told = format!("{off}<AllowPermanentDelete>false</AllowPermanentDelete>");
    assert_eq!(properties("2020-02-10").await, told);
    rig.put("/box/a", "abc")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-access-tier", "Archive")
        .send()
        .await
        .expect(201);
    let tier = rig.put("/box/a?comp=tier", "").header("x-ms-access-tier", "Hot");
    tier.send().await.expect(202);
    for (version, priority) in [("2019-07-07", ""), ("2019-12-12", "Standard")] {
        let head = rig.head("/box/a").header("x-ms-version", version).send().await;
        assert_eq!(head.header("x-ms-archive-status"), "rehydrate-pending-to-hot");
        assert_eq!(head.header("x-ms-rehydrate-priority"), priority);
    }
}
