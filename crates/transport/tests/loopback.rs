//! The stack over real sockets, against a server of this process.
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use lazuli_protocol::{Body, FilePart};
use lazuli_signing::{AccountKey, CLOCK_SKEW, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_transport::{
    Attempts, Backoff, ErrorKind, RetryPolicy, Rule, Transport, TransportBuilder, Trouble,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower::{ServiceExt as _, service_fn};

type Handler = fn(usize, Request<Bytes>) -> Response<Full<Bytes>>;

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    // Those that came in whole.
    requests: AtomicUsize,
}

/// Serves until the test's runtime ends; the handler is told how many requests came before.
async fn serve(handler: Handler) -> (SocketAddr, Arc<Counts>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counts = Arc::new(Counts::default());
    let counted = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.connections.fetch_add(1, Ordering::SeqCst);
            let counted = Arc::clone(&counted);
            let service = service_fn(move |request: Request<Incoming>| {
                let counted = Arc::clone(&counted);
                async move {
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await?.to_bytes();
                    let before = counted.requests.fetch_add(1, Ordering::SeqCst);
                    Ok::<_, hyper::Error>(handler(before, Request::from_parts(parts, body)))
                }
            });
            let service = TowerToHyperService::new(service);
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    (address, counts)
}

fn quick() -> TransportBuilder {
    let rule = Rule {
        tries: 3,
        backoff: Backoff::Fixed(Duration::from_millis(1)),
    };
    let policy = RetryPolicy::default()
        .rule(Trouble::Unavailable, rule)
        .rule(Trouble::Connection, rule);
    Transport::builder().retry(policy)
}

fn key() -> SharedKey {
    SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    )
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .body(Full::new(body.into()))
        .unwrap()
}

/// What the server sees is what was signed: it holds the signature against the request as it came.
fn verified(before: usize, request: Request<Bytes>) -> Response<Full<Bytes>> {
    use lazuli_protocol::Clock as _;
    let (parts, body) = request.into_parts();
    let now = lazuli_protocol::SystemClock.now();
    match key().verify(&parts, now, CLOCK_SKEW) {
        Err(_) => answer(403, ""),
        Ok(_) if before == 0 => answer(503, "busy"),
        Ok(_) => answer(200, body),
    }
}

#[tokio::test]
async fn a_file_goes_up_signed_and_is_sent_again() {
    let (address, counts) = serve(verified).await;
    let content: Vec<u8> = (0..700_001_u32).map(|at| at.to_le_bytes()[0]).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    let part = FilePart {
        file: Arc::new(file),
        offset: 1,
        length: 700_000,
    };

    let transport = quick().credential(key()).build().unwrap();
    // A repeat of a plain PUT is nobody's promise, so say what it is.
    let info = lazuli_protocol::OperationInfo::blob("PutBlob", lazuli_protocol::OperationKind::Write);
    let request = Request::put(format!("http://{address}/devstoreaccount1/c/a%20b"))
        .header("x-ms-blob-type", "BlockBlob")
        .extension(info)
        .body(Body::file(part))
        .unwrap();
    let response = transport.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.extensions().get(), Some(&Attempts(2)));
    assert_eq!(response.into_body().collect(1 << 20).await.unwrap(), content[1..]);
    assert_eq!(counts.requests.load(Ordering::SeqCst), 2);
    assert_eq!(
        counts.connections.load(Ordering::SeqCst),
        1,
        "the pool keeps the connection"
    );
}

#[tokio::test]
async fn an_empty_put_says_its_length() {
    let (address, _) = serve(|_, request| {
        let length = request
            .headers()
            .get("content-length")
            .map(|value| value.as_bytes().to_vec());
        answer(200, length.unwrap_or_default())
    })
    .await;
    let request = Request::put(format!("http://{address}/"))
        .body(Body::empty())
        .unwrap();
    let response = quick().build().unwrap().oneshot(request).await.unwrap();
    assert_eq!(response.into_body().collect(9).await.unwrap(), "0");
}

#[tokio::test]
async fn names_below_localhost_are_this_machine() {
    let (address, _) = serve(|_, request| answer(200, request.headers()["host"].as_bytes().to_vec())).await;
    let host = format!("devstoreaccount1.blob.localhost:{}", address.port());
    let request = Request::get(format!("http://{host}/c"))
        .body(Body::empty())
        .unwrap();
    let response = quick().build().unwrap().oneshot(request).await.unwrap();
    assert_eq!(response.into_body().collect(99).await.unwrap(), host);
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_tried_again_even_for_what_must_not_arrive_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let request = Request::put(format!("http://{address}/c/b"))
        .body(Body::from("x"))
        .unwrap();
    let error = quick().build().unwrap().oneshot(request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 3),
        "{error:?}"
    );
    assert!(error.is_connect());
    assert!(
        error
            .to_string()
            .starts_with(&format!("PUT {address}/c/b: no connection")),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut request = [0; 4096];
        // The first is read and dropped.
        let (mut first, _) = listener.accept().await.unwrap();
        assert!(first.read(&mut request).await.unwrap() > 0);
        drop(first);
        let (mut second, _) = listener.accept().await.unwrap();
        assert!(second.read(&mut request).await.unwrap() > 0);
        // The answer promises more than it holds.
        second
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
            .await
            .unwrap();
    });
    let request = Request::get(format!("http://{address}/c/b"))
        .body(Body::empty())
        .unwrap();
    let response = quick().build().unwrap().oneshot(request).await.unwrap();
    assert_eq!(response.extensions().get(), Some(&Attempts(2)));
    let error = response.into_body().collect(99).await.unwrap_err();
    assert_eq!(error.kind(), lazuli_protocol::ErrorKind::Body);
}

#[tokio::test]
async fn a_body_with_too_many_bytes_never_completes_a_request() {
    let (address, counts) = serve(|_, _| answer(201, "")).await;
    let body = Body::stream(4, || {
        Box::pin(futures_util::stream::iter([
            Ok(Bytes::from_static(b"hell")),
            Ok(Bytes::from_static(b"o")),
        ]))
    });
    let request = Request::put(format!("http://{address}/c/b")).body(body).unwrap();
    let error = quick().build().unwrap().oneshot(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RequestBody, "{error:?}");
    assert_eq!(counts.connections.load(Ordering::SeqCst), 1);
    assert_eq!(counts.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_stream_that_says_it_is_empty_must_be_so() {
    let (address, counts) = serve(|_, request| answer(201, request.into_body())).await;
    let put = |pieces: &'static [&'static str]| {
        let body = Body::stream(0, move || {
            let pieces = pieces.iter();
            Box::pin(futures_util::stream::iter(
                pieces.map(|piece| Ok(Bytes::from_static(piece.as_bytes()))),
            ))
        });
        let request = Request::put(format!("http://{address}/c/b")).body(body).unwrap();
        quick().build().unwrap().oneshot(request)
    };
    for pieces in [&[][..], &["", ""]] {
        assert_eq!(put(pieces).await.unwrap().status(), 201);
    }
    assert_eq!(counts.requests.load(Ordering::SeqCst), 2);
    let error = put(&["", "data"]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RequestBody, "{error:?}");
    assert_eq!(counts.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn https_that_cannot_be_spoken_is_said_at_once() {
    // The server speaks plain HTTP; without TLS built in, it is not even asked.
    let (address, counts) = serve(|_, _| answer(200, "")).await;
    let request = Request::get(format!("https://{address}/c/b"))
        .body(Body::empty())
        .unwrap();
    let error = quick().build().unwrap().oneshot(request).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1), "{error:?}");
    assert_eq!(counts.requests.load(Ordering::SeqCst), 0);
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn a_handshake_that_never_ends_is_ended() {
    // The system accepts the connection, and nobody answers.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let request = Request::get(format!("https://{address}/c/b"))
        .body(Body::empty())
        .unwrap();
    let transport = Transport::builder()
        .retry(RetryPolicy::never())
        .connect_timeout(Duration::from_millis(50));
    let error = transport.build().unwrap().oneshot(request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 1),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("no connection was made within 50ms"),
        "{error}"
    );
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (say, mut heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        use tokio::io::AsyncReadExt as _;
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut request).await {
            say.send(count).unwrap();
        }
        say.send(0).unwrap();
    });
    let request = Request::get(format!("http://{address}/c/b"))
        .body(Body::empty())
        .unwrap();
    let transport = quick().build().unwrap();
    let call = tokio::spawn(transport.clone().oneshot(request));
    assert!(heard.recv().await.unwrap() > 0, "the request arrived");
    call.abort();
    assert_eq!(heard.recv().await, Some(0), "the connection was closed");
}
