//! The server, talked to as a socket is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]
#![cfg(feature = "serve")]

mod header_case;
#[path = "../rig/mod.rs"]
mod rig;

use std::time::Duration;

use lazuli_protocol::Clock as _;
use lazuli_signing::{Sas, SasProtocol};
use lazuli_simulation::serve::Server;
use rig::Rig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Running {
    rig: Rig,
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), lazuli_simulation::Error>>,
}

async fn run() -> Running {
    let rig = Rig::new();
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(server.run(rig.service(), stopped));
    Running {
        rig,
        address,
        stop,
        server,
    }
}

impl Running {
    /// A signed request, as it goes over the wire.
    fn wire(&self, call: rig::Call<'_>) -> Vec<u8> {
        let (mut parts, _) = call.build().into_parts();
        rig::key().sign(&mut parts, self.rig.clock.now()).unwrap();
        let target = parts.uri.path_and_query().unwrap();
        let mut head = format!("{} {target} HTTP/1.1\r\nhost: {}\r\n", parts.method, self.address);
        for (name, value) in &parts.headers {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        head.push_str("connection: close\r\n\r\n");
        head.into_bytes()
    }

    /// Sends bytes, and reads to the end of the connection.
    async fn talk(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[tokio::test]
async fn requests_are_answered_and_the_server_stops_when_told() {
    let running = run().await;
    let made = running
        .talk(&running.wire(running.rig.put("/box?restype=container", "")))
        .await;
    assert!(made.starts_with("HTTP/1.1 201 Created\r\n"), "{made}");
    assert!(made.contains("content-length: 0\r\n"), "{made}");
    let mut put = running.wire(
        running
            .rig
            .put("/box/b", "hello")
            .header("x-ms-blob-type", "BlockBlob"),
    );
    put.extend_from_slice(b"hello");
    assert!(running.talk(&put).await.starts_with("HTTP/1.1 201 "));
    let got = running
        .talk(&running.wire(running.rig.get("/box/b").without("content-length")))
        .await;
    assert!(
        got.contains("content-length: 5\r\n") && got.ends_with("\r\n\r\nhello"),
        "{got}"
    );
    assert_eq!(got.matches("\r\ndate: ").count(), 1);
    let head = running
        .talk(&running.wire(running.rig.head("/box/b").without("content-length")))
        .await;
    assert!(
        head.contains("content-length: 5\r\n") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
    // A list says no length.
    let list = running
        .talk(&running.wire(running.rig.get("/box?restype=container&comp=list")))
        .await;
    assert!(list.contains("transfer-encoding: chunked\r\n"), "{list}");
    let missing = running.talk(&running.wire(running.rig.head("/box/none"))).await;
    assert!(
        missing.starts_with("HTTP/1.1 404 The specified blob does not exist.\r\n"),
        "{missing}"
    );
    assert!(!missing.contains("content-length"), "{missing}");
    assert!(missing.contains("x-ms-error-code: BlobNotFound\r\n"), "{missing}");
    running.stop.send(()).unwrap();
    running.server.await.unwrap().unwrap();
    TcpStream::connect(running.address).await.unwrap_err();
}

/// The request line may be in the form for proxies, and say anything.
#[tokio::test]
async fn no_request_line_makes_a_socket_a_secure_one() {
    let running = run().await;
    running.rig.make_container("box").await;
    running.rig.put_blob("/box/b", "hello").await;
    let sas = |protocol| {
        let sas = Sas::blob("box", "b").read().protocol(protocol);
        sas.expires(time::macros::datetime!(2026-03-01 13:00 UTC))
            .sign(&rig::key())
            .unwrap()
    };
    let address = running.address;
    for (scheme, protocol, status) in [
        ("http", SasProtocol::HttpsOrHttp, 200),
        ("https", SasProtocol::HttpsOrHttp, 200),
        ("http", SasProtocol::Https, 403),
        ("https", SasProtocol::Https, 403),
    ] {
        let token = sas(protocol);
        let url = format!("{scheme}://{address}/devstoreaccount1/box/b?{}", token.expose());
        let head = format!("GET {url} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        let answer = running.talk(head.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

#[tokio::test]
async fn a_body_is_sent_once_it_is_asked_for() {
    let running = run().await;
    running.rig.make_container("box").await;
    let put = running
        .rig
        .put("/box/b", "hello")
        .header("x-ms-blob-type", "BlockBlob")
        .header("expect", "100-continue");
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(&running.wire(put)).await.unwrap();
    let mut first = [0; 25];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    // One that is refused is not asked for.
    let put = running
        .rig
        .put("/box/b", "hello")
        .header("expect", "100-continue");
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(&running.wire(put)).await.unwrap();
    let mut refused = [0; 13];
    stream.read_exact(&mut refused).await.unwrap();
    assert_eq!(&refused, b"HTTP/1.1 400 ");
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_end() {
    let running = run().await;
    running.rig.make_container("box").await;
    let put = running.wire(
        running
            .rig
            .put("/box/b", "hello")
            .header("x-ms-blob-type", "BlockBlob"),
    );
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(&put).await.unwrap();
    stream.write_all(b"he").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    running.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    stream.write_all(b"llo").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    running.server.await.unwrap().unwrap();
    assert_eq!(&running.rig.get_bytes("/box/b").await[..], b"hello");
}

#[tokio::test]
async fn what_is_not_http_is_sent_away() {
    let running = run().await;
    for nonsense in [
        "hello\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
    ] {
        let answer = running.talk(nonsense.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
            "{nonsense:?}: {answer}"
        );
    }
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(1_000_000));
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    // It may be cut off before it is sent in full.
    let _ = stream.write_all(long.as_bytes()).await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
    let many: String = (0..300).map(|at| format!("x-{at}: 1\r\n")).collect();
    let answer = running
        .talk(format!("GET / HTTP/1.1\r\n{many}\r\n").as_bytes())
        .await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn any_service_can_be_served_and_is_told_who_asks() {
    use http::{Request, Response};
    use http_body_util::{BodyExt as _, Full};
    use lazuli_simulation::serve::RequestBody;

    let service = tower::service_fn(|request: Request<RequestBody>| async move {
        if request.uri().path() == "/fail" {
            return Err(std::io::Error::other("on purpose"));
        }
        let peer = request.extensions().get::<std::net::SocketAddr>().copied();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let text = format!("{} says {}", peer.unwrap(), String::from_utf8_lossy(&body));
        Ok(Response::new(Full::new(bytes::Bytes::from(text))))
    });
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(service, stopped));
    let ask = async |head: &str| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        (stream.local_addr().unwrap(), answer)
    };
    let head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi";
    let (own, answer) = ask(head).await;
    assert!(answer.ends_with(&format!("\r\n\r\n{own} says hi")), "{answer}");
    // Where the service fails, there is no answer.
    let (_, answer) = ask("GET /fail HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(answer, "");
    drop(stop);
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_taken_address_is_an_error() {
    let running = run().await;
    let refused = Server::bind(running.address).await.unwrap_err();
    assert_eq!(refused.kind(), lazuli_simulation::ErrorKind::Io);
    assert!(refused.to_string().contains(&running.address.to_string()));
}

#[tokio::test]
async fn whoever_is_refused_is_told_so_however_much_they_send() {
    let running = run().await;
    for len in [100 * 1024, 8 * 1024 * 1024_usize] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        let head = format!(
            "PUT /devstoreaccount1/box/a HTTP/1.1\r\nhost: {}\r\nx-ms-version: {}\r\ncontent-length: {len}\r\n\r\n",
            running.address,
            rig::VERSION
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // As many clients do, it listens only when all is sent.
        stream.write_all(&vec![b'x'; len]).await.unwrap();
        // And the connection goes on.
        let list = running.wire(running.rig.get("/?comp=list"));
        stream.write_all(&list).await.unwrap();
        let mut answers = Vec::new();
        stream.read_to_end(&mut answers).await.unwrap();
        let answers = String::from_utf8_lossy(&answers);
        assert!(answers.starts_with("HTTP/1.1 401 "), "{answers}");
        assert!(answers.contains("HTTP/1.1 200 OK"), "{answers}");
    }
}
