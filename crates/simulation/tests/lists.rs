//! Lists: of containers and of blobs, in pages, by prefix and by delimiter.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use proptest::prelude::*;
use rig::{Reply, Rig};

async fn filled(names: &[&str]) -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    for name in names {
        rig.put_blob(&format!("/box/{}", lazuli_protocol::encode_path(name)), "")
            .await;
    }
    rig
}

async fn list(rig: &Rig, query: &str) -> Reply {
    rig.get(&format!("/box?restype=container&comp=list{query}"))
        .send()
        .await
        .expect(200)
}

#[tokio::test]
async fn a_list_looks_as_the_service_s_does() {
    let rig = filled(&[]).await;
    let put = rig
        .put("/box/a%20%26%20b", "x")
        .header("x-ms-blob-type", "BlockBlob");
    put.header("content-type", "text/plain")
        .header("x-ms-meta-one", "1")
        .send()
        .await
        .expect(201);
    let page = list(&rig, "&prefix=a&maxresults=5&delimiter=%2F&include=metadata").await;
    assert_eq!(page.header("content-type"), "application/xml");
    assert_eq!(page.header("content-length"), "");
    assert_eq!(
        page.text(),
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults \
         ServiceEndpoint=\"http://127.0.0.1:10000/devstoreaccount1/\" ContainerName=\"box\"><Prefix>a</Prefix>\
         <MaxResults>5</MaxResults><Delimiter>/</Delimiter><Blobs><Blob><Name>a &amp; b</Name><Properties>\
         <Creation-Time>Sun, 01 Mar 2026 12:00:00 GMT</Creation-Time><Last-Modified>Sun, 01 Mar 2026 12:00:00 GMT</Last-Modified>\
         <Etag>0x8DE778A108C2001</Etag><Content-Length>1</Content-Length><Content-Type>text/plain</Content-Type>\
         <Content-Encoding /><Content-Language /><Content-CRC64 /><Content-MD5>nd1LoZrXYmi57Y9OeOI5AA==</Content-MD5>\
         <Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>\
         <AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>\
         <ServerEncrypted>true</ServerEncrypted></Properties><Metadata><one>1</one></Metadata><OrMetadata /></Blob></Blobs>\
         <NextMarker /></EnumerationResults>"
            .replace("nd1LoZrXYmi57Y9OeOI5AA==", &lazuli_protocol::Md5::of(b"x").to_string())
    );
    let old = rig
        .get("/box?restype=container&comp=list")
        .header("x-ms-version", "2019-10-10")
        .send()
        .await;
    assert!(!old.text().contains("OrMetadata"));
}

#[tokio::test]
async fn containers_are_listed_with_their_properties() {
    let rig = Rig::new();
    for name in ["alpha", "beta", "beta-2"] {
        let make = rig
            .put(&format!("/{name}?restype=container"), "")
            .header("x-ms-meta-n", name);
        make.header("x-ms-blob-public-access", "blob")
            .send()
            .await
            .expect(201);
    }
    let page = rig
        .get("/?comp=list&prefix=be&include=metadata&maxresults=1")
        .send()
        .await
        .expect(200);
    assert_eq!(
        page.text(),
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults \
         ServiceEndpoint=\"http://127.0.0.1:10000/devstoreaccount1/\"><Prefix>be</Prefix><MaxResults>1</MaxResults><Containers>\
         <Container><Name>beta</Name><Properties><Last-Modified>Sun, 01 Mar 2026 12:00:00 GMT</Last-Modified>\
         <Etag>\"0x8DE778A108C2001\"</Etag><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>\
         <PublicAccess>blob</PublicAccess><DefaultEncryptionScope>$account-encryption-key</DefaultEncryptionScope>\
         <DenyEncryptionScopeOverride>false</DenyEncryptionScopeOverride><HasImmutabilityPolicy>false</HasImmutabilityPolicy>\
         <HasLegalHold>false</HasLegalHold><ImmutableStorageWithVersioningEnabled>false</ImmutableStorageWithVersioningEnabled>\
         </Properties><Metadata><n>beta</n></Metadata></Container></Containers><NextMarker>/devstoreaccount1/beta-2</NextMarker>\
         </EnumerationResults>"
    );
    let rest = rig
        .get("/?comp=list&marker=%2Fdevstoreaccount1%2Fbeta-2")
        .send()
        .await
        .expect(200);
    assert_eq!(rest.elements("Name"), ["beta-2"]);
    rig.delete("/beta?restype=container").send().await.expect(202);
    let all = rig.get("/?comp=list").send().await.expect(200);
    assert_eq!(all.elements("Name"), ["alpha", "beta-2"]);
}

#[tokio::test]
async fn container_properties_are_kept_and_changed() {
    let rig = Rig::new();
    let make = rig
        .put("/box?restype=container", "")
        .header("x-ms-meta-a", "1")
        .send()
        .await
        .expect(201);
    let head = rig.head("/box?restype=container").send().await.expect(200);
    for (name, value) in [
        ("etag", make.header("etag")),
        ("x-ms-meta-a", "1"),
        ("x-ms-lease-status", "unlocked"),
        ("x-ms-lease-state", "available"),
        ("x-ms-has-immutability-policy", "false"),
        ("x-ms-has-legal-hold", "false"),
        ("x-ms-immutable-storage-with-versioning-enabled", "false"),
        ("x-ms-default-encryption-scope", "$account-encryption-key"),
        ("x-ms-deny-encryption-scope-override", "false"),
        ("x-ms-blob-public-access", ""),
        ("content-length", "0"),
    ] {
        assert_eq!(head.header(name), value, "{name}");
    }
    rig.clock.advance(std::time::Duration::from_secs(1));
    let since = "Sun, 01 Mar 2026 12:00:00 GMT";
    let set = || {
        rig.put("/box?restype=container&comp=metadata", "")
            .header("x-ms-meta-b", "2")
    };
    set()
        .header("if-modified-since", since)
        .send()
        .await
        .expect_error(412, "ConditionNotMet");
    let changed = set().send().await.expect(200);
    assert!(changed.header("etag") > make.header("etag"));
    let got = rig
        .get("/box?restype=container&comp=metadata")
        .send()
        .await
        .expect(200);
    assert_eq!((got.header("x-ms-meta-a"), got.header("x-ms-meta-b")), ("", "2"));
    let delete = rig
        .delete("/box?restype=container")
        .header("if-unmodified-since", since);
    delete.send().await.expect_error(412, "ConditionNotMet");
    rig.delete("/box?restype=container").send().await.expect(202);
    rig.head("/box?restype=container")
        .send()
        .await
        .expect_error(404, "ContainerNotFound");
}

#[tokio::test]
async fn pages_follow_each_other_without_gap() {
    let names: Vec<String> = (0..25).map(|at| format!("dir{}/{at:02}", at / 10)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rig = filled(&names).await;
    let mut found = Vec::new();
    let mut marker = String::new();
    let mut pages = 0;
    loop {
        let page = list(
            &rig,
            &format!("&maxresults=10&marker={}", lazuli_protocol::encode_query(&marker)),
        )
        .await;
        assert_eq!(page.element("Marker"), marker);
        found.extend(page.elements("Name"));
        marker = page.element("NextMarker");
        pages += 1;
        if marker.is_empty() {
            break;
        }
    }
    assert_eq!(
        (found, pages),
        (names.iter().map(ToString::to_string).collect(), 3)
    );
}

#[tokio::test]
async fn a_delimiter_folds_names_into_prefixes() {
    let rig = filled(&["a", "a/b", "a/b/c", "a0", "b//x", "c/d"]).await;
    let names = |page: &Reply| page.elements("Name");
    assert_eq!(
        names(&list(&rig, "&delimiter=%2F").await),
        ["a", "a/", "a0", "b/", "c/"]
    );
    assert_eq!(
        names(&list(&rig, "&delimiter=%2F&prefix=a%2F").await),
        ["a/b", "a/b/"]
    );
    assert_eq!(names(&list(&rig, "&delimiter=%2F&prefix=b%2F").await), ["b//"]);
    assert_eq!(
        names(&list(&rig, "&delimiter=%2Fb").await),
        ["a", "a/b", "a0", "b//x", "c/d"]
    );
    assert_eq!(names(&list(&rig, "&prefix=z").await), [""; 0]);
    assert!(
        list(&rig, "&prefix=z")
            .await
            .text()
            .contains("<Blobs /><NextMarker />")
    );
    assert_eq!(names(&list(&rig, "&startFrom=a0").await), ["a0", "b//x", "c/d"]);
    let page = list(&rig, "&delimiter=%2F&maxresults=2").await;
    assert_eq!(names(&page), ["a", "a/"]);
    assert!(page.text().contains("<BlobPrefix><Name>a/</Name></BlobPrefix>"));
    let next = list(
        &rig,
        &format!(
            "&delimiter=%2F&maxresults=2&marker={}",
            page.element("NextMarker")
        ),
    )
    .await;
    assert_eq!(names(&next), ["a0", "b/"]);
}

#[tokio::test]
async fn what_xml_cannot_hold_is_encoded_and_said_to_be() {
    let rig = filled(&["dir\u{ffff}/a", "b\u{1}"]).await;
    let page = list(&rig, "&delimiter=%2F").await;
    assert!(page.text().contains("<Name Encoded=\"true\">b%01</Name>"));
    assert!(
        page.text()
            .contains("<BlobPrefix><Name Encoded=\"true\">dir%EF%BF%BF/</Name></BlobPrefix>")
    );
    let page = list(&rig, "&prefix=b%01").await;
    assert!(page.text().contains("<Prefix Encoded=\"true\">b%01</Prefix>"));
}

fn names() -> impl Strategy<Value = String> {
    // All of Unicode but NUL, which the service refuses.
    proptest::collection::vec(any::<char>().prop_filter("NUL", |c| *c != '\0'), 1..40)
        .prop_map(|chars| chars.into_iter().collect::<String>())
}

/// The names of a page, with what was encoded decoded: read as a client would.
fn read_names(page: &Reply) -> Vec<String> {
    let page = lazuli_protocol::xml::ListBlobsPage::parse(&page.body).unwrap();
    let name = |entry: lazuli_protocol::xml::ListBlobsEntry| match entry {
        lazuli_protocol::xml::ListBlobsEntry::Blob(blob) => blob.name,
        lazuli_protocol::xml::ListBlobsEntry::Prefix(prefix) => prefix.name,
        other => panic!("{other:?}"),
    };
    page.entries.into_iter().map(name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_survives(name in names()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let rig = filled(&[]).await;
            let path = format!("/box/{}", lazuli_protocol::encode_path(&name));
            rig.put_blob(&path, "x").await;
            assert_eq!(&rig.get_bytes(&path).await[..], b"x");
            assert_eq!(read_names(&list(&rig, "").await), [name.as_str()]);
            let prefix = lazuli_protocol::encode_query(&name);
            assert_eq!(read_names(&list(&rig, &format!("&prefix={prefix}")).await), [name.as_str()]);
            rig.delete(&path).send().await.expect(202);
        });
    }

    #[test]
    fn pages_hold_what_a_plain_reading_finds(
        names in proptest::collection::btree_set("[ab/\u{d7ff}\u{10ffff}]{1,6}", 0..30),
        prefix in "[ab/]{0,2}",
        delimiter in "[ab/]{0,2}",
        limit in 1_usize..5,
    ) {
        let mut expected: Vec<String> = Vec::new();
        for name in names.iter().filter(|name| name.starts_with(&prefix)) {
            let rest = &name[prefix.len()..];
            let shown = match rest.find(&delimiter).filter(|_| !delimiter.is_empty()) {
                Some(at) => name[..prefix.len() + at + delimiter.len()].to_owned(),
                None => name.clone(),
            };
            // A blob may be called as a prefix is, but a prefix stands for all of its names.
            if rest.contains(&delimiter) && !delimiter.is_empty() && expected.last() == Some(&shown) {
                continue;
            }
            expected.push(shown);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let rig = filled(&names).await;
            let (prefix, delimiter) = (lazuli_protocol::encode_query(&prefix), lazuli_protocol::encode_query(&delimiter));
            let mut found = Vec::new();
            let mut marker = String::new();
            loop {
                let query = format!("&prefix={prefix}&delimiter={delimiter}&maxresults={limit}&marker={}", lazuli_protocol::encode_query(&marker));
                let page = list(&rig, &query).await;
                let names = read_names(&page);
                assert!(names.len() <= limit);
                found.extend(names);
                marker = page.element("NextMarker");
                if marker.is_empty() {
                    break;
                }
            }
            assert_eq!(found, expected);
        });
    }
}
