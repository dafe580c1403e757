//! What is logged at which level, and that no secret is.

use std::io;
use std::sync::{Arc, Mutex};

use http::Request;
use lazuli_protocol::{Body, OperationInfo, OperationKind};
use tower::{Layer as _, ServiceExt as _};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{TraceLayer, TraceTryLayer};
use crate::testing::{Script, Step};
use crate::{ErrorKind, PrepareLayer, RetryLayer, RetryPolicy};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The lines that one call logs, at this level and above.
async fn logged_at(level: Level, steps: Vec<Step>) -> Vec<String> {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let tries = TraceTryLayer::new().layer(Script::of(steps));
    let stack = RetryLayer::new(RetryPolicy::default()).layer(tries);
    let stack = TraceLayer::new().layer(PrepareLayer::new().layer(stack));
    let request =
        Request::get("https://user:SECRET@example.blob.core.windows.net/box/a%20b/c?sp=r&sig=SECRET")
            .header("x-ms-client-request-id", "id-1")
            .header("authorization", "SharedKey me:SECRET")
            .header("x-ms-lease-id", "SECRET")
            .header("x-ms-range", "bytes=0-9")
            .extension(OperationInfo::blob("GetBlob", OperationKind::LargeRead));
    let outcome = stack.oneshot(request.body(Body::from("hello")).unwrap()).await;
    drop(guard);
    let shown = format!("{outcome:?}");
    assert!(!shown.contains("SECRET"), "{shown}");
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("SECRET"), "{text}");
    text.lines().map(str::to_owned).collect()
}

async fn logged(steps: Vec<Step>) -> Vec<String> {
    logged_at(Level::TRACE, steps).await
}

fn levels(lines: &[String]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect()
}

#[track_caller]
fn has(line: &str, fields: &[&str]) {
    for field in fields {
        assert!(line.contains(field), "{field} in {line}");
    }
}

const PARTIAL: &[(&str, &str)] = &[("x-ms-request-id", "r-1"), ("content-range", "bytes 0-9/100")];

#[tokio::test(start_paused = true)]
async fn a_call_is_one_span_with_its_outcome() {
    let lines = logged(vec![Step::Answer(503, &[]), Step::Answer(206, PARTIAL)]).await;
    has(
        lines.last().unwrap(),
        &[
            "azure_blob.call{",
            "otel.name=azure_blob.GetBlob",
            "otel.kind=\"client\"",
            "operation=\"GetBlob\"",
            "azure.resource_provider.namespace=\"Microsoft.Storage\"",
            "azure.container=\"box\"",
            "azure.path=\"a%20b/c\"",
            "azure.range=\"bytes=0-9\"",
            "az.client_request_id=\"id-1\"",
            "azure.service.request.id=\"r-1\"",
            "http.request.method=\"GET\"",
            "http.request.body.size=5",
            "http.request.resend_count=1",
            "http.response.status_code=206",
            "http.response.body.size=0",
            "server.address=\"example.blob.core.windows.net\"",
            "server.port=443",
            "url.scheme=\"https\"",
            "url.path=\"/box/a%20b/c\"",
        ],
    );
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("otel.status_code") && line.contains("INFO"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_level_shows_what_is_its_own() {
    let steps = || vec![Step::Answer(503, &[]), Step::Answer(206, PARTIAL)];
    for (level, expected) in [
        (Level::ERROR, &[][..]),
        (Level::WARN, &["WARN"]),
        (Level::INFO, &["WARN", "INFO"]),
        (
            Level::DEBUG,
            &["DEBUG", "DEBUG", "WARN", "DEBUG", "DEBUG", "INFO"],
        ),
        (
            Level::TRACE,
            &[
                "DEBUG", "TRACE", "DEBUG", "WARN", "DEBUG", "TRACE", "DEBUG", "TRACE", "INFO",
            ],
        ),
    ] {
        let lines = logged_at(level, steps()).await;
        assert_eq!(levels(&lines), expected, "{level} {lines:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_try_is_a_span_within() {
    let lines = logged(vec![
        Step::Fail(ErrorKind::Connection),
        Step::Answer(
            503,
            &[("x-ms-error-code", "ServerBusy"), ("x-ms-request-id", "r-0")],
        ),
        Step::Answer(206, PARTIAL),
    ])
    .await;
    let ends = |text: &str| -> Vec<&String> { lines.iter().filter(|line| line.contains(text)).collect() };
    let failed = ends("a request has no answer");
    has(
        failed[0],
        &["azure_blob.call{", "}:azure_blob.try{", "kind=Connection"],
    );
    has(
        failed[0],
        &["error.type=\"connection\"", "otel.status_code=\"ERROR\""],
    );
    let answered = ends("a request was answered");
    let first_try = answered[0].split("azure_blob.try{").nth(1).unwrap();
    has(
        first_try,
        &[
            "otel.name=\"GET\"",
            "http.request.resend_count=1",
            "http.response.status_code=503",
            "azure.service.request.id=\"r-0\"",
            "error.type=\"ServerBusy\"",
            "url.path=\"/box/a%20b/c\"",
        ],
    );
    has(
        answered[1],
        &["http.request.resend_count=2", "status=206", "took="],
    );
    has(ends("a range comes")[0], &["range=bytes 0-9/100"]);
    let asked = ends("a range is asked for");
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|line| line.ends_with("range=\"bytes=0-9\"")));
}

#[tokio::test(start_paused = true)]
async fn what_somebody_must_look_at_is_an_error() {
    for (steps, level, why) in [
        (vec![Step::Answer(401, &[])], "ERROR", "401"),
        (
            vec![Step::Answer(403, &[("x-ms-error-code", "AuthenticationFailed")])],
            "ERROR",
            "AuthenticationFailed",
        ),
        (vec![Step::Answer(500, &[]); 3], "ERROR", "500"),
        (vec![Step::Fail(ErrorKind::Connect); 3], "ERROR", "connect"),
        (vec![Step::Answer(404, &[])], "INFO", "404"),
        (vec![Step::Answer(412, &[])], "INFO", "412"),
        (
            vec![Step::Answer(412, &[("x-ms-error-code", "LeaseIdMissing")])],
            "WARN",
            "LeaseIdMissing",
        ),
        (
            vec![Step::Answer(409, &[("x-ms-error-code", "LeaseAlreadyPresent")])],
            "WARN",
            "LeaseAlreadyPresent",
        ),
        (
            vec![Step::Answer(409, &[("x-ms-error-code", "BlobAlreadyExists")])],
            "INFO",
            "BlobAlreadyExists",
        ),
    ] {
        let lines = logged(steps.clone()).await;
        assert_eq!(levels(&lines).last(), Some(&level), "{steps:?}");
        has(
            lines.last().unwrap(),
            &[&format!("error.type=\"{why}\""), "otel.status_code=\"ERROR\""],
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_names_its_request_without_a_span() {
    for steps in [
        vec![Step::Answer(403, &[])],
        vec![Step::Answer(409, &[("x-ms-error-code", "LeaseAlreadyPresent")])],
        vec![Step::Fail(ErrorKind::Sign)],
    ] {
        let lines = logged_at(Level::WARN, steps).await;
        assert_eq!(lines.len(), 1);
        has(
            &lines[0],
            &["GetBlob GET example.blob.core.windows.net/box/a%20b/c"],
        );
        assert!(!lines[0].contains("azure_blob.call"), "{lines:?}");
    }
    let lines = logged_at(Level::WARN, vec![Step::Answer(503, &[])]).await;
    has(
        &lines[0],
        &[
            "host=\"example.blob.core.windows.net\"",
            "path=\"/box/a%20b/c\"",
            "trouble=Unavailable",
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_service_makes_up_is_left_out() {
    let long = "x".repeat(100_000);
    let hostile = "https://a.example/?sig=PLANTED";
    for (code, id, range) in [
        (long.as_str(), long.as_str(), long.as_str()),
        (hostile, hostile, hostile),
        ("", "", ""),
    ] {
        for status in [403, 404, 500, 999] {
            let headers = [
                ("x-ms-error-code", code),
                ("x-ms-request-id", id),
                ("content-range", range),
            ];
            let headers = headers.map(|(name, value)| (name, value.to_owned()));
            let step = Step::Stream(status, headers.to_vec(), vec![]);
            let lines = logged(vec![step; 3]).await;
            let last = lines.last().unwrap();
            has(
                last,
                &[&format!("error.type=\"{status}\""), "otel.status_code=\"ERROR\""],
            );
            for line in &lines {
                assert!(line.len() < 2_000 && !line.contains("PLANTED"), "{line}");
                assert!(!line.contains("azure.service.request.id") && !line.contains("a range comes"));
            }
            assert!(!last.contains(" code="), "{last}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_ends_its_spans() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let tries = TraceTryLayer::new().layer(Script::of([Step::Answer(503, &[]), Step::Hang]));
    let stack = TraceLayer::new().layer(RetryLayer::new(RetryPolicy::default()).layer(tries));
    let patience = std::time::Duration::from_secs(60);
    tokio::time::timeout(patience, stack.oneshot(crate::testing::get()))
        .await
        .unwrap_err();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    drop(guard);
    let lines: Vec<_> = text.lines().collect();
    let [.., sent, tried, called] = lines[..] else {
        panic!("{lines:#?}");
    };
    has(sent, &["a request is sent"]);
    has(tried, &["}:azure_blob.try{", "close"]);
    has(called, &["azure_blob.call{", "close"]);
    assert!(!called.contains("azure_blob.try"), "{called}");
    for line in [tried, called] {
        let inmost = line.rsplit("azure_blob.").next().unwrap();
        assert!(
            !inmost.contains("status_code") && !inmost.contains("error.type"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn each_service_has_spans_of_its_name() {
    let files = Request::get("https://example.file.core.windows.net/share/dir/file");
    let token = Request::get("http://localhost/oauth").extension(OperationInfo::entra("GetToken"));
    for (request, fields, lacks) in [
        (
            files,
            &[
                "azure_files.call{",
                "otel.name=azure_files.GET",
                "azure.share=\"share\"",
                "azure.path=\"dir/file\"",
            ][..],
            "container",
        ),
        (
            token,
            &[
                "azure_entra.call{",
                "otel.name=azure_entra.GetToken",
                "server.port=80",
            ],
            "azure.path",
        ),
    ] {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(log.clone());
        let guard = tracing::subscriber::set_default(subscriber.finish());
        let service = TraceLayer::new().layer(Script::of([]));
        service
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        drop(guard);
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        has(&text, fields);
        assert!(!text.contains(lacks), "{text}");
    }
}

#[tokio::test]
async fn an_error_gets_the_requests_name() {
    let script = Script::of([Step::Fail(ErrorKind::Sign)]);
    let request = Request::get("https://example.blob.core.windows.net/c/b?sig=SECRET")
        .body(Body::empty())
        .unwrap();
    let error = TraceLayer::new()
        .layer(script)
        .oneshot(request)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET example.blob.core.windows.net/c/b: the script says so"
    );
}
