//! Requests that are signed with Shared Key Lite.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_protocol::Clock as _;
use rig::{Rig, deliver, key};

#[tokio::test]
async fn it_lets_in_as_shared_key_does() {
    let rig = Rig::new();
    rig.put("/box?restype=container", "")
        .send_lite()
        .await
        .expect(201);
    let put = rig
        .put("/box/a%20b", "text")
        .header("x-ms-blob-type", "BlockBlob");
    put.header("x-ms-meta-city", "Oslo").send_lite().await.expect(201);
    let get = rig
        .get("/box/a%20b")
        .header("x-ms-range", "bytes=1-2")
        .send_lite()
        .await
        .expect(206);
    assert_eq!((&*get.body, get.header("x-ms-meta-city")), (&b"ex"[..], "Oslo"));
    let list = rig
        .get("/box?restype=container&comp=list&prefix=a")
        .send_lite()
        .await
        .expect(200);
    assert_eq!(list.elements("Name"), ["a b"]);
    rig.get("/?comp=list").send_lite().await.expect(200);
    let acl = "/box?restype=container&comp=acl";
    rig.put(acl, "").send_lite().await.expect(200);
    rig.delete("/box/a%20b").send_lite().await.expect(202);
}

#[tokio::test]
async fn what_is_signed_cannot_be_changed() {
    type Change = fn(&mut http::request::Parts);
    let changes: [(&str, Change); 6] = [
        ("the method", |parts| parts.method = http::Method::HEAD),
        ("the path", |parts| {
            parts.uri = parts.uri.to_string().replace("/box", "/bax").parse().unwrap()
        }),
        ("comp", |parts| {
            parts.uri = parts
                .uri
                .to_string()
                .replace("comp=list", "comp=metadata")
                .parse()
                .unwrap()
        }),
        ("a header of the service", |parts| {
            parts.headers.insert("x-ms-meta-late", "1".parse().unwrap());
        }),
        ("the date", |parts| {
            parts
                .headers
                .insert("x-ms-date", "Sun, 01 Mar 2026 12:00:01 GMT".parse().unwrap());
        }),
        ("the scheme", |parts| {
            let value = parts.headers["authorization"]
                .to_str()
                .unwrap()
                .replace("SharedKeyLite", "SharedKey");
            parts.headers.insert("authorization", value.parse().unwrap());
        }),
    ];
    let rig = Rig::new();
    rig.make_container("box").await;
    for (what, change) in changes {
        let (mut parts, body) = rig.get("/box?restype=container&comp=list").build().into_parts();
        key().sign_lite(&mut parts, rig.clock.now()).unwrap();
        change(&mut parts);
        let reply = deliver(rig.service(), http::Request::from_parts(parts, body)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("x-ms-error-code")),
            (403, "AuthenticationFailed"),
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_wrong_signature_is_told_the_text_that_was_signed() {
    let rig = Rig::new();
    let reply = rig
        .get("/box?restype=container&comp=list")
        .header("x-ms-date", "Sun, 01 Mar 2026 12:00:00 GMT")
        .header("authorization", "SharedKeyLite devstoreaccount1:AAAA")
        .send_unsigned()
        .await
        .expect_error(403, "AuthenticationFailed");
    assert_eq!(
        reply.element("AuthenticationErrorDetail"),
        "The MAC signature found in the HTTP request 'AAAA' is not the same as any computed signature. Server used following string \
         to sign: 'GET\n\n\n\nx-ms-date:Sun, 01 Mar 2026 12:00:00 GMT\nx-ms-version:2026-06-06\n\
         /devstoreaccount1/devstoreaccount1/box?comp=list'."
    );
}
