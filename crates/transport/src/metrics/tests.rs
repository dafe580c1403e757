//! What is counted, for every metric and every label.

use bytes::Bytes;
use http::Request;
use lazuli_protocol::{Body, OperationInfo, OperationKind, ResponseBody, Service as Of};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tower::{Layer as _, ServiceExt as _};

use super::{ActiveLease, MetricsLayer, circuit_breaker_state};
use crate::testing::{Piece, Script, Step, URL};
use crate::{CircuitBreakerLayer, Error, ErrorKind, RetryLayer, RetryPolicy};

/// What a recorder has heard at the end of `work`, line by line, and the comments of its text.
async fn heard<F: Future<Output = ()>>(
    work: impl FnOnce(PrometheusHandle) -> F,
) -> (Vec<String>, Vec<String>) {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&[0.5, 10.0])
        .unwrap()
        .build_recorder();
    let installed = metrics::set_default_local_recorder(&recorder);
    work(recorder.handle()).await;
    drop(installed);
    let text = recorder.handle().render();
    let lines = text.lines().filter(|line| !line.is_empty()).map(str::to_owned);
    lines.partition(|line| !line.starts_with('#'))
}

fn request(info: OperationInfo, body: &'static str) -> Request<Body> {
    let request = Request::put(URL).extension(info);
    request.body(Body::from(body)).unwrap()
}

async fn sent(steps: Vec<Step>, request: Request<Body>) -> Result<http::Response<ResponseBody>, Error> {
    let stack = RetryLayer::new(RetryPolicy::default()).layer(Script::of(steps));
    MetricsLayer::new().layer(stack).oneshot(request).await
}

fn put_blob() -> OperationInfo {
    OperationInfo::blob("PutBlob", OperationKind::Write)
}

#[track_caller]
fn has(lines: &[String], expected: &[&str]) {
    for line in expected {
        assert!(lines.iter().any(|known| known == line), "{line} in {lines:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_counted_and_timed() {
    let (lines, _) = heard(async |_| {
        sent(vec![], request(put_blob(), "hello")).await.unwrap();
        let slow = Step::AnswerAfter(std::time::Duration::from_secs(2));
        sent(vec![slow], request(put_blob(), "")).await.unwrap();
    })
    .await;
    has(
        &lines,
        &[
            r#"azure_blob_operations_total{operation="PutBlob",status="200"} 2"#,
            r#"azure_blob_latency_seconds_bucket{operation="PutBlob",le="0.5"} 1"#,
            r#"azure_blob_latency_seconds_bucket{operation="PutBlob",le="10"} 2"#,
            r#"azure_blob_latency_seconds_count{operation="PutBlob"} 2"#,
            r#"azure_blob_bytes_total{direction="upload"} 5"#,
        ],
    );
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("errors") || line.contains("retry"))
    );
}

#[tokio::test(start_paused = true)]
async fn refusals_and_failures_are_told_apart() {
    let (lines, _) = heard(async |_| {
        let missing = Step::Answer(404, &[("x-ms-error-code", "BlobNotFound")]);
        sent(vec![missing], request(put_blob(), "")).await.unwrap();
        sent(vec![Step::Answer(400, &[])], request(put_blob(), ""))
            .await
            .unwrap();
        sent(
            vec![Step::Fail(ErrorKind::CircuitOpen)],
            request(put_blob(), "hello"),
        )
        .await
        .unwrap_err();
    })
    .await;
    has(
        &lines,
        &[
            r#"azure_blob_operations_total{operation="PutBlob",status="404"} 1"#,
            r#"azure_blob_operations_total{operation="PutBlob",status="400"} 1"#,
            r#"azure_blob_operations_total{operation="PutBlob",status="error"} 1"#,
            r#"azure_blob_errors_total{operation="PutBlob",error_type="BlobNotFound"} 1"#,
            r#"azure_blob_errors_total{operation="PutBlob",error_type="service"} 1"#,
            r#"azure_blob_errors_total{operation="PutBlob",error_type="circuit_open"} 1"#,
            r#"azure_blob_latency_seconds_count{operation="PutBlob"} 3"#,
        ],
    );
    // Whether it was sent, nobody knows.
    assert!(!lines.iter().any(|line| line.contains("upload")), "{lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn retries_are_counted_whatever_comes_of_them() {
    let (lines, _) = heard(async |_| {
        let busy = Step::Answer(503, &[("x-ms-error-code", "ServerBusy")]);
        sent(vec![busy.clone(), busy], request(put_blob(), "hello"))
            .await
            .unwrap();
        sent(vec![Step::Fail(ErrorKind::Connect); 3], request(put_blob(), ""))
            .await
            .unwrap_err();
    })
    .await;
    has(
        &lines,
        &[
            r#"azure_blob_retry_attempts{operation="PutBlob"} 4"#,
            r#"azure_blob_operations_total{operation="PutBlob",status="200"} 1"#,
            r#"azure_blob_errors_total{operation="PutBlob",error_type="connect"} 1"#,
            r#"azure_blob_bytes_total{direction="upload"} 5"#,
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_read_is_counted_when_reading_ends() {
    let body = |pieces: &[Piece]| vec![Step::Stream(200, vec![], pieces.to_vec())];
    let download = r#"azure_blob_bytes_total{direction="download"}"#;
    let (lines, _) = heard(async |numbers: PrometheusHandle| {
        let all = body(&[Piece::Data(b"abc"), Piece::Data(b"de")]);
        let answer = sent(all, request(put_blob(), "")).await.unwrap();
        let mut answer = answer.into_body();
        assert_eq!(answer.next().await.unwrap().unwrap(), Bytes::from_static(b"abc"));
        assert!(!numbers.render().contains(download));
        assert_eq!(answer.next().await.unwrap().unwrap(), Bytes::from_static(b"de"));
        assert!(answer.next().await.is_none());
        assert!(numbers.render().contains(&format!("{download} 5\n")));
        drop(answer);

        // Left in the middle.
        let all = body(&[Piece::Data(b"abc"), Piece::Hang]);
        let mut answer = sent(all, request(put_blob(), "")).await.unwrap().into_body();
        answer.next().await.unwrap().unwrap();
        drop(answer);
        assert!(numbers.render().contains(&format!("{download} 8\n")));

        // Broken off.
        let all = body(&[Piece::Data(b"a"), Piece::Break]);
        let answer = sent(all, request(put_blob(), "")).await.unwrap();
        assert!(answer.into_body().collect(9).await.is_err());
    })
    .await;
    has(
        &lines,
        &[
            &format!("{download} 9"),
            r#"azure_blob_errors_total{operation="PutBlob",error_type="body"} 1"#,
            r#"azure_blob_operations_total{operation="PutBlob",status="200"} 3"#,
        ],
    );
}

#[tokio::test]
async fn each_service_and_each_request_has_its_name() {
    let (lines, _) = heard(async |_| {
        sent(vec![], request(OperationInfo::entra("GetToken"), ""))
            .await
            .unwrap();
        let plain = Request::get("https://example.file.core.windows.net/share/file");
        sent(vec![], plain.body(Body::empty()).unwrap()).await.unwrap();
        let odd = Request::builder().method("BREW").uri(URL).body(Body::empty());
        sent(vec![Step::Answer(418, &[])], odd.unwrap()).await.unwrap();
    })
    .await;
    has(
        &lines,
        &[
            r#"azure_entra_operations_total{operation="GetToken",status="200"} 1"#,
            r#"azure_files_operations_total{operation="GET",status="200"} 1"#,
            r#"azure_blob_operations_total{operation="other",status="other"} 1"#,
        ],
    );
}

#[tokio::test]
async fn leases_count_while_they_are_held() {
    let (lines, _) = heard(async |numbers: PrometheusHandle| {
        let held = (ActiveLease::new(Of::Blob), ActiveLease::new(Of::Blob));
        let of_a_file = ActiveLease::new(Of::Files);
        assert!(numbers.render().contains("azure_blob_active_leases 2\n"));
        drop((held.0, of_a_file));
        assert!(numbers.render().contains("azure_blob_active_leases 1\n"));
    })
    .await;
    has(
        &lines,
        &["azure_blob_active_leases 0", "azure_files_active_leases 0"],
    );
}

#[tokio::test]
async fn a_breaker_has_one_state_a_host() {
    let (lines, _) = heard(async |_| {
        circuit_breaker_state(Of::Blob, "https://a.example", 2.0);
        circuit_breaker_state(Of::Blob, "https://b.example", 0.0);
        circuit_breaker_state(Of::Blob, "https://a.example", 1.0);
    })
    .await;
    has(
        &lines,
        &[
            r#"azure_blob_circuit_breaker_state{host="https://a.example"} 1"#,
            r#"azure_blob_circuit_breaker_state{host="https://b.example"} 0"#,
        ],
    );
    assert_eq!(lines.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_circuit_that_is_dropped_leaves_no_gauge_behind() {
    let gauge = r#"azure_files_circuit_breaker_state{host="https://a.file.core.windows.net"}"#;
    let (lines, _) = heard(async |numbers: PrometheusHandle| {
        let layer = CircuitBreakerLayer::default();
        let service = layer.layer(Script::of(vec![Step::Answer(500, &[]); 6]));
        let call = || {
            // No operation made it: what it is counted with, its host tells.
            let request = Request::get("https://a.file.core.windows.net/share/file");
            service.clone().oneshot(request.body(Body::empty()).unwrap())
        };
        for _ in 0..5 {
            call().await.unwrap();
        }
        assert!(numbers.render().contains(&format!("{gauge} 2\n")));
        tokio::time::advance(std::time::Duration::from_secs(30)).await;
        let probe = call();
        let shared = layer.breakers();
        drop((layer, service));
        assert!(numbers.render().contains(&format!("{gauge} 2\n")), "it is kept");
        drop((probe, shared));
    })
    .await;
    assert_eq!(lines, [format!("{gauge} 0")]);
}

#[tokio::test]
async fn what_a_service_makes_up_makes_no_series() {
    let (lines, _) = heard(async |_| {
        for number in 0..50_u16 {
            let code = ("x-ms-error-code", format!("MadeUp{number}"));
            let made_up = Step::Stream(600 + number, vec![code], vec![]);
            sent(vec![made_up], request(put_blob(), "")).await.unwrap();
        }
    })
    .await;
    has(
        &lines,
        &[
            r#"azure_blob_operations_total{operation="PutBlob",status="other"} 50"#,
            r#"azure_blob_errors_total{operation="PutBlob",error_type="service"} 50"#,
        ],
    );
    let series = lines.iter().filter(|line| line.contains("_total{"));
    assert_eq!(series.count(), 2, "{lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_is_in_no_metric() {
    let (lines, _) = heard(async |_| {
        let busy = Step::Answer(503, &[]);
        let call = sent(vec![busy, Step::Hang], request(put_blob(), "hello"));
        let longest = std::time::Duration::from_secs(60);
        tokio::time::timeout(longest, call).await.unwrap_err();
    })
    .await;
    assert_eq!(lines, [""; 0]);
}

#[tokio::test]
async fn the_recorder_is_told_what_it_means() {
    let (_, comments) = heard(async |_| {
        sent(vec![], request(put_blob(), "hello")).await.unwrap();
    })
    .await;
    has(
        &comments,
        &[
            "# HELP azure_blob_operations_total Calls that have ended.",
            "# TYPE azure_blob_operations_total counter",
            "# TYPE azure_blob_latency_seconds histogram",
        ],
    );
}
