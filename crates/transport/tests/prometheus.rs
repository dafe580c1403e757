//! The example that serves metrics to Prometheus, and what it then has.
#![cfg(feature = "metrics")]
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

#[path = "../examples/prometheus.rs"]
#[expect(dead_code, reason = "what runs the example alone")]
mod example;

use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;

async fn fetched(url: String) -> (u16, String) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<bytes::Bytes>>();
    let answer = client.get(url.parse().unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn prometheus_fetches_what_was_counted() {
    let numbers = example::install().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(example::serve(listener, numbers));
    let transport = example::transport().unwrap();
    example::counted_calls(&transport).await.unwrap();

    let (status, text) = fetched(format!("http://{address}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "# TYPE azure_blob_operations_total counter",
        "# HELP azure_blob_operations_total Calls that have ended.",
        r#"azure_blob_operations_total{operation="PutBlob",status="201"} 1"#,
        r#"azure_blob_operations_total{operation="GetBlob",status="200"} 1"#,
        r#"azure_blob_operations_total{operation="DeleteBlob",status="404"} 1"#,
        r#"azure_blob_errors_total{operation="DeleteBlob",error_type="BlobNotFound"} 1"#,
        r#"azure_blob_retry_attempts{operation="GetBlob"} 1"#,
        r#"azure_blob_bytes_total{direction="upload"} 5"#,
        r#"azure_blob_bytes_total{direction="download"} 5"#,
        r#"azure_blob_latency_seconds_bucket{operation="GetBlob",le="30"} 1"#,
        r#"azure_blob_latency_seconds_count{operation="PutBlob"} 1"#,
    ] {
        assert!(text.lines().any(|known| known == line), "{line} in {text}");
    }
    assert!(!text.contains("NOT-TO-BE-SEEN"), "{text}");
    assert_eq!(fetched(format!("http://{address}/other")).await.0, 404);
    served.abort();
}
