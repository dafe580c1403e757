//! Sends the spans of calls to an OpenTelemetry collector, by OTLP over HTTP.
//!
//! ```text
//! cargo run -p lazuli-transport --example otel http://127.0.0.1:4318
//! ```
//!
//! The collector then has a span for each call, `azure_blob.PutBlob` say, and within it one for each time that the call was sent.

mod service;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lazuli_protocol::BoxError;
use lazuli_transport::Transport;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry};

const LONGEST_ANSWER: usize = 64 * 1024;

/// What carries spans to the collector. It is no `Transport`: the spans of its calls would have to be exported, too.
#[derive(Debug)]
struct ToCollector {
    client: Client<HttpConnector, Full<Bytes>>,
    // Spans are exported on a thread of their own, which no runtime knows.
    runtime: Handle,
}

#[async_trait]
impl HttpClient for ToCollector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.client.request(request.map(Full::new));
        let whole = async {
            let (head, body) = answer.await?.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        self.runtime.spawn(whole).await?
    }
}

/// Where spans are collected until they are sent to `collector`, a URL such as `http://127.0.0.1:4318`.
pub(crate) fn provider(collector: &str) -> Result<SdkTracerProvider, BoxError> {
    let client = ToCollector {
        client: Client::builder(TokioExecutor::new()).build_http(),
        runtime: Handle::current(),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{collector}/v1/traces"))
        .build()?;
    let program = Resource::builder_empty().with_service_name("example").build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(program)
        .build())
}

/// Turns the spans and events of the transport into spans of OpenTelemetry. `DEBUG` has a span for each try, and `INFO` only one for the call.
pub(crate) fn subscriber(provider: &SdkTracerProvider) -> impl tracing::Subscriber + Send + Sync + use<> {
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("example"))
        // Where in the source a span was made, and on which thread, tells nothing about a call.
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false);
    let ours = Targets::new().with_target("lazuli_transport", LevelFilter::DEBUG);
    Registry::default().with(spans.with_filter(ours))
}

/// The calls whose spans are sent.
pub(crate) async fn traced_calls() -> Result<(), BoxError> {
    let transport = Transport::builder().build_on(service::service())?;
    service::calls(&transport).await
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let collector = std::env::args().nth(1);
    let provider = provider(collector.as_deref().unwrap_or("http://127.0.0.1:4318"))?;
    tracing::subscriber::set_global_default(subscriber(&provider))?;
    traced_calls().await?;
    // What is not sent yet is sent now; the thread that waits for it must not be one of the runtime's.
    tokio::task::spawn_blocking(move || provider.shutdown()).await??;
    Ok(())
}
