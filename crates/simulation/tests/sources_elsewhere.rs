//! Copies from URLs that are not of the simulation: fetched by a service that it is given.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Request, Response};
use http_body_util::StreamBody;
use lazuli_protocol::{Body, BoxError, ResponseBody};
use lazuli_signing::EMULATOR_KEY;
use lazuli_simulation::MetadataCase;
use rig::{ACCOUNT, ENDPOINT, Rig};

const CONTENT: &str = "0123456789";

/// A web server with a few pages.
async fn web(request: Request<Body>) -> Result<Response<ResponseBody>, Infallible> {
    let text = |text: &str| ResponseBody::from(Bytes::copy_from_slice(text.as_bytes()));
    let answer = Response::builder();
    let answer = match request.uri().path() {
        "/plain" => match request
            .headers()
            .get("range")
            .map(|range| range.to_str().unwrap())
        {
            None => answer
                .header("content-type", "text/plain")
                .header("content-language", "de")
                .header("x-ms-meta-one", "1")
                .body(text(CONTENT)),
            Some("bytes=2-4") => answer.status(206).body(text(&CONTENT[2..5])),
            Some(_) => answer.status(416).body(text("no such range")),
        },
        "/metadata" => answer
            .header("x-ms-meta-userid", "1")
            .header("x-ms-meta-no-identifier", "2")
            .header(
                "x-ms-meta-umlaut",
                HeaderValue::from_bytes("ü".as_bytes()).unwrap(),
            )
            .extension(["UserId"].into_iter().collect::<MetadataCase>())
            .body(text(CONTENT)),
        "/no-ranges" => answer.body(text(CONTENT)),
        "/pages" => answer.header("x-ms-blob-type", "PageBlob").body(text(CONTENT)),
        "/odd-name" => answer.header("x-ms-meta-a-b", "1").body(text(CONTENT)),
        "/odd-value" => answer
            .header("x-ms-meta-a", "caf\u{e9}".as_bytes())
            .body(text(CONTENT)),
        "/if" => match request.headers().get("if-match") {
            Some(tag) if tag == "\"a\"" => answer.body(text(CONTENT)),
            _ => answer.status(412).body(text("")),
        },
        "/token" => match request.headers().get("authorization") {
            Some(token) if token == "Bearer abc" => answer.body(text(CONTENT)),
            _ => answer
                .status(403)
                .header("x-ms-error-code", "AuthorizationFailure")
                .body(text("")),
        },
        "/moved" => answer.status(302).header("location", "/plain").body(text("")),
        "/torn" => {
            let pieces: Vec<Result<http_body::Frame<Bytes>, BoxError>> = vec![
                Ok(http_body::Frame::data(Bytes::from_static(b"01"))),
                Err("the line is cut".into()),
            ];
            let body = Sized10(StreamBody::new(stream::iter(pieces)));
            answer.body(ResponseBody::new(body))
        }
        "/endless" => {
            let pieces = stream::iter([Ok::<_, BoxError>(http_body::Frame::data(Bytes::from_static(
                b"01",
            )))]);
            answer.body(ResponseBody::new(StreamBody::new(pieces)))
        }
        _ => answer.status(404).body(text("nothing here")),
    };
    Ok(answer.unwrap())
}

/// A body that says that it has ten bytes.
struct Sized10<B>(B);

impl<B: http_body::Body + Unpin> http_body::Body for Sized10<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<B::Data>, B::Error>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(cx)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(10)
    }
}

async fn ready() -> Rig {
    let rig = Rig::with(|builder| {
        builder
            .account(ACCOUNT, EMULATOR_KEY)
            .copy_sources(tower::service_fn(web))
    });
    rig.make_container("box").await;
    rig
}

fn from<'a>(rig: &'a Rig, to: &str, url: &str) -> rig::Call<'a> {
    rig.put(to, "").header("x-ms-copy-source", url)
}

/// What another server calls metadata may be none here, and a location has to open again.
#[tokio::test]
async fn metadata_that_is_none_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        Rig::with(|builder| {
            builder
                .location(folder.path())
                .copy_sources(tower::service_fn(web))
        })
    };
    let rig = open();
    rig.make_container("box").await;
    let copied = from(&rig, "/box/a", "https://web.example/metadata");
    copied.send().await.expect(202);
    let read = rig.head("/box/a").send().await.expect(200);
    drop(rig);
    let again = open().head("/box/a").send().await.expect(200);
    for read in [read, again] {
        let names = read.headers.keys().map(|name| name.as_str());
        let names: Vec<_> = names.filter(|name| name.starts_with("x-ms-meta-")).collect();
        assert_eq!(names, ["x-ms-meta-userid"]);
        assert_eq!(read.case.written("userid"), Some("UserId"));
    }
}

#[tokio::test]
async fn whole_blobs() {
    let rig = ready().await;
    let copied = from(&rig, "/box/a", "https://example.com/plain?sig=secret&v=1");
    let copied = copied.send().await.expect(202);
    assert_eq!(copied.header("x-ms-copy-status"), "success");
    let read = rig.get("/box/a").send().await.expect(200);
    assert_eq!(read.body, CONTENT);
    assert_eq!(read.header("content-type"), "text/plain");
    assert_eq!(read.header("content-language"), "de");
    assert_eq!(read.header("x-ms-meta-one"), "1");
    assert_eq!(read.header("x-ms-copy-source"), "https://example.com/plain?v=1");
    // What another service makes of a query is its own business.
    let twice = from(&rig, "/box/b", "https://example.com/plain?prefix=a&prefix=b");
    twice.send().await.expect(202);
    from(&rig, "/box/b", "https://example.com/no-ranges")
        .header("x-ms-requires-sync", "true")
        .send()
        .await
        .expect(202);
    assert_eq!(rig.get("/box/b").send().await.expect(200).body, CONTENT);
    from(&rig, "/box/c", "http://[2001:db8::1]:8080/plain")
        .header("x-ms-blob-type", "BlockBlob")
        .send()
        .await
        .expect(201);
    assert_eq!(rig.get("/box/c").send().await.expect(200).body, CONTENT);
}

#[tokio::test]
async fn parts() {
    let rig = ready().await;
    for (id, url) in [("YQ==", "/plain"), ("Yg==", "/no-ranges")] {
        from(
            &rig,
            &format!("/box/a?comp=block&blockid={id}"),
            &format!("http://localhost:8080{url}"),
        )
        .header("x-ms-source-range", "bytes=2-4")
        .send()
        .await
        .expect(201);
    }
    let list = "<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>";
    rig.put("/box/a?comp=blocklist", list).send().await.expect(201);
    assert_eq!(rig.get("/box/a").send().await.expect(200).body, "234234");
    let beyond = from(
        &rig,
        "/box/a?comp=block&blockid=YQ==",
        "http://localhost:8080/plain",
    )
    .header("x-ms-source-range", "bytes=20-40")
    .send()
    .await;
    beyond.expect_error(416, "CannotVerifyCopySource");
}

#[tokio::test]
async fn what_the_source_is_shown() {
    let rig = ready().await;
    let guarded = || from(&rig, "/box/a", "https://example.com/if");
    guarded()
        .header("x-ms-source-if-match", "\"a\"")
        .send()
        .await
        .expect(202);
    let unmet = guarded().header("x-ms-source-if-match", "\"b\"").send().await;
    unmet.expect_error(412, "CannotVerifyCopySource");
    let put = || from(&rig, "/box/b", "https://example.com/token").header("x-ms-blob-type", "BlockBlob");
    let let_in = put().header("x-ms-copy-source-authorization", "Bearer abc");
    let_in.send().await.expect(201);
    let refused = put().send().await;
    assert_eq!(refused.header("x-ms-copy-source-status-code"), "403");
    assert_eq!(
        refused.header("x-ms-copy-source-error-code"),
        "AuthorizationFailure"
    );
    refused.expect_error(403, "CannotVerifyCopySource");
}

#[tokio::test]
async fn what_cannot_be_taken() {
    let rig = ready().await;
    for (path, status) in [
        ("/missing", 404),
        ("/moved", 404),
        ("/torn", 500),
        ("/endless", 409),
        ("/pages", 409),
    ] {
        let url = format!("https://example.com{path}");
        let refused = from(&rig, "/box/a", &url).send().await;
        let refused = refused.expect_error(status, "CannotVerifyCopySource");
        if path == "/moved" {
            assert_eq!(
                refused.element("Message").lines().next(),
                Some("The copy source answered 302 Found.")
            );
        }
    }
    rig.get("/box/a").send().await.expect_error(404, "BlobNotFound");
    let tagged = from(&rig, "/box/a", "https://example.com/plain")
        .header("x-ms-copy-source-tag-option", "COPY")
        .send()
        .await;
    tagged.expect_error(409, "CannotVerifyCopySource");
}

#[tokio::test]
async fn another_server_on_this_machine_is_told_apart_by_its_port() {
    let rig = ready().await;
    rig.put("/box/own", "own")
        .header("x-ms-blob-type", "BlockBlob")
        .send()
        .await
        .expect(201);
    let own = format!("{ENDPOINT}/box/own");
    from(&rig, "/box/a", &own).send().await.expect(202);
    let other = own.replace(":10000", ":10009");
    from(&rig, "/box/b", &other)
        .send()
        .await
        .expect_error(404, "CannotVerifyCopySource");
}

#[tokio::test]
async fn a_location_holds_no_metadata_that_cannot_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let build = |builder: lazuli_simulation::Builder| {
            let builder = builder.account(ACCOUNT, EMULATOR_KEY).location(folder.path());
            builder.copy_sources(tower::service_fn(web))
        };
        Rig::with(build)
    };
    let rig = open();
    rig.make_container("box").await;
    for url in ["https://example.com/odd-name", "https://example.com/odd-value"] {
        let copies = [
            (from(&rig, "/box/a", url), 202),
            (
                from(&rig, "/box/b", url).header("x-ms-requires-sync", "true"),
                202,
            ),
            (
                from(&rig, "/box/c", url).header("x-ms-blob-type", "BlockBlob"),
                201,
            ),
        ];
        for (copy, status) in copies {
            copy.send().await.expect(status);
        }
    }
    drop(rig);
    let rig = open();
    for path in ["/box/a", "/box/b", "/box/c"] {
        assert_eq!(rig.get(path).send().await.expect(200).body, CONTENT);
    }
}
