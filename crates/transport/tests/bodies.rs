//! Bodies over real sockets: downloads that break, and uploads that nobody takes.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

use std::net::SocketAddr;
use std::time::Duration;

use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use lazuli_protocol::{Body, ByteRange};
use lazuli_transport::{Bottom, ResumeLayer, ResumePolicy, RetryPolicy, StallLayer, StallPolicy, Transport};
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

/// Reads the head of the first request and no further, and never hangs up; answers those on other connections.
async fn deaf() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            head(&mut stream).await;
            if !kept.is_empty() {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            }
            kept.push(stream);
        }
    });
    address
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Waits until no more tasks are left than these. Nobody reads from the socket meanwhile, so nobody helps the connection to its end.
async fn soon_only(most: usize) {
    let gone = async {
        while tasks() > most {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(5), gone).await;
    gone.unwrap_or_else(|_| panic!("{} tasks are left of {most}", tasks()));
}

/// More than the sockets of both sides hold.
fn upload(address: SocketAddr) -> Request<Body> {
    Request::put(format!("http://{address}/c/b"))
        .body(Body::from(vec![7; 64 << 20]))
        .unwrap()
}

#[tokio::test]
async fn an_upload_that_nobody_takes_is_ended_and_leaves_nothing() {
    let address = deaf().await;
    let transport = Transport::builder()
        .retry(RetryPolicy::never())
        .stall(StallPolicy::new(1024, Duration::from_millis(300)))
        .most_connections_per_host(1)
        .build()
        .unwrap();
    let before = tasks();
    let error = transport.clone().oneshot(upload(address)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    soon_only(before).await;
    // Its place is free as well.
    let next = Request::get(format!("http://{address}/c/b")).body(Body::empty());
    let next = transport.oneshot(next.unwrap()).await.unwrap();
    assert_eq!(next.status(), 200);
}

#[tokio::test]
async fn an_upload_that_is_dropped_while_nobody_takes_it_leaves_nothing() {
    for limit in [None, Some(1)] {
        let address = deaf().await;
        let mut builder = Transport::builder().retry(RetryPolicy::never());
        if let Some(most) = limit {
            builder = builder.most_connections_per_host(most);
        }
        let transport = builder.build().unwrap();
        let before = tasks();
        let call = transport.clone().oneshot(upload(address));
        let dropped = tokio::time::timeout(Duration::from_millis(300), call).await;
        assert!(dropped.is_err(), "nobody answers");
        soon_only(before).await;
    }
}
