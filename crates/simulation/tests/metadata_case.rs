//! The names of metadata keep the case in which they were written, wherever they go.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_protocol::xml::{ListBlobsEntry, ListBlobsPage};
use lazuli_simulation::{AccountOptions, MetadataCase};
use rig::{ACCOUNT, ENDPOINT, Reply, Rig};

fn case(names: &[&str]) -> MetadataCase {
    names.iter().copied().collect()
}

async fn list(rig: &Rig, query: &str) -> Reply {
    let path = format!("/box?restype=container&comp=list&include=metadata{query}");
    rig.get(&path).send().await.expect(200)
}

async fn ready(set_up: AccountOptions) -> Rig {
    let rig = Rig::with(|builder| builder.account_options(ACCOUNT, set_up));
    rig.make_container("box").await;
    rig
}

async fn put(rig: &Rig, path: &str) -> Reply {
    rig.put(path, "abc")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-meta-UserId", "7")
        .header("x-ms-meta-color", "Red")
        .send()
        .await
        .expect(201)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LISTED: &str = "<Metadata><color>Red</color><UserId>7</UserId></Metadata>";

#[tokio::test]
async fn reads_and_lists_tell_names_as_they_were_written() {
    let rig = ready(AccountOptions::new()).await;
    put(&rig, "/box/a").await;
    for reply in [
        rig.get("/box/a").send().await,
        rig.head("/box/a").send().await,
        rig.get("/box/a?comp=metadata").send().await,
    ] {
        let reply = reply.expect(200);
        assert_eq!(reply.case, case(&["UserId"]));
        assert_eq!(
            (reply.header("x-ms-meta-userid"), reply.header("x-ms-meta-color")),
            ("7", "Red")
        );
    }
    assert!(list(&rig, "").await.text().contains(LISTED));
    let table = rig
        .get("/box?restype=container&comp=list&include=metadata")
        .header("x-ms-version", "2026-12-06")
        .header("accept", "application/vnd.apache.arrow.stream")
        .send()
        .await;
    let table = ListBlobsPage::parse_arrow(&table.expect(200).body).unwrap();
    let [ListBlobsEntry::Blob(listed)] = table.entries.as_slice() else {
        panic!("{table:?}");
    };
    let pairs: Vec<_> = listed.metadata.iter().collect();
    assert_eq!(pairs, [("color", "Red"), ("UserId", "7")]);
    // What has no metadata in upper case says nothing of it.
    rig.put("/box/a?comp=metadata", "")
        .header("x-ms-meta-userid", "8")
        .send()
        .await
        .expect(200);
    let reply = rig.get("/box/a").send().await.expect(200);
    assert_eq!(
        (reply.case, reply.headers["x-ms-meta-userid"].as_ref()),
        (case(&[]), &b"8"[..])
    );
}

#[tokio::test]
async fn containers_keep_it_too() {
    let rig = Rig::new();
    rig.put("/box?restype=container", "")
        .header("x-ms-meta-OwnerTeam", "1")
        .send()
        .await
        .expect(201);
    let names = async || {
        let read = rig.get("/box?restype=container").send().await.expect(200).case;
        let alone = rig.get("/box?restype=container&comp=metadata").send().await;
        assert_eq!(alone.expect(200).case, read);
        let lists = rig.get("/?comp=list&include=metadata").send().await;
        (read, lists.expect(200).element("Metadata"))
    };
    let (read, listed) = names().await;
    assert_eq!(
        (read, &*listed),
        (case(&["OwnerTeam"]), "<OwnerTeam>1</OwnerTeam>")
    );
    // Names are the same whatever their case, so the last one counts.
    rig.put("/box?restype=container&comp=metadata", "")
        .header("x-ms-meta-OWNERteam", "2")
        .send()
        .await
        .expect(200);
    let (read, listed) = names().await;
    assert_eq!(
        (read, &*listed),
        (case(&["OWNERteam"]), "<OWNERteam>2</OWNERteam>")
    );
}

#[tokio::test]
async fn it_goes_where_metadata_goes() {
    let options = AccountOptions::new().versioning(true);
    let rig = ready(options).await;
    rig.make_public("box").await;
    let first = put(&rig, "/box/a").await;
    let taken = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    for (to, option, value, status) in [
        ("/box/copy", "x-ms-client-request-id", "1", 202),
        ("/box/copy-at-once", "x-ms-requires-sync", "true", 202),
        ("/box/from-url", "x-ms-blob-type", "BlockBlob", 201),
    ] {
        let copy = rig.put(to, "").header(option, value);
        let copy = copy.header("x-ms-copy-source", format!("{ENDPOINT}/box/a"));
        copy.send().await.expect(status);
        let read = rig.head(to).send().await.expect(200);
        assert_eq!(read.case, case(&["UserId"]), "{to}");
    }
    rig.put("/box/own", "")
        .header("x-ms-copy-source", format!("{ENDPOINT}/box/a"))
        .header("x-ms-meta-OwN", "1")
        .send()
        .await
        .expect(202);
    let own = rig.head("/box/own").send().await.expect(200);
    assert_eq!(own.case, case(&["OwN"]));
    // The snapshot and the version keep theirs when the blob gets others.
    rig.put("/box/a?comp=metadata", "")
        .header("x-ms-meta-USERID", "8")
        .send()
        .await
        .expect(200);
    assert_eq!(rig.head("/box/a").send().await.case, case(&["USERID"]));
    let snapshot = taken.header("x-ms-snapshot");
    let snapshot = rig.head(&format!("/box/a?snapshot={snapshot}")).send().await;
    assert_eq!(snapshot.expect(200).case, case(&["UserId"]));
    let version = first.header("x-ms-version-id");
    let version = rig.head(&format!("/box/a?versionid={version}")).send().await;
    assert_eq!(version.expect(200).case, case(&["UserId"]));
    let all = list(&rig, ",versions,snapshots&prefix=a").await.text();
    assert!(
        all.contains("<USERID>8</USERID>") && all.contains(LISTED),
        "{all}"
    );
}

#[tokio::test]
async fn what_is_brought_back_has_it() {
    let rig = ready(AccountOptions::new().keep_deleted_blobs(DAY)).await;
    put(&rig, "/box/a").await;
    rig.delete("/box/a").send().await.expect(202);
    rig.put("/box/a?comp=undelete", "").send().await.expect(200);
    assert_eq!(
        rig.head("/box/a").send().await.expect(200).case,
        case(&["UserId"])
    );
}

#[tokio::test]
async fn a_location_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Rig::with(|builder| builder.location(folder.path()));
    let rig = open();
    rig.put("/box?restype=container", "")
        .header("x-ms-meta-OwnerTeam", "1")
        .send()
        .await
        .expect(201);
    put(&rig, "/box/a").await;
    drop(rig);
    let rig = open();
    assert_eq!(
        rig.head("/box/a").send().await.expect(200).case,
        case(&["UserId"])
    );
    let container = rig.get("/box?restype=container").send().await.expect(200);
    assert_eq!(container.case, case(&["OwnerTeam"]));
}
