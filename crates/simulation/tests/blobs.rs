//! Blobs: what is put is there, with all that was said of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use rig::Rig;

#[tokio::test]
async fn a_blob_is_put_read_listed_and_deleted() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let put = rig.put_blob("/box/dir/hello.txt", "hello world").await;
    assert_eq!(put.header("content-md5"), "XrY7u+Ae7tCTyyK7j1rNww==");
    assert_eq!(put.header("x-ms-content-crc64"), "vo7q9sPVKY0=");
    assert_eq!(put.header("etag"), "\"0x8DE778A108C2001\"");
    assert_eq!(put.header("last-modified"), "Sun, 01 Mar 2026 12:00:00 GMT");
    assert_eq!(put.header("x-ms-request-server-encrypted"), "true");
    assert_eq!((put.header("content-length"), put.body.len()), ("0", 0));
    let got = rig.get("/box/dir/hello.txt").send().await.expect(200);
    assert_eq!(&got.body[..], b"hello world");
    let expected = [
        ("content-length", "11"),
        ("content-type", "application/octet-stream"),
        ("content-md5", "XrY7u+Ae7tCTyyK7j1rNww=="),
        ("last-modified", "Sun, 01 Mar 2026 12:00:00 GMT"),
        ("accept-ranges", "bytes"),
        ("etag", "\"0x8DE778A108C2001\""),
        ("server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
        ("x-ms-request-id", got.header("x-ms-request-id")),
        ("x-ms-version", rig::VERSION),
        ("x-ms-creation-time", "Sun, 01 Mar 2026 12:00:00 GMT"),
        ("x-ms-lease-status", "unlocked"),
        ("x-ms-lease-state", "available"),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-server-encrypted", "true"),
        ("date", "Sun, 01 Mar 2026 12:00:00 GMT"),
    ];
    // In the order of the wire, and nothing else.
    let found: Vec<_> = got
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    assert_eq!(found, expected);
    rig.delete("/box/dir/hello.txt").send().await.expect(202);
    rig.get("/box/dir/hello.txt")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
    rig.delete("/box/dir/hello.txt")
        .send()
        .await
        .expect_error(404, "BlobNotFound");
}

#[tokio::test]
async fn the_client_s_request_id_comes_back() {
    let rig = Rig::new();
    let list = rig
        .get("/?comp=list")
        .header("x-ms-client-request-id", "mine, 1")
        .send()
        .await
        .expect(200);
    assert_eq!(list.header("x-ms-client-request-id"), "mine, 1");
    let refused = rig
        .get("/box/b")
        .header("x-ms-client-request-id", "mine, 2")
        .send()
        .await
        .expect(404);
    assert_eq!(refused.header("x-ms-client-request-id"), "mine, 2");
    assert!(refused.header("x-ms-request-id").ends_with("000000"));
    assert_ne!(refused.header("x-ms-request-id"), list.header("x-ms-request-id"));
}

#[tokio::test]
async fn properties_and_metadata_are_kept_and_changed() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let put = rig
        .put("/box/page.html", "<p>")
        .header("x-ms-blob-type", "BlockBlob");
    let put = put
        .header("content-type", "text/plain")
        .header("x-ms-blob-content-type", "text/html")
        .header("content-language", "en")
        .header("x-ms-blob-cache-control", "no-store")
        .header("x-ms-blob-content-disposition", "inline")
        .header("x-ms-blob-content-encoding", "gzip")
        .header("x-ms-access-tier", "cool")
        .header("x-ms-meta-Author", "ada");
    let first = put.send().await.expect(201);
    let head = rig.head("/box/page.html").send().await.expect(200);
    for (name, value) in [
        ("content-length", "3"),
        ("content-type", "text/html"),
        ("content-language", "en"),
        ("content-encoding", "gzip"),
        ("content-disposition", "inline"),
        ("cache-control", "no-store"),
        ("x-ms-access-tier", "Cool"),
        ("x-ms-access-tier-change-time", "Sun, 01 Mar 2026 12:00:00 GMT"),
        ("x-ms-access-tier-inferred", ""),
        ("x-ms-meta-author", "ada"),
    ] {
        assert_eq!(head.header(name), value, "{name}");
    }
    assert!(head.body.is_empty());

    rig.clock.advance(std::time::Duration::from_secs(5));
    let set = rig
        .put("/box/page.html?comp=metadata", "")
        .header("x-ms-meta-reviewer", "bob")
        .send()
        .await
        .expect(200);
    assert!(set.header("etag") > first.header("etag"));
    assert_eq!(set.header("last-modified"), "Sun, 01 Mar 2026 12:00:05 GMT");
    let properties = rig
        .put("/box/page.html?comp=properties", "")
        .header("x-ms-blob-content-md5", "AQIDBA==");
    properties.send().await.expect(200);
    let head = rig.head("/box/page.html").send().await.expect(200);
    for (name, value) in [
        ("content-type", ""),
        ("cache-control", ""),
        ("content-md5", "AQIDBA=="),
        ("x-ms-meta-author", ""),
        ("x-ms-meta-reviewer", "bob"),
        ("x-ms-creation-time", "Sun, 01 Mar 2026 12:00:00 GMT"),
        ("last-modified", "Sun, 01 Mar 2026 12:00:05 GMT"),
    ] {
        assert_eq!(head.header(name), value, "{name}");
    }
    let metadata = rig.get("/box/page.html?comp=metadata").send().await.expect(200);
    assert_eq!(metadata.header("x-ms-meta-reviewer"), "bob");
    // Without a header to set, nothing but the tag changes.
    rig.put("/box/page.html?comp=properties", "")
        .send()
        .await
        .expect(200);
    assert_eq!(
        rig.head("/box/page.html").send().await.header("content-md5"),
        "AQIDBA=="
    );
}

#[tokio::test]
async fn ranges_are_cut_and_summed() {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/b", "hello world").await;
    let range = |value: &'static str| rig.get("/box/b").header("x-ms-range", value);
    let part = range("bytes=6-").send().await.expect(206);
    assert_eq!(
        (&part.body[..], part.header("content-range")),
        (&b"world"[..], "bytes 6-10/11")
    );
    assert_eq!(
        (part.header("content-length"), part.header("content-md5")),
        ("5", "")
    );
    assert_eq!(part.header("x-ms-blob-content-md5"), "XrY7u+Ae7tCTyyK7j1rNww==");
    let part = range("bytes=2-100").send().await.expect(206);
    assert_eq!(part.header("content-range"), "bytes 2-10/11");
    let whole = range("bytes=0-10").send().await.expect(206);
    assert_eq!(&whole.body[..], b"hello world");
    // The service's own header wins, and what makes no sense is no range.
    let both = range("bytes=0-0")
        .header("range", "bytes=1-1")
        .send()
        .await
        .expect(206);
    assert_eq!(&both.body[..], b"h");
    for nonsense in [
        "bytes=None-",
        "bytes=5-3",
        "bytes=-5",
        "bytes=0-1,3-4",
        "lines=1-2",
    ] {
        assert_eq!(
            range(nonsense).send().await.expect(200).body.len(),
            11,
            "{nonsense}"
        );
    }
    let md5 = range("bytes=0-4")
        .header("x-ms-range-get-content-md5", "true")
        .send()
        .await
        .expect(206);
    assert_eq!(
        md5.header("content-md5"),
        lazuli_protocol::Md5::of(b"hello").to_string()
    );
    let crc = range("bytes=0-4")
        .header("x-ms-range-get-content-crc64", "true")
        .send()
        .await
        .expect(206);
    assert_eq!(
        crc.header("x-ms-content-crc64"),
        lazuli_protocol::Crc64::of(b"hello").to_string()
    );
    assert_eq!(crc.header("content-md5"), "");
}

#[tokio::test]
async fn reads_and_writes_keep_their_conditions() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let tag = rig.put_blob("/box/b", "1").await.header("etag").to_owned();
    let (now, before) = ("Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 11:59:59 GMT");
    let get = |name: &'static str, value: &str| rig.get("/box/b").header(name, value).send();
    get("if-match", &tag).await.expect(200);
    get("if-match", "*").await.expect(200);
    get("if-match", &format!("\"0x1\", {tag}")).await.expect(200);
    get("if-match", tag.trim_matches('"')).await.expect(200);
    get("if-match", "\"0x1\"")
        .await
        .expect_error(412, "ConditionNotMet");
    get("if-none-match", "\"0x1\"").await.expect(200);
    get("if-modified-since", before).await.expect(200);
    get("if-unmodified-since", now).await.expect(200);
    get("if-unmodified-since", before)
        .await
        .expect_error(412, "ConditionNotMet");
    for unchanged in [
        get("if-none-match", &tag).await,
        get("if-modified-since", now).await,
    ] {
        let reply = unchanged.expect_error(304, "ConditionNotMet");
        assert!(reply.body.is_empty());
        assert_eq!(
            (
                reply.header("content-length"),
                reply.header("etag"),
                reply.header("last-modified")
            ),
            ("0", "", "")
        );
    }
    rig.head("/box/b")
        .header("if-none-match", &tag)
        .send()
        .await
        .expect_error(304, "ConditionNotMet");

    let put = |name: &'static str, value: &str| {
        rig.put("/box/b", "2")
            .header("x-ms-blob-type", "BlockBlob")
            .header(name, value)
            .send()
    };
    put("if-none-match", "*")
        .await
        .expect_error(409, "BlobAlreadyExists");
    put("if-none-match", &tag)
        .await
        .expect_error(412, "ConditionNotMet");
    put("if-match", "\"0x1\"")
        .await
        .expect_error(412, "ConditionNotMet");
    put("if-modified-since", now)
        .await
        .expect_error(412, "ConditionNotMet");
    put("if-unmodified-since", before)
        .await
        .expect_error(412, "ConditionNotMet");
    assert_eq!(&rig.get_bytes("/box/b").await[..], b"1");
    let second = put("if-match", &tag).await.expect(201);
    put("if-match", &tag).await.expect_error(412, "ConditionNotMet");
    put("if-none-match", "\"0x1\"").await.expect(201);
    assert!(second.header("etag") > tag.as_str());
    rig.delete("/box/b")
        .header("if-match", &tag)
        .send()
        .await
        .expect_error(412, "ConditionNotMet");
    rig.put("/box/b?comp=metadata", "")
        .header("if-none-match", "*")
        .send()
        .await
        .expect_error(412, "ConditionNotMet");

    let new = |name: &'static str, value: &'static str| {
        rig.put("/box/new", "3")
            .header("x-ms-blob-type", "BlockBlob")
            .header(name, value)
            .send()
    };
    new("if-match", "*").await.expect_error(412, "ConditionNotMet");
    new("if-none-match", "*").await.expect(201);
    new("if-none-match", "*")
        .await
        .expect_error(409, "BlobAlreadyExists");
}

#[tokio::test]
async fn a_download_ends_with_the_bytes_it_began_with() {
    use http_body_util::BodyExt as _;
    use lazuli_protocol::Clock as _;
    use tower::ServiceExt as _;

    let folder = tempfile::tempdir().unwrap();
    for rig in [Rig::new(), Rig::with(|builder| builder.location(folder.path()))] {
        rig.make_container("box").await;
        let old: Vec<u8> = (0..5_000_000_u32)
            .map(|at| u8::try_from(at % 253).unwrap())
            .collect();
        rig.put_blob("/box/b", old.clone()).await;
        let (mut parts, body) = rig.get("/box/b").build().into_parts();
        rig::key().sign(&mut parts, rig.clock.now()).unwrap();
        let answer = rig
            .service()
            .oneshot(http::Request::from_parts(parts, body))
            .await
            .unwrap();
        let mut body = answer.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(first.len() <= 256 * 1024);
        rig.put_blob("/box/b", "new").await;
        rig.delete("/box?restype=container").send().await.expect(202);
        let rest = body.collect().await.unwrap().to_bytes();
        assert!([&first[..], &rest[..]].concat() == old);
    }
}

#[tokio::test]
async fn a_long_blob_is_the_same_in_memory_and_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..3_500_001_u32)
        .map(|at| u8::try_from(at * 7 % 255).unwrap())
        .collect();
    for rig in [Rig::new(), Rig::with(|builder| builder.location(folder.path()))] {
        rig.make_container("box").await;
        let put = rig
            .put("/box/b", bytes.clone())
            .header("x-ms-blob-type", "BlockBlob");
        let put = put
            .header("content-md5", lazuli_protocol::Md5::of(&bytes).to_string())
            .send()
            .await
            .expect(201);
        assert_eq!(
            put.header("x-ms-content-crc64"),
            lazuli_protocol::Crc64::of(&bytes).to_string()
        );
        assert!(rig.get_bytes("/box/b").await[..] == bytes);
        let range = rig
            .get("/box/b")
            .header("range", "bytes=1048570-2097159")
            .send()
            .await
            .expect(206);
        assert!(range.body[..] == bytes[1_048_570..2_097_160]);
    }
}

#[tokio::test]
async fn a_container_made_public_is_read_by_anybody() {
    let rig = Rig::new();
    let make = |name: &str, access: &'static str| {
        rig.put(&format!("/{name}?restype=container"), "")
            .header("x-ms-blob-public-access", access)
            .send()
    };
    make("open", "container").await.expect(201);
    make("ajar", "blob").await.expect(201);
    for name in ["open", "ajar"] {
        rig.put_blob(&format!("/{name}/b"), "x").await;
        let got = rig.get(&format!("/{name}/b")).send_unsigned().await.expect(200);
        assert_eq!(&got.body[..], b"x");
        rig.delete(&format!("/{name}/b"))
            .send_unsigned()
            .await
            .expect_error(401, "NoAuthenticationInformation");
    }
    rig.get("/open?restype=container&comp=list")
        .send_unsigned()
        .await
        .expect(200);
    rig.get("/ajar?restype=container&comp=list")
        .send_unsigned()
        .await
        .expect_error(401, "NoAuthenticationInformation");
    // As it was before versions were sent.
    let old = rig
        .get("/open/b")
        .without("x-ms-version")
        .send_unsigned()
        .await
        .expect(200);
    assert_eq!(old.header("x-ms-version"), "2009-09-19");
    assert!(old.header("etag").starts_with("0x8D"));
    assert_eq!(
        (old.header("x-ms-lease-state"), old.header("accept-ranges")),
        ("", "")
    );
}

#[tokio::test]
async fn hosts_and_paths_name_the_same_accounts() {
    use lazuli_signing::{AccountKey, SharedKey};

    let rig = Rig::with(|builder| {
        builder
            .account(rig::ACCOUNT, lazuli_signing::EMULATOR_KEY)
            .account("second", "c2VjcmV0")
    });
    rig.make_container("box").await;
    rig.put_blob("/box/b", "x").await;
    let hosts = [
        "http://devstoreaccount1.blob.localhost:10000",
        "http://devstoreaccount1-secondary.blob.localhost:10000",
        "http://127.0.0.1:10000/devstoreaccount1-secondary",
        "https://devstoreaccount1.blob.core.windows.net",
    ];
    for host in hosts {
        let got = rig.get("").url(&format!("{host}/box/b")).send().await.expect(200);
        assert_eq!(&got.body[..], b"x", "{host}");
    }
    let second = SharedKey::new(
        "second".parse().unwrap(),
        AccountKey::from_base64("c2VjcmV0").unwrap(),
    );
    let list = rig.get("").url("http://second.blob.localhost:10000/?comp=list");
    let (mut parts, body) = list.build().into_parts();
    second
        .sign(&mut parts, lazuli_protocol::Clock::now(&*rig.clock))
        .unwrap();
    let reply = rig::deliver(rig.service(), http::Request::from_parts(parts, body))
        .await
        .expect(200);
    assert!(reply.text().ends_with(
        "<EnumerationResults ServiceEndpoint=\"http://second.blob.localhost:10000/\"><Containers /><NextMarker /></EnumerationResults>"
    ));
}

#[tokio::test]
async fn a_name_without_a_container_is_in_the_root_container() {
    let rig = Rig::new();
    rig.make_container("$root").await;
    rig.put_blob("/favicon.ico", "x").await;
    assert_eq!(&rig.get_bytes("/$root/favicon.ico").await[..], b"x");
}

#[tokio::test]
async fn a_condition_that_comes_in_two_lines_is_one_list() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let put = rig.put_blob("/box/b", "hello").await;
    let tags = |first: &str| {
        rig.get("/box/b")
            .header("if-none-match", first)
            .line("if-none-match", put.header("etag"))
    };
    assert_eq!(tags("\"0x1\"").send().await.status, 304);
    let writes = rig
        .put("/box/b?comp=metadata", "")
        .header("if-match", "\"0x1\"")
        .line("if-match", put.header("etag"));
    writes
        .send()
        .await
        .expect_error(400, "MultipleConditionHeadersNotSupported");
}

#[tokio::test]
async fn the_query_names_a_container_in_any_case() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let listed = rig
        .get("/box?restype=Container&comp=List")
        .send()
        .await
        .expect(200);
    assert!(listed.text().contains("<EnumerationResults"));
}

#[tokio::test]
async fn a_header_to_keep_has_a_bound() {
    let rig = Rig::new();
    rig.make_container("box").await;
    let typed = |len: usize| {
        rig.put("/box/b", "x")
            .header("x-ms-blob-type", "BlockBlob")
            .header("x-ms-blob-content-type", "t".repeat(len))
    };
    typed(8 * 1024).send().await.expect(201);
    typed(8 * 1024 + 1)
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
}

#[tokio::test]
async fn blocks_that_are_not_committed_are_nobodys_to_see() {
    let rig = Rig::new();
    rig.put("/open?restype=container", "")
        .header("x-ms-blob-public-access", "blob")
        .send()
        .await
        .expect(201);
    rig.put("/open/b?comp=block&blockid=QQ==", "x")
        .send()
        .await
        .expect(201);
    for kind in ["all", "uncommitted"] {
        let path = format!("/open/b?comp=blocklist&blocklisttype={kind}");
        rig.get(&path).send().await.expect(200);
        assert_eq!(rig.get(&path).send_unsigned().await.status, 401, "{kind}");
    }
}

#[tokio::test]
async fn a_blob_that_is_written_over_was_made_when_it_was() {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/a", "old").await;
    rig.clock.advance(std::time::Duration::from_secs(5));
    rig.put_blob("/box/a", "new").await;
    let head = rig.head("/box/a").send().await.expect(200);
    assert_eq!(head.header("last-modified"), "Sun, 01 Mar 2026 12:00:05 GMT");
    assert_eq!(head.header("x-ms-creation-time"), "Sun, 01 Mar 2026 12:00:00 GMT");
}
