//! Serves the metrics of calls to Prometheus, at `/metrics`.
//!
//! ```text
//! cargo run -p lazuli-transport --example prometheus &
//! curl http://127.0.0.1:9464/metrics
//! ```

mod service;

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use lazuli_protocol::BoxError;
use lazuli_transport::Transport;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

// Every time of a call is kept until Prometheus fetches it or this is over, and Prometheus may come by seldom, or never.
const UPKEEP: Duration = Duration::from_secs(5);

/// Makes a recorder that all metrics go to from now on. It comes before the first transport, which tells it what they mean.
pub(crate) fn install() -> Result<PrometheusHandle, BoxError> {
    let buckets = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    ];
    let numbers = PrometheusBuilder::new()
        .set_buckets(&buckets)?
        .install_recorder()?;
    let kept = numbers.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            kept.run_upkeep();
        }
    });
    Ok(numbers)
}

/// Answers every `GET /metrics` that comes in.
pub(crate) async fn serve(listener: TcpListener, numbers: PrometheusHandle) -> Result<(), BoxError> {
    loop {
        let (connection, _) = listener.accept().await?;
        let numbers = numbers.clone();
        let answers = hyper::service::service_fn(move |request: Request<Incoming>| {
            std::future::ready(Ok::<_, Infallible>(answer(&request, &numbers)))
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), answers));
    }
}

fn answer(request: &Request<Incoming>, numbers: &PrometheusHandle) -> Response<Full<Bytes>> {
    if request.uri().path() != "/metrics" {
        let mut nothing = Response::new(Full::default());
        *nothing.status_mut() = StatusCode::NOT_FOUND;
        return nothing;
    }
    let mut answer = Response::new(Full::from(numbers.render()));
    let text = header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, text);
    answer
}

/// What makes the calls that are counted. A program has one for as long as it runs.
pub(crate) fn transport() -> Result<Transport, BoxError> {
    Ok(Transport::builder().build_on(service::service())?)
}

/// The calls that are counted.
pub(crate) async fn counted_calls(transport: &Transport) -> Result<(), BoxError> {
    service::calls(transport).await
}

async fn call_for_ever(transport: &Transport) -> Result<(), BoxError> {
    loop {
        counted_calls(transport).await?;
        tokio::time::sleep(service::PAUSE).await;
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let numbers = install()?;
    let listener = TcpListener::bind("127.0.0.1:9464").await?;
    let transport = transport()?;
    tokio::try_join!(serve(listener, numbers), call_for_ever(&transport))?;
    Ok(())
}
