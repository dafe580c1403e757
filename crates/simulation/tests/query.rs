//! Query Blob Contents: small blobs and large ones, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Reply, Rig};

fn document(expression: &str, input: &str) -> String {
    format!(
        "<QueryRequest><QueryType>SQL</QueryType><Expression>{expression}</Expression>\
         <InputSerialization><Format><Type>{input}</Type></Format></InputSerialization></QueryRequest>"
    )
}

async fn query(rig: &Rig, path: &str, expression: &str) -> Reply {
    let body = document(expression, "delimited");
    rig.request("POST", &format!("{path}?comp=query"))
        .body(body)
        .send()
        .await
}

fn holds(reply: &Reply, text: &str) -> bool {
    reply
        .body
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_query_is_answered_in_avro() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let put = rig.put_blob("/box/a", "1,one\n2,two\n3,three\n").await;
    let answer = query(&rig, "/box/a", "SELECT _2 FROM BlobStorage WHERE _1 &gt; 1").await;
    let answer = answer.expect(200);
    assert!(answer.body.starts_with(b"Obj\x01"));
    assert!(holds(&answer, "two\nthree\n") && !holds(&answer, "one\n"));
    assert_eq!(
        (answer.header("content-type"), answer.header("etag")),
        ("avro/binary", put.header("etag"))
    );
    assert_eq!(answer.header("content-length"), "");
    assert_eq!(answer.header("x-ms-blob-type"), "BlockBlob");
}

#[tokio::test]
async fn a_large_blob_goes_through_a_stretch_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::with(|builder| builder.location(folder.path()));
    rig.make_container("box").await;
    let rows: String = (0..200_000).map(|row| format!("{row},value\n")).collect();
    rig.put_blob("/box/a", rows).await;
    let answer = query(&rig, "/box/a", "SELECT COUNT(*) FROM BlobStorage").await;
    assert!(holds(&answer.expect(200), "200000"));
    let answer = query(&rig, "/box/a", "SELECT * FROM BlobStorage LIMIT 2").await;
    let answer = answer.expect(200);
    assert!(holds(&answer, "0,value\n1,value\n") && !holds(&answer, "2,value\n"));
}

#[tokio::test]
async fn what_is_no_query_is_refused() {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/a", "1,2\n").await;
    query(&rig, "/box/none", "SELECT * FROM BlobStorage")
        .await
        .expect_error(404, "BlobNotFound");
    query(&rig, "/box/a", "SELECT")
        .await
        .expect_error(400, "ErrorProcessingQueryExpression");
    let post = |body: String| rig.request("POST", "/box/a?comp=query").body(body);
    post("<QueryRequest>".to_owned())
        .send()
        .await
        .expect_error(400, "InvalidXmlDocument");
    let table = post(document("SELECT * FROM BlobStorage", "parquet"))
        .send()
        .await;
    if cfg!(feature = "parquet") {
        let told = "The blob is not a Parquet file.";
        assert!(
            holds(&table.expect(200), told),
            "what is wrong with a blob is told in the answer"
        );
    } else {
        table.expect_error(501, "NotImplemented");
    }
    let into_parquet = "<QueryRequest><QueryType>SQL</QueryType><Expression>SELECT * FROM BlobStorage</Expression>\
         <OutputSerialization><Format><Type>parquet</Type></Format></OutputSerialization></QueryRequest>";
    post(into_parquet.to_owned())
        .send()
        .await
        .expect_error(400, "InvalidXmlNodeValue");
    let unchanged = post(document("SELECT * FROM BlobStorage", "delimited"))
        .header("if-none-match", rig.head("/box/a").send().await.header("etag"))
        .send()
        .await;
    assert_eq!(unchanged.status, 304);
}

#[tokio::test]
async fn a_snapshot_that_is_queried_is_no_version() {
    let options = AccountOptions::new().versioning(true);
    let rig = Rig::with(|builder| builder.account_options(ACCOUNT, options));
    rig.make_container("box").await;
    let first = rig.put_blob("/box/a", "1\n").await;
    let taken = rig.put("/box/a?comp=snapshot", "").send().await.expect(201);
    let query = async |state: String| {
        let body = document("SELECT * FROM BlobStorage", "delimited");
        let path = format!("/box/a?comp=query&{state}");
        let answer = rig.request("POST", &path).body(body).send().await.expect(200);
        answer.header("x-ms-version-id").to_owned()
    };
    assert_eq!(
        query(format!("snapshot={}", taken.header("x-ms-snapshot"))).await,
        ""
    );
    let version = first.header("x-ms-version-id");
    assert_eq!(query(format!("versionid={version}")).await, version);
    assert_eq!(query(String::new()).await, taken.header("x-ms-version-id"));
}
