//! Endpoints that fail as tests want them to.

use std::time::Duration;

use http::StatusCode;
use lazuli_simulation::ErrorKind;
use lazuli_simulation::entra::{Endpoint, Fault};
use serde_json::json;

use crate::bench::{Bench, get};

const IMDS: &str =
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://storage.azure.com";
const METADATA: (&str, &str) = ("Metadata", "true");

#[tokio::test]
async fn faults_happen_in_line_and_each_as_often_as_asked() {
    let bench = Bench::new();
    let unavailable = Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(5));
    bench.entra.fail(Endpoint::Imds, unavailable.times(2));
    bench
        .entra
        .fail(Endpoint::Imds, Fault::status(StatusCode::GONE).times(0));
    for status in [404, 410, 500, 503] {
        bench.entra.fail(
            Endpoint::Imds,
            Fault::status(StatusCode::from_u16(status).unwrap()),
        );
    }
    bench.entra.fail(
        Endpoint::Imds,
        Fault::status(StatusCode::BAD_REQUEST).body(r#"{"error":"x"}"#),
    );
    // Other endpoints are as they were.
    bench.ask(&[]).await.expect(200);
    for _ in 0..2 {
        let answer = bench.get(IMDS, &[METADATA]).await.expect(429);
        assert_eq!(answer.header("retry-after"), "5");
        assert_eq!(answer.json()["error"], "server_error");
    }
    for status in [404, 410, 500, 503] {
        bench.get(IMDS, &[METADATA]).await.expect(status);
    }
    assert_eq!(
        bench.get(IMDS, &[METADATA]).await.expect(400).json(),
        json!({ "error": "x" })
    );
    bench.get(IMDS, &[METADATA]).await.expect(200);
    assert_eq!(
        (bench.requests(Endpoint::Imds), bench.requests(Endpoint::Token)),
        (8, 1)
    );
}

#[tokio::test]
async fn an_answer_can_be_garbage_or_none() {
    let bench = Bench::new();
    bench.entra.fail(Endpoint::Imds, Fault::garbage());
    bench.entra.fail(Endpoint::Imds, Fault::disconnect());
    let answer = bench.get(IMDS, &[METADATA]).await.expect(200);
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text()).is_err());
    let error = bench.try_send(get(IMDS, &[METADATA])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    bench.get(IMDS, &[METADATA]).await.expect(200);
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_late() {
    let bench = Bench::new();
    bench
        .entra
        .fail(Endpoint::Token, Fault::delay(Duration::from_secs(90)));
    bench.entra.fail(
        Endpoint::Token,
        Fault::status(StatusCode::GATEWAY_TIMEOUT).after(Duration::from_secs(30)),
    );
    for (seconds, status) in [(90, 200), (30, 504), (0, 200)] {
        let start = tokio::time::Instant::now();
        bench.ask(&[]).await.expect(status);
        assert_eq!(start.elapsed().as_secs(), seconds);
    }
}

#[tokio::test]
async fn tokens_can_be_short_and_say_when_to_come_again() {
    let bench = Bench::new();
    bench.entra.token_lifetime(Duration::from_secs(90));
    bench.entra.refresh_in(Some(Duration::from_secs(45)));
    let body = bench.ask(&[]).await.expect(200).json();
    assert_eq!(
        (&body["expires_in"], &body["refresh_in"]),
        (&json!(90), &json!(45))
    );
    let body = bench.get(IMDS, &[METADATA]).await.expect(200).json();
    assert_eq!(
        (&body["expires_in"], &body["refresh_in"]),
        (&json!("90"), &json!("45"))
    );
    bench.entra.refresh_in(None);
    assert!(
        bench
            .ask(&[])
            .await
            .expect(200)
            .json()
            .get("refresh_in")
            .is_none()
    );
}

#[tokio::test]
async fn requests_at_the_same_time_are_all_counted() {
    let bench = Bench::new();
    let asked = futures_util::future::join_all((0..100).map(|_| bench.get(IMDS, &[METADATA])));
    for answer in asked.await {
        answer.expect(200);
    }
    assert_eq!(bench.requests(Endpoint::Imds), 100);
}

#[cfg(feature = "serve")]
#[tokio::test]
async fn a_connection_can_end_without_an_answer() {
    use lazuli_simulation::serve::Server;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let bench = Bench::new();
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = server.local_addr();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(server.run(bench.entra.service(), stopped));
    let ask = async || {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET {IMDS} HTTP/1.1\r\nhost: {address}\r\nmetadata: true\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    bench.entra.fail(Endpoint::Imds, Fault::disconnect());
    assert_eq!(ask().await, "");
    assert!(ask().await.starts_with("HTTP/1.1 200 OK\r\n"));
    drop(stop);
    server.await.unwrap().unwrap();
}
