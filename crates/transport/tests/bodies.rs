//! Bodies over real sockets: downloads that break, and uploads that nobody takes.
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

use std::net::SocketAddr;
use std::time::Duration;

use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use lazuli_protocol::{Body, ByteRange};
use lazuli_transport::{Bottom, ResumeLayer, ResumePolicy, StallLayer, StallPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer as _, ServiceExt as _};

const SIZE: usize = 3_000_000;
const AT_ONCE: usize = 700_001;

fn content() -> Vec<u8> {
    (0..SIZE)
        .map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1])
        .collect()
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// Answers with the range that is asked for, and hangs up or falls silent after a part of it.
async fn unreliable() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let content = content();
        let mut silent = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = head(&mut stream).await;
            let range = head.lines().find_map(|line| line.strip_prefix("x-ms-range: "));
            let first = range.map_or(0, |range| range.parse::<ByteRange>().unwrap().first());
            assert_eq!(range.is_some(), head.contains("if-match: \"tag\""));
            let length = SIZE as u64 - first;
            let status = if range.is_some() {
                "206 Partial Content"
            } else {
                "200 OK"
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\netag: \"tag\"\r\ncontent-length: {length}\r\ncontent-range: bytes {first}-{}/{SIZE}\r\n\r\n",
                SIZE - 1
            );
            let first = usize::try_from(first).unwrap();
            let part = content.get(first..SIZE.min(first + AT_ONCE)).unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.write_all(part).await.unwrap();
            if silent.is_empty() {
                silent.push(stream);
            }
        }
    });
    address
}

#[tokio::test]
async fn a_download_over_bad_connections_arrives_whole() {
    let address = unreliable().await;
    let client = Bottom::new(Client::builder(TokioExecutor::new()).build_http());
    let stall = StallLayer::new(StallPolicy::new(1024, Duration::from_millis(300)));
    let service = ResumeLayer::new(ResumePolicy::default()).layer(stall.layer(client));
    let request = Request::get(format!("http://{address}/c/b"))
        .body(Body::empty())
        .unwrap();
    let response = service.oneshot(request).await.unwrap();
    let arrived = response.into_body().collect(SIZE).await.unwrap();
    assert!(arrived == content(), "{} bytes arrived", arrived.len());
}

#[tokio::test]
async fn an_upload_that_nobody_takes_is_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let deaf = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        head(&mut stream).await;
        // Reads no further, and sees that the client hangs up in the end.
        stream
    });
    let client = Bottom::new(Client::builder(TokioExecutor::new()).build_http());
    let service = StallLayer::new(StallPolicy::new(1024, Duration::from_millis(300))).layer(client);
    // More than the sockets of both sides hold.
    let request = Request::put(format!("http://{address}/c/b"))
        .body(Body::from(vec![7; 64 << 20]))
        .unwrap();
    let error = service.oneshot(request).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    let mut stream = deaf.await.unwrap();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut rest)).await;
    let _ = closed.expect("the connection is closed");
    assert!(rest.len() < 64 << 20);
}
