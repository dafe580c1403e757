//! The example that exports spans, and a collector in this process that takes them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

#[path = "../examples/otel.rs"]
#[expect(dead_code, reason = "what runs the example alone")]
mod example;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use prost::Message as _;
use tokio::net::TcpListener;
use tracing::instrument::WithSubscriber as _;

/// What a collector was sent, each request's body by itself.
type Exports = Arc<Mutex<Vec<Bytes>>>;

async fn collect(listener: TcpListener, exports: Exports) {
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        let exports = Arc::clone(&exports);
        let take = service_fn(move |request: Request<Incoming>| {
            let exports = Arc::clone(&exports);
            async move {
                assert_eq!(request.uri().path(), "/v1/traces");
                assert_eq!(request.headers()["content-type"], "application/x-protobuf");
                let body = request.into_body().collect().await.unwrap().to_bytes();
                exports.lock().unwrap().push(body);
                Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), take));
    }
}

fn spans(exports: &[Bytes]) -> Vec<Span> {
    let requests = exports
        .iter()
        .map(|body| ExportTraceServiceRequest::decode(body.clone()).unwrap());
    let scopes = requests
        .flat_map(|request| request.resource_spans)
        .flat_map(|resource| resource.scope_spans);
    scopes.flat_map(|scope| scope.spans).collect()
}

/// Attributes as text, with the type of those that are not text.
fn attributes(span: &Span) -> BTreeMap<String, String> {
    let shown = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => format!("int {number}"),
        other => format!("{other:?}"),
    };
    let pairs = span.attributes.iter();
    pairs
        .map(|pair| {
            let value = pair.value.as_ref().and_then(|value| value.value.as_ref());
            (pair.key.clone(), shown(value.unwrap()))
        })
        .collect()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let span = found.next().unwrap_or_else(|| panic!("no {name} in {spans:#?}"));
    assert!(found.next().is_none(), "more than one {name}");
    span
}

fn within<'a>(spans: &'a [Span], parent: &Span) -> Vec<&'a Span> {
    let mut children: Vec<_> = spans
        .iter()
        .filter(|span| span.parent_span_id == parent.span_id && span.trace_id == parent.trace_id)
        .collect();
    children.sort_by_key(|span| span.start_time_unix_nano);
    children
}

#[track_caller]
fn says(span: &Span, expected: &[(&str, &str)]) {
    let known = attributes(span);
    for (name, value) in expected {
        assert_eq!(
            known.get(*name).map(String::as_str),
            Some(*value),
            "{name} in {known:#?}"
        );
    }
}

fn status(span: &Span) -> StatusCode {
    span.status
        .as_ref()
        .map_or(StatusCode::Unset, |status| status.code())
}

async fn exported() -> Vec<Bytes> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let collector = format!("http://{}", listener.local_addr().unwrap());
    let exports = Exports::default();
    let collecting = tokio::spawn(collect(listener, Arc::clone(&exports)));
    let provider = example::provider(&collector).unwrap();
    let calls = example::traced_calls().with_subscriber(example::subscriber(&provider));
    calls.await.unwrap();
    tokio::task::spawn_blocking(move || provider.shutdown())
        .await
        .unwrap()
        .unwrap();
    collecting.abort();
    std::mem::take(&mut exports.lock().unwrap())
}

#[tokio::test]
async fn a_collector_has_a_span_for_each_call_and_each_try() {
    let exports = exported().await;
    let spans = spans(&exports);
    assert_eq!(spans.len(), 7, "{spans:#?}");

    let put = named(&spans, "azure_blob.PutBlob");
    assert!(put.parent_span_id.is_empty());
    assert_eq!((put.kind(), status(put)), (SpanKind::Client, StatusCode::Unset));
    says(
        put,
        &[
            ("operation", "PutBlob"),
            ("azure.resource_provider.namespace", "Microsoft.Storage"),
            ("azure.container", "box"),
            ("azure.path", "greetings/hello"),
            ("azure.service.request.id", "4f1c0c1e-0001"),
            ("http.request.method", "PUT"),
            ("http.request.body.size", "int 5"),
            ("http.response.status_code", "int 201"),
            ("server.address", "example.blob.core.windows.net"),
            ("server.port", "int 443"),
            ("url.scheme", "https"),
            ("url.path", "/box/greetings/hello"),
        ],
    );
    let known = attributes(put);
    assert_eq!(known["az.client_request_id"].len(), 36);
    assert!(!known.contains_key("error.type") && !known.contains_key("http.request.resend_count"));
    let tries = within(&spans, put);
    assert_eq!((tries.len(), tries[0].name.as_str()), (1, "PUT"));
    assert_eq!(tries[0].kind(), SpanKind::Client);

    let get = named(&spans, "azure_blob.GetBlob");
    says(
        get,
        &[
            ("azure.range", "bytes=0-4"),
            ("http.request.resend_count", "int 1"),
            ("http.response.body.size", "int 5"),
            ("http.response.status_code", "int 200"),
        ],
    );
    let [first, second] = within(&spans, get)[..] else {
        panic!("two tries, not {spans:#?}");
    };
    says(
        first,
        &[
            ("http.response.status_code", "int 503"),
            ("error.type", "ServerBusy"),
        ],
    );
    assert_eq!(
        (status(first), status(get)),
        (StatusCode::Error, StatusCode::Unset)
    );
    says(
        second,
        &[
            ("http.response.status_code", "int 200"),
            ("http.request.resend_count", "int 1"),
        ],
    );

    let delete = named(&spans, "azure_blob.DeleteBlob");
    says(
        delete,
        &[
            ("error.type", "BlobNotFound"),
            ("http.response.status_code", "int 404"),
        ],
    );
    assert_eq!(status(delete), StatusCode::Error);
}

#[tokio::test]
async fn no_secret_is_sent_to_a_collector() {
    for body in exported().await {
        let sent = String::from_utf8_lossy(&body);
        assert!(!sent.contains("NOT-TO-BE-SEEN"), "{sent}");
    }
}
