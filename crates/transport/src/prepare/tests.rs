//! What is added to a request, and what is left alone.

use http::{HeaderMap, Request};
use lazuli_protocol::{ApiVersion, Body, ContentMustBeVerified, STRUCTURED_BODY};
use tower::{Layer as _, ServiceExt as _};
use uuid::Uuid;

use super::*;
use crate::ErrorKind;
use crate::testing::{Script, URL};

async fn prepared(layer: PrepareLayer, request: http::request::Builder, body: Body) -> HeaderMap {
    let script = Script::of([]);
    let request = request.body(body).unwrap();
    layer.layer(script.clone()).oneshot(request).await.unwrap();
    script.seen().remove(0).headers
}

#[derive(Debug)]
struct Seven;

impl RequestIds for Seven {
    fn next(&self) -> Uuid {
        Uuid::from_u128(7)
    }
}

#[tokio::test]
async fn a_request_gets_an_id_a_version_and_an_agent() {
    let layer = PrepareLayer::new()
        .request_ids(std::sync::Arc::new(Seven))
        .user_agent_suffix("my-program/1.0")
        .unwrap();
    let headers = prepared(layer, Request::get(URL), Body::empty()).await;
    assert_eq!(
        headers["x-ms-client-request-id"],
        "00000000-0000-0000-0000-000000000007"
    );
    assert_eq!(headers["x-ms-version"], ApiVersion::LATEST.as_str());
    let agent = headers["user-agent"].to_str().unwrap();
    assert_eq!(
        agent,
        concat!("lazuli/", env!("CARGO_PKG_VERSION"), " my-program/1.0")
    );
}

#[tokio::test]
async fn what_is_there_already_stays() {
    let request = Request::get(URL)
        .header("x-ms-client-request-id", "mine")
        .header("x-ms-version", "2019-12-12")
        .header("user-agent", "me");
    let headers = prepared(PrepareLayer::new(), request, Body::empty()).await;
    assert_eq!(headers["x-ms-client-request-id"], "mine");
    assert_eq!(headers["x-ms-version"], "2019-12-12");
    assert_eq!(headers["user-agent"], "me");
}

#[tokio::test]
async fn content_in_segments_is_asked_of_versions_that_know_of_it() {
    let asks = |version| {
        Request::get(URL)
            .header("x-ms-structured-body", STRUCTURED_BODY)
            .header("x-ms-version", version)
    };
    for (version, stays) in [
        ("2026-06-06", true),
        ("2025-01-05", true),
        ("2024-11-04", false),
        ("2019-02-02", false),
        ("newest", false),
    ] {
        let headers = prepared(PrepareLayer::new(), asks(version), Body::empty()).await;
        assert_eq!(headers.contains_key("x-ms-structured-body"), stays, "{version}");
        // The service is to say why it cannot.
        let must = asks(version).extension(ContentMustBeVerified);
        let headers = prepared(PrepareLayer::new(), must, Body::empty()).await;
        assert!(headers.contains_key("x-ms-structured-body"), "{version}");
        // The body of an upload is in segments, and nobody shall store them who does not know of them.
        let put = asks(version).method("PUT").body(Body::from("x")).unwrap();
        let script = Script::of([]);
        let sent = PrepareLayer::new().layer(script.clone()).oneshot(put).await;
        assert_eq!(
            sent.err().map(|error| error.kind()),
            (!stays).then_some(ErrorKind::InvalidInput),
            "{version}"
        );
        assert_eq!(script.seen().len(), usize::from(stays), "{version}");
    }
}

#[tokio::test]
async fn the_length_is_that_of_the_body() {
    let length = async |method: &str, said: Option<&str>, body: &'static str| {
        let mut request = Request::builder().uri(URL).method(method);
        if let Some(said) = said {
            request = request.header("content-length", said);
        }
        let headers = prepared(PrepareLayer::new(), request, Body::from(body)).await;
        headers
            .get("content-length")
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(length("PUT", None, "").await.as_deref(), Some("0"));
    assert_eq!(length("POST", None, "").await.as_deref(), Some("0"));
    assert_eq!(length("PUT", Some("9"), "hello").await.as_deref(), Some("5"));
    assert_eq!(length("DELETE", None, "").await, None);
    assert_eq!(length("GET", Some("9"), "").await, None);
}

#[test]
fn random_ids_are_of_version_4_and_differ() {
    let (one, other) = (RandomIds.next(), RandomIds.next());
    assert_eq!(
        (one.get_version_num(), one.get_variant()),
        (4, uuid::Variant::RFC4122)
    );
    assert_ne!(one, other);
}

#[test]
fn an_agent_that_is_no_header_text_is_refused() {
    for bad in ["", "  ", "a\r\nx-ms-evil: 1", "ü", "\u{7f}"] {
        let error = PrepareLayer::new().user_agent_suffix(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad:?}");
    }
}
