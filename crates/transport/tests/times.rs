//! The default stack and time: how often a silent service is asked, and who is blamed for a failure.
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use lazuli_protocol::{Body, OperationInfo, OperationKind, ResponseBody};
use lazuli_signing::{Credential, SasToken};
use lazuli_transport::{
    CircuitBreakers, CircuitState, CredentialFuture, CredentialSource, Deadline, Deadlines, Error,
    OutgoingBody, Refused, RenewFuture, ThrottlePolicy, Transport, TransportBuilder,
};
use tokio::time::Instant;
use tower::{ServiceExt as _, service_fn};

const URL: &str = "https://example.blob.core.windows.net/box/blob";

fn of_kind(kind: OperationKind, method: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(URL)
        .extension(OperationInfo::blob("Test", kind))
        .body(Body::empty())
        .unwrap()
}

fn within(mut request: Request<Body>, time: Duration) -> Request<Body> {
    request.extensions_mut().insert(Deadline(time));
    request
}

/// A service that never answers, and how often it was asked.
fn silent(builder: TransportBuilder) -> (Transport, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let service = service_fn(move |request: Request<OutgoingBody>| {
        count.fetch_add(1, Ordering::Relaxed);
        async move {
            let _ = request.into_body().collect().await;
            pending::<Result<Response<ResponseBody>, Error>>().await
        }
    });
    (builder.build_on(service).unwrap(), asked)
}

#[tokio::test(start_paused = true)]
async fn a_silent_service_is_asked_three_times_within_every_deadline() {
    for (kind, method, body) in [
        (OperationKind::SmallRead, "HEAD", ""),
        (OperationKind::LargeRead, "GET", ""),
        (OperationKind::List, "GET", ""),
        (OperationKind::Lease, "PUT", ""),
        (OperationKind::Write, "DELETE", ""),
        (OperationKind::Write, "PUT", "hello"),
    ] {
        let (transport, asked) = silent(Transport::builder());
        let begun = Instant::now();
        let request = of_kind(kind, method).map(|_| Body::from(body));
        let error = transport.oneshot(request).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(
            (asked.load(Ordering::Relaxed), error.attempts()),
            (3, 3),
            "{kind:?}: {error}"
        );
        assert!(begun.elapsed() < Deadlines::default().of(kind), "{kind:?}");
    }
}

#[derive(Debug)]
struct Never;

impl CredentialSource for Never {
    fn credential(&self) -> CredentialFuture<'_> {
        Box::pin(pending())
    }
}

fn host() -> http::Uri {
    http::Uri::from_static(URL)
}

#[tokio::test(start_paused = true)]
async fn a_source_of_credentials_that_hangs_opens_no_circuit() {
    let breakers = CircuitBreakers::default();
    let builder = Transport::builder()
        .credential_source(Never)
        .circuit_breaker(breakers.clone());
    let (transport, asked) = silent(builder);
    for _ in 0..10 {
        let request = of_kind(OperationKind::SmallRead, "HEAD");
        let error = transport.clone().oneshot(request).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!(breakers.state(&host()), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_short_deadlines_and_slow_sources_of_some_open_no_circuit_for_all() {
    let breakers = CircuitBreakers::default();
    let (transport, asked) = silent(Transport::builder().circuit_breaker(breakers.clone()));
    for _ in 0..10 {
        let brief = within(
            of_kind(OperationKind::SmallRead, "HEAD"),
            Duration::from_millis(10),
        );
        let error = transport.clone().oneshot(brief).await.unwrap_err();
        assert!(
            error.to_string().contains("no answer came within 10ms"),
            "{error}"
        );
        let slow = Body::stream(10, || Box::pin(stream::pending()));
        let slow = of_kind(OperationKind::Write, "PUT").map(|_| slow);
        let error = transport.clone().oneshot(slow).await.unwrap_err();
        assert!(
            error.to_string().contains("no answer came within 300s"),
            "{error}"
        );
    }
    assert_eq!(asked.load(Ordering::Relaxed), 20);
    assert_eq!(breakers.state(&host()), CircuitState::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_silent_host_opens_its_circuit_though_deadlines_come_first() {
    let breakers = CircuitBreakers::default();
    let (transport, asked) = silent(Transport::builder().circuit_breaker(breakers.clone()));
    for _ in 0..6 {
        let request = of_kind(OperationKind::SmallRead, "HEAD");
        let request = within(request, Duration::from_secs(6));
        transport.clone().oneshot(request).await.unwrap_err();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 5);
    assert_eq!(breakers.state(&host()), CircuitState::Open);
}

#[derive(Debug)]
struct Renews(Arc<AtomicBool>);

impl CredentialSource for Renews {
    fn credential(&self) -> CredentialFuture<'_> {
        Box::pin(async { Ok(token("old")) })
    }

    fn renews(&self) -> bool {
        true
    }

    fn renew<'a>(&'a self, _: &'a Refused) -> RenewFuture<'a> {
        assert!(
            self.0.load(Ordering::Relaxed),
            "the refusal was not read to its end"
        );
        Box::pin(async { Ok(Some(token("new"))) })
    }
}

fn token(signature: &str) -> Arc<Credential> {
    let token = SasToken::parse(&format!("sv=2026-06-06&sr=c&sp=r&sig={signature}")).unwrap();
    Arc::new(token.into())
}

#[tokio::test(start_paused = true)]
async fn a_refused_answer_is_read_whole_so_that_its_connection_is_kept() {
    let read = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&read);
    let service = service_fn(move |request: Request<OutgoingBody>| {
        let told = Arc::clone(&told);
        async move {
            let old = request.uri().query().unwrap().contains("sig=old");
            let frames = stream::iter([Some("<Error/>"), None]).filter_map(move |piece| {
                told.fetch_or(piece.is_none(), Ordering::Relaxed);
                std::future::ready(piece.map(|piece| Ok::<_, Error>(Frame::data(Bytes::from(piece)))))
            });
            let answer = Response::builder().status(if old { 403 } else { 200 });
            let answer = answer.header("x-ms-error-code", "AuthenticationFailed");
            Ok::<_, Error>(answer.body(ResponseBody::new(StreamBody::new(frames))).unwrap())
        }
    });
    let builder = Transport::builder().credential_source(Renews(read));
    let transport = builder.build_on(service).unwrap();
    let answer = transport.oneshot(of_kind(OperationKind::LargeRead, "GET")).await;
    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_done_does_not_look_like_a_failure_when_its_answer_stalls() {
    for (kind, deadline) in [
        (OperationKind::Lease, None),
        (OperationKind::Write, Some(1)),
        (OperationKind::Write, Some(20)),
        (OperationKind::Write, None),
    ] {
        let service = service_fn(|_: Request<OutgoingBody>| async {
            let stalls = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Error>>());
            Ok::<_, Error>(
                Response::builder()
                    .status(201)
                    .body(ResponseBody::new(stalls))
                    .unwrap(),
            )
        });
        let transport = Transport::builder().build_on(service).unwrap();
        let mut request = of_kind(kind, "PUT");
        if let Some(seconds) = deadline {
            request = within(request, Duration::from_secs(seconds));
        }
        let begun = Instant::now();
        let answer = transport.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        assert!(begun.elapsed() <= Duration::from_secs(2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waited_for_its_own_turn_says_so_and_was_never_sent() {
    let policy = ThrottlePolicy::default()
        .requests_per_second(1)
        .burst(Duration::from_millis(1));
    let builder = Transport::builder().throttle(policy);
    let service = service_fn(|_: Request<OutgoingBody>| async {
        Ok::<_, std::convert::Infallible>(Response::new(ResponseBody::empty()))
    });
    let transport = builder.build_on(service).unwrap();
    let call = || {
        let request = of_kind(OperationKind::List, "GET");
        transport.clone().oneshot(request)
    };
    let answers = futures_util::future::join_all((0..40).map(|_| call())).await;
    let late: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert!((8..=11).contains(&late.len()), "{}", late.len());
    for error in &late {
        assert!(error.is_timeout(), "{error}");
        assert_eq!(error.attempts(), 0, "{error}");
    }
    // One may have had its turn in the very moment in which its time was over.
    let in_line = |error: &&Error| error.to_string().contains("waited for its turn");
    assert!(late.iter().filter(in_line).count() + 1 >= late.len());
}
