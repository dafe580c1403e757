//! Lists as Apache Arrow tables: who gets them, and that they say what the documents say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_protocol::xml::{ListBlobsEntry, ListBlobsPage};
use lazuli_simulation::AccountOptions;
use rig::{Reply, Rig};

const TABLE: &str = "application/vnd.apache.arrow.stream";
const ACCEPT: &str = "application/vnd.apache.arrow.stream,application/xml";

async fn list(rig: &Rig, query: &str, accept: &str) -> Reply {
    rig.get(&format!("/box?restype=container&comp=list{query}"))
        .header("x-ms-version", "2026-12-06")
        .header("accept", accept)
        .send()
        .await
        .expect(200)
}

async fn table(rig: &Rig, query: &str) -> ListBlobsPage {
    let reply = list(rig, query, ACCEPT).await;
    assert_eq!(reply.header("content-type"), TABLE);
    assert_eq!(reply.header("content-length"), reply.body.len().to_string());
    ListBlobsPage::parse_arrow(&reply.body).unwrap()
}

fn names(page: &ListBlobsPage) -> Vec<&str> {
    page.entries.iter().map(ListBlobsEntry::name).collect()
}

/// Blobs of every kind, with all that lists can tell of them.
async fn furnished() -> Rig {
    let options = AccountOptions::new().versioning(true).encryption_scope("scope");
    let rig = Rig::with(|builder| builder.account_options(rig::ACCOUNT, options));
    rig.make_container("box").await;
    rig.put("/box/block", "first")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-meta-one", "1")
        .header("x-ms-meta-two", "<&>")
        .header("x-ms-tags", "a=1&b=2")
        .header("x-ms-blob-cache-control", "no-cache")
        .header("x-ms-access-tier", "Cool")
        .send()
        .await
        .expect(201);
    rig.put_blob("/box/block", "second, longer").await.expect(201);
    rig.put("/box/block?comp=snapshot", "").send().await.expect(201);
    rig.put("/box/dir/page", "")
        .header("x-ms-blob-type", "PageBlob")
        .header("x-ms-blob-content-length", "512")
        .header("x-ms-blob-sequence-number", "7")
        .send()
        .await
        .expect(201);
    rig.put("/box/dir/append", "")
        .header("x-ms-blob-type", "AppendBlob")
        .header("x-ms-encryption-scope", "scope")
        .send()
        .await
        .expect(201);
    rig.put("/box/dir/append?comp=seal", "").send().await.expect(200);
    rig.put("/box/leased", "x")
        .header("x-ms-blob-type", "BlockBlob")
        .send()
        .await
        .expect(201);
    rig.put("/box/leased?comp=lease", "")
        .header("x-ms-lease-action", "acquire")
        .header("x-ms-lease-duration", "-1")
        .send()
        .await
        .expect(201);
    rig.put("/box/waiting?comp=block&blockid=MQ==", "x")
        .send()
        .await
        .expect(201);
    rig.put_blob("/box/%EF%BF%BF%20name", "x").await.expect(201);
    rig
}

#[tokio::test]
async fn a_table_says_what_the_document_says() {
    let rig = furnished().await;
    for query in [
        "",
        "&include=metadata,tags,snapshots,versions,uncommittedblobs,copy",
        "&delimiter=/",
        "&prefix=dir/&include=metadata",
        "&delimiter=/&maxresults=2",
        "&startfrom=block&maxresults=1&include=versions",
    ] {
        let document = list(&rig, query, "application/xml").await;
        assert_eq!(document.header("content-type"), "application/xml");
        let document = ListBlobsPage::parse(&document.body).unwrap();
        let table = table(&rig, query).await;
        assert_eq!(table.entries, document.entries, "{query}");
        assert_eq!(table.next_marker, document.next_marker, "{query}");
        assert!(!table.entries.is_empty());
    }
}

#[tokio::test]
async fn an_empty_list_is_a_table_without_columns() {
    let rig = Rig::new();
    rig.make_container("box").await;
    assert_eq!(table(&rig, "").await, ListBlobsPage::default());
}

#[tokio::test]
async fn pages_follow_each_other_and_end_before_a_name() {
    let rig = Rig::new();
    rig.make_container("box").await;
    for name in ["a", "b/1", "b/2", "c", "d"] {
        rig.put_blob(&format!("/box/{name}"), "").await;
    }
    assert_eq!(
        names(&table(&rig, "&startFrom=b/1&endBefore=c").await),
        ["b/1", "b/2"]
    );
    assert_eq!(
        names(&table(&rig, "&delimiter=/&endBefore=d").await),
        ["a", "b/", "c"]
    );
    assert_eq!(names(&table(&rig, "&endBefore=").await).len(), 5);
    let (mut found, mut from) = (Vec::new(), String::new());
    loop {
        let query = format!("&maxresults=2&endBefore=d{from}");
        let page = table(&rig, &query).await;
        assert!(page.entries.len() <= 2);
        found.extend(names(&page).into_iter().map(str::to_owned));
        let Some(marker) = page.next_marker else { break };
        from = format!("&marker={}", lazuli_protocol::encode_query(&marker));
    }
    assert_eq!(found, ["a", "b/1", "b/2", "c"]);
    // Documents have no end but that of the container.
    let document = list(&rig, "&endBefore=c", "application/xml").await;
    assert_eq!(document.elements("Name").len(), 5);
}

#[tokio::test]
async fn a_table_is_for_those_who_ask_for_it_and_know_it() {
    let rig = Rig::new();
    rig.make_container("box").await;
    for (version, accept, expected) in [
        ("2026-12-06", ACCEPT, TABLE),
        (
            "2026-10-06",
            "application/xml;q=0.5, Application/vnd.Apache.Arrow.Stream ; q=1",
            TABLE,
        ),
        ("2026-06-06", ACCEPT, "application/xml"),
        ("2026-12-06", "application/xml", "application/xml"),
        ("2026-12-06", "*/*", "application/xml"),
        (
            "2026-12-06",
            "application/vnd.apache.arrow.streams",
            "application/xml",
        ),
    ] {
        let reply = rig
            .get("/box?restype=container&comp=list")
            .header("x-ms-version", version)
            .header("accept", accept)
            .send()
            .await
            .expect(200);
        assert_eq!(reply.header("content-type"), expected, "{version} {accept}");
    }
    // What goes wrong is said in XML, whatever was asked for.
    let none = rig
        .get("/none?restype=container&comp=list")
        .header("x-ms-version", "2026-12-06")
        .header("accept", ACCEPT);
    none.send().await.expect_error(404, "ContainerNotFound");
}
