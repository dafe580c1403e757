//! The default stack as a whole, on a service in the same process: operations go through it and come back, and no secret shows.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, response};
use http_body_util::Full;
use lazuli_protocol::{
    BlobName, Body, ContainerName, Endpoint, Error, ErrorCode, ManualClock, Operation, OperationInfo,
    OperationKind, ResponseBody, ServiceError,
};
use lazuli_signing::{AccountKey, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SasToken, SharedKey};
use lazuli_transport::{Deadline, ErrorKind, OutgoingBody, ReadFrom, RetryPolicy, SecondaryHosts, Transport};
use time::macros::datetime;
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt as _, service_fn};
use tracing_subscriber::fmt::MakeWriter;

/// Writes a body and reads one, of at most 16 bytes.
struct Echo(Body);

impl Operation for Echo {
    type Output = Bytes;
    const INFO: OperationInfo = OperationInfo::blob("Echo", OperationKind::SmallRead);

    fn request(&self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        let uri = endpoint.uri().query("comp", "echo").build()?;
        let refuse =
            |source| Error::new(lazuli_protocol::ErrorKind::InvalidInput, "no request").with_source(source);
        Request::put(uri).body(self.0.clone()).map_err(refuse)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<Bytes, Error> {
        if parts.status != 200 {
            return Err(ServiceError::read(parts, body).await.into());
        }
        body.collect(16).await
    }
}

fn endpoint() -> Endpoint {
    Endpoint::parse("https://example.blob.core.windows.net").unwrap()
}

/// A status, headers and a body.
type Answer = (u16, &'static [(&'static str, &'static str)], &'static str);

/// A service that gives each request the next of these answers, and repeats the last one.
fn answering(
    answers: Vec<Answer>,
) -> BoxCloneSyncService<Request<OutgoingBody>, Response<Full<Bytes>>, http::Error> {
    let answers = Arc::new(Mutex::new(answers));
    BoxCloneSyncService::new(service_fn(move |_| {
        let mut answers = answers.lock().unwrap();
        let (status, headers, body) = if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0]
        };
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        std::future::ready(response.body(Full::new(Bytes::from_static(body.as_bytes()))))
    }))
}

#[tokio::test(start_paused = true)]
async fn an_operation_goes_out_and_comes_back() {
    let service = answering(vec![(500, &[], ""), (200, &[], "hello")]);
    let transport = Transport::builder().build_on(service).unwrap();
    let sent = transport.send(&Echo(Body::from("hello")), &endpoint()).await;
    assert_eq!(sent.unwrap(), "hello");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_error_with_everything_in_it() {
    let headers = &[
        ("x-ms-error-code", "ServerBusy"),
        ("x-ms-request-id", "r-1"),
        ("retry-after", "2"),
    ];
    let body = "<Error><Code>ServerBusy</Code><Message>Later.\nRequestId:r-1</Message></Error>";
    let transport = Transport::builder()
        .build_on(answering(vec![(503, headers, body)]))
        .unwrap();
    let error = transport
        .send(&Echo(Body::empty()), &endpoint())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Service, Some(&ErrorCode::ServerBusy))
    );
    assert_eq!((error.attempts(), error.request_id()), (5, Some("r-1")));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "Echo PUT example.blob.core.windows.net/: the service answered 503 ServerBusy: Later (request id r-1) (after 5 tries)"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_keeps_its_head() {
    let service = answering(vec![(
        200,
        &[("x-ms-request-id", "r-2")],
        "more than sixteen bytes",
    )]);
    let transport = Transport::builder().build_on(service).unwrap();
    let error = transport
        .send(&Echo(Body::empty()), &endpoint())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(
        (
            error.status().unwrap().as_u16(),
            error.request_id(),
            error.attempts()
        ),
        (200, Some("r-2"), 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_what_can_be_sent_once_says_so() {
    let transport = Transport::builder()
        .build_on(answering(vec![(503, &[], "")]))
        .unwrap();
    let once = Body::once(
        2,
        Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(b"hi"))])),
    );
    let error = transport.send(&Echo(once), &endpoint()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16(), error.attempts()),
        (ErrorKind::Service, 503, 1)
    );
    assert!(!error.is_retryable());
    assert!(
        error
            .to_string()
            .ends_with("it was not tried again, because its body can be sent only once"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_call_can_have_its_own_deadline() {
    let never = service_fn(|_: Request<OutgoingBody>| {
        std::future::pending::<Result<Response<Full<Bytes>>, Infallible>>()
    });
    let transport = Transport::builder().build_on(never).unwrap();
    let begun = tokio::time::Instant::now();
    let (operation, endpoint) = (Echo(Body::empty()), endpoint());
    let sent = transport.send_with(&operation, &endpoint, |request| {
        request.extensions_mut().insert(Deadline(Duration::from_secs(3)));
    });
    assert!(sent.await.unwrap_err().is_timeout());
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn plain_http_to_others_is_refused_before_it_is_signed() {
    let service = service_fn(|_: Request<OutgoingBody>| async {
        Err::<Response<Full<Bytes>>, _>(io::Error::other("sent"))
    });
    let transport = Transport::builder().build_on(service).unwrap();
    let plain = Endpoint::parse("http://example.blob.core.windows.net").unwrap();
    let error = transport.send(&Echo(Body::empty()), &plain).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InsecureUrl, 0));
}

#[tokio::test(start_paused = true)]
async fn plain_http_to_a_secondary_is_refused_before_it_is_signed() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let service = service_fn(move |request: Request<OutgoingBody>| {
        log.lock().unwrap().push(request.uri().host().unwrap().to_owned());
        let broken = Response::builder().status(503).body(Full::new(Bytes::new()));
        std::future::ready(broken)
    });
    let plain = Endpoint::parse("http://second.example").unwrap();
    let transport = Transport::builder()
        .credential(token())
        .secondary(SecondaryHosts::none().pair(&endpoint(), &plain))
        .build_on(service)
        .unwrap();
    let mut request = Request::get("https://example.blob.core.windows.net/c/b")
        .body(Body::empty())
        .unwrap();
    assert_eq!(transport.clone().oneshot(request).await.unwrap().status(), 503);
    request = Request::get("https://example.blob.core.windows.net/c/b")
        .extension(ReadFrom::Secondary)
        .body(Body::empty())
        .unwrap();
    let error = transport.oneshot(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InsecureUrl);
    let seen = seen.lock().unwrap();
    assert!(
        seen.iter().all(|host| host == "example.blob.core.windows.net"),
        "{seen:?}"
    );
}

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

fn logging_to(log: &Log) -> tracing::subscriber::DefaultGuard {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_default(subscriber)
}

/// Reads a blob.
struct Read;

impl Operation for Read {
    type Output = ();
    const INFO: OperationInfo = OperationInfo::blob("GetBlob", OperationKind::LargeRead);

    fn request(&self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        let uri = endpoint
            .uri()
            .container(&ContainerName::new("box")?)
            .blob(&BlobName::new("a b/c")?);
        let refuse =
            |source| Error::new(lazuli_protocol::ErrorKind::InvalidInput, "no request").with_source(source);
        Request::get(uri.build()?).body(Body::empty()).map_err(refuse)
    }

    async fn response(_: response::Parts, _: ResponseBody) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_span_names_container_and_path_wherever_the_account_is() {
    for endpoint in [
        "https://example.blob.core.windows.net",
        "http://127.0.0.1:10000/devstoreaccount1",
        "http://example.blob.localhost:10000",
        "https://own.example/mirror/of/it",
    ] {
        let log = Log::default();
        let guard = logging_to(&log);
        let transport = Transport::builder().allow_http(true);
        let transport = transport.build_on(answering(vec![(200, &[], "")])).unwrap();
        let endpoint = Endpoint::parse(endpoint).unwrap();
        transport.send(&Read, &endpoint).await.unwrap();
        drop(guard);
        let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        for field in ["azure.container=\"box\"", "azure.path=\"a%20b/c\""] {
            assert!(logged.contains(field), "{endpoint}: {field} in {logged}");
        }
    }
}

fn token() -> SasToken {
    SasToken::parse("sv=2026-06-06&sr=c&sp=r&sig=c2VjcmV0c2VjcmV0").unwrap()
}

#[tokio::test]
async fn no_secret_shows_when_hyper_fails() {
    // A port on which nobody listens any more.
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let log = Log::default();
    let guard = logging_to(&log);
    let transport = Transport::builder()
        .credential(token())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let endpoint = Endpoint::parse(&format!("http://{address}/devstoreaccount1")).unwrap();
    let error = transport.send(&Echo(Body::empty()), &endpoint).await.unwrap_err();
    drop(guard);
    assert_eq!(error.kind(), ErrorKind::Connect);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let shown = format!("{logged} {error} {error:#?}");
    assert!(shown.contains("hyper_util"), "{shown}");
    assert!(!shown.contains("c2VjcmV0"), "{shown}");
}

/// Headers whose values are nobody else's business, and a range, which may be seen.
const SECRET_HEADERS: &[(&str, &str)] = &[
    ("x-ms-lease-id", "5a9c7b1e-HIDDEN"),
    ("x-ms-proposed-lease-id", "5a9c7b1e-HIDDEN"),
    ("x-ms-source-lease-id", "5a9c7b1e-HIDDEN"),
    (
        "x-ms-copy-source",
        "https://other.blob.core.windows.net/c/b?sp=r&sig=HIDDEN",
    ),
    ("x-ms-copy-source-authorization", "Bearer HIDDEN"),
    ("x-ms-encryption-key", "HIDDEN"),
    ("x-ms-source-encryption-key", "HIDDEN"),
    ("x-ms-range", "bytes=0-9"),
];

#[tokio::test(start_paused = true)]
async fn no_secret_shows_anywhere() {
    let key = SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    );
    let clock = Arc::new(ManualClock::at(datetime!(2026-01-02 03:04:05 UTC)));
    for credential in [Credential::SharedKey(key), Credential::Sas(token())] {
        let log = Log::default();
        let guard = logging_to(&log);
        let signatures = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&signatures);
        // The service sees the secrets, and fails in every way that the layers see.
        let service = service_fn(move |request: Request<OutgoingBody>| {
            let mut kept = kept.lock().unwrap();
            if let Some(value) = request.headers().get("authorization") {
                let signature = value.to_str().unwrap().rsplit(':').next().unwrap().to_owned();
                kept.push(signature);
            } else {
                assert!(request.uri().query().unwrap().contains("sig=c2VjcmV0c2VjcmV0"));
            }
            let answer = match kept.len() {
                0 | 1 => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                _ => Ok(Response::builder()
                    .status(403)
                    .body(Full::new(Bytes::new()))
                    .unwrap()),
            };
            std::future::ready(answer)
        });
        let builder = Transport::builder()
            .credential(credential)
            .clock(Arc::<ManualClock>::clone(&clock));
        let mut shown = format!("{builder:?}");
        let transport = builder.build_on(service).unwrap();
        shown.push_str(&format!("{transport:?}"));
        let (operation, endpoint) = (Echo(Body::empty()), endpoint());
        let sent = transport.send_with(&operation, &endpoint, |request| {
            for (name, value) in SECRET_HEADERS {
                request
                    .headers_mut()
                    .insert(*name, HeaderValue::from_static(value));
            }
        });
        let error = sent.await.unwrap_err();
        shown.push_str(&format!("{error} {error:?} {error:#?}"));
        drop(guard);
        shown.push_str(&String::from_utf8(log.0.lock().unwrap().clone()).unwrap());
        for spoken in [
            "azure_blob.call",
            "azure_blob.try",
            "Echo",
            "a request is sent",
            "a range is asked for",
        ] {
            assert!(shown.contains(spoken), "{spoken} in {shown}");
        }

        let mut secrets = vec![
            EMULATOR_KEY.to_owned(),
            "c2VjcmV0c2VjcmV0".to_owned(),
            "HIDDEN".to_owned(),
        ];
        secrets.extend(signatures.lock().unwrap().iter().cloned());
        for secret in secrets {
            assert!(!shown.contains(&secret), "{secret} in {shown}");
        }
    }
}
