//! Which URLs get through.

use http::Request;
use lazuli_protocol::Body;
use tower::{Layer as _, ServiceExt as _};

use super::SecureLayer;
use crate::ErrorKind;
use crate::testing::Script;

async fn outcome(layer: SecureLayer, url: &str) -> (Option<ErrorKind>, usize) {
    let script = Script::of([]);
    let request = Request::get(url).body(Body::empty()).unwrap();
    let outcome = layer.layer(script.clone()).oneshot(request).await;
    (outcome.err().map(|error| error.kind()), script.seen().len())
}

#[tokio::test]
async fn https_and_http_to_this_machine_get_through() {
    for url in [
        "https://example.blob.core.windows.net/c/b",
        "http://127.0.0.1:10000/dev/c",
        "http://127.255.0.9/",
        "http://[::1]:10000/dev/c",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://LOCALHOST.:80/",
        "http://dev.blob.localhost:10000/c",
    ] {
        assert_eq!(outcome(SecureLayer::new(), url).await, (None, 1), "{url}");
    }
}

#[tokio::test]
async fn http_to_other_machines_is_refused_and_nothing_is_sent() {
    for url in [
        "http://example.blob.core.windows.net/c/b",
        "http://10.0.0.1/",
        "http://128.0.0.1/",
        "http://0.0.0.0/",
        "http://[::2]/",
        "http://localhost.example.org/",
        "http://notlocalhost/",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
    ] {
        assert_eq!(
            outcome(SecureLayer::new(), url).await,
            (Some(ErrorKind::InsecureUrl), 0),
            "{url}"
        );
    }
}

#[tokio::test]
async fn http_gets_through_where_it_is_allowed() {
    let allowing = SecureLayer::new().allow_http(true);
    assert_eq!(outcome(allowing, "http://example.org/").await, (None, 1));
}

#[tokio::test]
async fn what_is_no_http_url_is_refused() {
    for url in ["/c/b", "ftp://127.0.0.1/", "example.org"] {
        let allowing = SecureLayer::new().allow_http(true);
        assert_eq!(
            outcome(allowing, url).await,
            (Some(ErrorKind::InvalidInput), 0),
            "{url}"
        );
    }
}

#[tokio::test]
async fn keys_and_tokens_leave_this_machine_over_https_only() {
    for name in [
        "x-ms-encryption-key",
        "x-ms-source-encryption-key",
        "x-ms-copy-source-authorization",
    ] {
        for (url, kind) in [
            ("http://example.org/", Some(ErrorKind::InsecureUrl)),
            ("https://example.org/", None),
            ("http://127.0.0.1:10000/dev", None),
        ] {
            let request = Request::get(url)
                .header(name, "c2VjcmV0")
                .body(Body::empty())
                .unwrap();
            let script = Script::of([]);
            let service = SecureLayer::new().allow_http(true).layer(script.clone());
            let error = service.oneshot(request).await.err();
            assert_eq!(error.as_ref().map(crate::Error::kind), kind, "{name} {url}");
            assert!(error.is_none_or(|error| !format!("{error} {error:?}").contains("c2VjcmV0")));
            assert_eq!(script.seen().len(), usize::from(kind.is_none()));
        }
    }
}
