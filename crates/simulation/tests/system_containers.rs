//! The containers of the service itself: who sees them, and what can be done with them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use rig::Rig;

const LOGS: &str = "/$logs?restype=container";

async fn names(rig: &Rig, query: &str) -> Vec<String> {
    let list = rig.get(&format!("/?comp=list{query}")).send().await.expect(200);
    list.elements("Name")
}

#[tokio::test]
async fn they_are_listed_where_they_are_asked_for() {
    let rig = Rig::new();
    assert_eq!(names(&rig, "").await, [""; 0]);
    assert_eq!(names(&rig, "&include=system").await, ["$logs"]);
    for name in ["$blobchangefeed", "$root", "$web", "box"] {
        rig.make_container(name).await;
    }
    assert_eq!(names(&rig, "").await, ["$root", "$web", "box"]);
    let all = ["$blobchangefeed", "$logs", "$root", "$web", "box"];
    assert_eq!(names(&rig, "&include=metadata,system").await, all);
    assert_eq!(names(&rig, "&include=system&prefix=%24l").await, ["$logs"]);
    assert_eq!(names(&rig, "&include=system&prefix=b").await, ["box"]);
    let mut found = Vec::new();
    let mut marker = String::new();
    loop {
        let page = rig.get(&format!("/?comp=list&include=system&maxresults=2{marker}"));
        let page = page.send().await.expect(200);
        found.extend(page.elements("Name"));
        let next = page.element("NextMarker");
        if next.is_empty() {
            break;
        }
        marker = format!("&marker={}", lazuli_protocol::encode_path(&next));
    }
    assert_eq!(found, all);
}

#[tokio::test]
async fn logs_are_there_from_the_beginning_and_stay() {
    let rig = Rig::new();
    let head = rig.head(LOGS).send().await.expect(200);
    let list = rig.get("/?comp=list&include=system").send().await.expect(200);
    assert_eq!(list.element("Etag"), head.header("etag"));
    assert_eq!(list.element("Last-Modified"), head.header("last-modified"));
    let empty = rig.get(&format!("{LOGS}&comp=list")).send().await.expect(200);
    assert_eq!(empty.elements("Name"), [""; 0]);
    rig.put(LOGS, "")
        .send()
        .await
        .expect_error(409, "ContainerAlreadyExists");
    rig.delete(LOGS)
        .send()
        .await
        .expect_error(403, "AuthorizationFailure");
    rig.put("/other?restype=container&comp=rename", "")
        .header("x-ms-source-container-name", "$logs")
        .send()
        .await
        .expect_error(403, "AuthorizationFailure");
    rig.get("/$logs/a").send().await.expect_error(404, "BlobNotFound");
}

#[tokio::test]
async fn logs_that_were_written_are_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Rig::with(|builder| builder.location(folder.path()));
    let tag = {
        let rig = open();
        let tag = rig.head(LOGS).send().await.expect(200).header("etag").to_owned();
        rig.put_blob("/$logs/blob/2026/03/01/1200/000000.log", "2.0;…")
            .await;
        tag
    };
    let rig = open();
    assert_eq!(rig.head(LOGS).send().await.expect(200).header("etag"), tag);
    assert_eq!(
        rig.get_bytes("/$logs/blob/2026/03/01/1200/000000.log").await,
        "2.0;…"
    );
    let set = rig.put(&format!("{LOGS}&comp=metadata"), "");
    set.header("x-ms-meta-a", "1").send().await.expect(200);
    drop(rig);
    let head = open().head(LOGS).send().await.expect(200);
    assert_eq!(head.header("x-ms-meta-a"), "1");
}
