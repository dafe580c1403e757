//! The examples, each held against a server that reads one request and verifies its signature.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

#[path = "../examples/hyper.rs"]
#[allow(dead_code, reason = "its `main` is for the command line")]
mod with_hyper;
#[path = "../examples/reqwest.rs"]
#[allow(dead_code, reason = "its `main` is for the command line")]
mod with_reqwest;
#[path = "../examples/ureq.rs"]
#[allow(dead_code, reason = "its `main` is for the command line")]
mod with_ureq;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use http::Request;
use http::request::Parts;
use lazuli_signing::{AccountKey, CLOCK_SKEW, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use time::OffsetDateTime;

const LISTING: &str = "<Containers><Container><Name>models</Name></Container></Containers>";

/// A server for one request: the listing for a good signature, the refusal for another. Gives the endpoint's URL.
fn server(key: &str) -> String {
    let key = SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(key).unwrap(),
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let parts = read(&stream);
        #[expect(
            clippy::disallowed_methods,
            reason = "the examples sign with the machine's clock"
        )]
        let verified = key.verify(&parts, OffsetDateTime::now_utc(), CLOCK_SKEW);
        let (status, body) = match verified {
            Ok(()) if parts.uri == "/devstoreaccount1?comp=list" => ("200 OK", LISTING.to_owned()),
            Ok(()) => ("400 Bad Request", format!("asked for {}", parts.uri)),
            Err(refusal) => ("403 Forbidden", refusal.to_string()),
        };
        let length = body.len();
        write!(
            &stream,
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
    });
    format!("http://{address}/{EMULATOR_ACCOUNT}")
}

/// The head of a request as it comes over the wire.
fn read(stream: &TcpStream) -> Parts {
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let words: Vec<&str> = first.split(' ').collect();
    let mut request = Request::builder().method(words[0]).uri(words[1]);
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        request = request.header(name, value.trim());
    }
    request.body(()).unwrap().into_parts().0
}

#[test]
fn ureq_sends_what_was_signed() {
    assert_eq!(
        with_ureq::list_containers(&server(EMULATOR_KEY)).unwrap(),
        LISTING
    );
    assert!(with_ureq::list_containers(&server("c2VjcmV0")).is_err());
}

#[tokio::test]
async fn reqwest_sends_what_was_signed() {
    let listed = with_reqwest::list_containers(&server(EMULATOR_KEY)).await;
    assert_eq!(listed.unwrap(), LISTING);
    assert!(with_reqwest::list_containers(&server("c2VjcmV0")).await.is_err());
}

#[tokio::test]
async fn hyper_sends_what_was_signed() {
    let listed = with_hyper::list_containers(&server(EMULATOR_KEY)).await;
    assert_eq!(listed.unwrap(), LISTING);
    assert!(with_hyper::list_containers(&server("c2VjcmV0")).await.is_err());
}
