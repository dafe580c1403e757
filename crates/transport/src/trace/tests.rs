//! What is logged at which level, and that no secret is.

use std::io;
use std::sync::{Arc, Mutex};

use http::Request;
use lazuli_protocol::{Body, OperationInfo, OperationKind};
use tower::{Layer as _, ServiceExt as _};
use tracing_subscriber::fmt::MakeWriter;

use super::TraceLayer;
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

/// The lines that one call logs.
async fn logged(steps: Vec<Step>) -> Vec<String> {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let stack = RetryLayer::new(RetryPolicy::default()).layer(Script::of(steps));
    let stack = TraceLayer::new().layer(PrepareLayer::new().layer(stack));
    let request = Request::get("https://user:SECRET@example.blob.core.windows.net/box/blob?sp=r&sig=SECRET")
        .header("x-ms-client-request-id", "id-1")
        .header("authorization", "SharedKey me:SECRET")
        .header("x-ms-lease-id", "SECRET")
        .extension(OperationInfo::blob("GetBlob", OperationKind::LargeRead));
    let outcome = stack.oneshot(request.body(Body::empty()).unwrap()).await;
    drop(guard);
    let shown = format!("{outcome:?}");
    assert!(!shown.contains("SECRET"), "{shown}");
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("SECRET"), "{text}");
    text.lines().map(str::to_owned).collect()
}

fn levels(lines: &[String]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_call_is_one_span_with_its_outcome() {
    let answer = Step::Answer(200, &[("x-ms-request-id", "r-1")]);
    let lines = logged(vec![Step::Answer(503, &[]), answer]).await;
    assert_eq!(levels(&lines), ["DEBUG", "WARN", "DEBUG", "INFO"]);
    let last = &lines[3];
    for field in [
        "azure_blob{",
        "operation=\"GetBlob\"",
        "method=\"GET\"",
        "host=\"example.blob.core.windows.net\"",
        "path=\"/box/blob\"",
        "client_request_id=\"id-1\"",
        "status=200",
        "request_id=\"r-1\"",
        "attempts=2",
    ] {
        assert!(last.contains(field), "{field} in {last}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_somebody_must_look_at_is_an_error() {
    for (steps, level) in [
        (vec![Step::Answer(401, &[])], "ERROR"),
        (
            vec![Step::Answer(403, &[("x-ms-error-code", "AuthenticationFailed")])],
            "ERROR",
        ),
        (vec![Step::Answer(500, &[]); 3], "ERROR"),
        (vec![Step::Fail(ErrorKind::Connect); 3], "ERROR"),
        (vec![Step::Answer(404, &[])], "INFO"),
        (vec![Step::Answer(412, &[])], "INFO"),
    ] {
        let lines = logged(steps.clone()).await;
        assert_eq!(levels(&lines).last(), Some(&level), "{steps:?}");
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
