//! TLS against servers of this process, with certificates of an authority that only these tests know. Every test does the handshake.
#![cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod desk;

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use desk::{
    Authority, LATER, LONG_AGO, NOT_LONG_AGO, NOT_SOON, Pair, Seen, client, get, pem, serve, speaking,
};
use http::Request;
use lazuli_protocol::Body;
use lazuli_transport::{Error, ErrorKind, Proxies, TransportBuilder};
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

const BOTH: &[&rustls::SupportedProtocolVersion] = &[&TLS13, &TLS12];

struct Desk {
    authority: Authority,
    address: SocketAddr,
    seen: Arc<Seen>,
}

impl Desk {
    /// A server with a certificate of a trusted authority.
    async fn with(sign: impl FnOnce(&Authority) -> Pair) -> Self {
        let authority = Authority::new();
        let (address, seen) = serve(speaking(&sign(&authority), BOTH, None)).await;
        Self {
            authority,
            address,
            seen,
        }
    }

    fn client(&self) -> TransportBuilder {
        client(&["good.test", "other.test"], self.address).trust_only_pem(self.authority.root_pem())
    }

    fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/c/b?sig=planted", self.address.port())
    }

    fn requests(&self) -> usize {
        self.seen.requests.lock().unwrap().len()
    }
}

/// Refused for this reason, with the host named and nothing secret.
fn assert_refused(error: &Error, host: &str, reason: &str) {
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    let text = error.to_string();
    assert!(text.contains(host) && text.contains(reason), "{text}");
    assert!(!error.is_retryable());
    let mut shown = format!("{text} {error:?}");
    let mut cause = error.source();
    while let Some(below) = cause {
        shown.push_str(&format!("{below} {below:?}"));
        cause = below.source();
    }
    assert!(!shown.contains("planted"), "{shown}");
}

#[tokio::test]
async fn a_server_with_a_private_root_is_spoken_to() {
    let desk = Desk::with(|authority| authority.good("good.test")).await;
    let only = get(&desk.client(), &desk.url("good.test")).await.unwrap();
    assert_eq!(only.into_body().collect(9).await.unwrap(), "hello");
    // Beside what the machine trusts, with another root in the same file.
    let two = Authority::new().root_pem() + &desk.authority.root_pem();
    let beside = client(&["good.test"], desk.address).root_certificates_pem(two);
    assert_eq!(get(&beside, &desk.url("good.test")).await.unwrap().status(), 200);
    assert_eq!(desk.requests(), 2);
}

#[tokio::test]
async fn another_name_is_refused() {
    let desk = Desk::with(|authority| authority.good("good.test")).await;
    let error = get(&desk.client(), &desk.url("other.test")).await.unwrap_err();
    assert_refused(&error, "other.test", "for another name");
    let by_address = desk.url("127.0.0.1");
    let error = get(&desk.client(), &by_address).await.unwrap_err();
    assert_refused(&error, "127.0.0.1", "for another name");
    assert_eq!(desk.requests(), 0);
}

#[tokio::test]
async fn an_address_can_have_a_certificate() {
    let desk = Desk::with(|authority| authority.good("127.0.0.1")).await;
    let response = get(&desk.client(), &desk.url("127.0.0.1")).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let desk = Desk::with(|authority| authority.sign("good.test", LONG_AGO, NOT_LONG_AGO)).await;
    let error = get(&desk.client(), &desk.url("good.test")).await.unwrap_err();
    assert_refused(&error, "good.test", "has expired");
    assert_eq!(desk.requests(), 0);
}

#[tokio::test]
async fn a_certificate_of_the_future_is_refused() {
    let desk = Desk::with(|authority| authority.sign("good.test", NOT_SOON, LATER)).await;
    let error = get(&desk.client(), &desk.url("good.test")).await.unwrap_err();
    assert_refused(&error, "good.test", "not valid yet");
    assert_eq!(desk.requests(), 0);
}

#[tokio::test]
async fn an_unknown_authority_is_refused() {
    let desk = Desk::with(|authority| authority.good("good.test")).await;
    let client = client(&["good.test"], desk.address);
    let stranger = client.clone().trust_only_pem(Authority::new().root_pem());
    // The machine's authorities have not signed it either; its own list is not what is in question here.
    let machine = client.root_certificates_pem(Authority::new().root_pem());
    for client in [stranger, machine] {
        let error = get(&client, &desk.url("good.test")).await.unwrap_err();
        assert_refused(&error, "good.test", "nobody who is trusted here");
    }
    assert_eq!(desk.requests(), 0);
    assert!(desk.seen.connections.load(Ordering::SeqCst) >= 2);
}

#[tokio::test]
async fn versions_are_1_2_and_1_3_or_1_3_alone() {
    let authority = Authority::new();
    let pair = authority.good("good.test");
    // The server's version, whether the client keeps to 1.3, and whether they understand each other.
    let table = [
        (&TLS13, false, true),
        (&TLS12, false, true),
        (&TLS13, true, true),
        (&TLS12, true, false),
    ];
    for (version, only, understood) in table {
        let (address, _) = serve(speaking(&pair, &[version], None)).await;
        let client = client(&["good.test"], address)
            .trust_only_pem(authority.root_pem())
            .only_tls_1_3(only);
        let outcome = get(&client, &format!("https://good.test:{}/", address.port())).await;
        match understood {
            true => assert_eq!(outcome.unwrap().status(), 200),
            false => assert_refused(&outcome.unwrap_err(), "good.test", "TLS 1.2 or 1.3 is needed"),
        }
    }
}

/// Reads a ClientHello, answers it with a ServerHello of TLS 1.1, and gives the hello.
async fn speak_tls_1_1(listener: TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = [0; 5];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[0], 22, "a handshake record");
    let mut hello = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    stream.read_exact(&mut hello).await.unwrap();
    // Version, random, no session, ECDHE-RSA with AES-128-CBC and SHA-1, no compression.
    let mut body = vec![3, 2];
    body.extend([7; 32]);
    body.extend([0, 0xC0, 0x13, 0]);
    let length = u8::try_from(body.len()).unwrap();
    let mut answer = vec![22, 3, 2, 0, length + 4, 2, 0, 0, length];
    answer.extend(body);
    stream.write_all(&answer).await.unwrap();
    // The client closes first.
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    hello
}

/// The extension of a ClientHello that lists versions.
fn supported_versions(hello: &[u8]) -> Vec<u16> {
    let number = |at: usize| usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
    assert_eq!(
        (hello[0], number(4)),
        (1, 0x0303),
        "a ClientHello that calls itself 1.2"
    );
    // Type and length, version, random; then session, ciphers and compressions, each after its length.
    let mut at = 4 + 2 + 32;
    at += 1 + usize::from(hello[at]);
    at += 2 + number(at);
    at += 1 + usize::from(hello[at]);
    let end = at + 2 + number(at);
    at += 2;
    while at < end {
        let (kind, length) = (number(at), number(at + 2));
        if kind == 43 {
            let list = &hello[at + 5..at + 4 + length];
            return list
                .chunks(2)
                .map(|version| u16::from_be_bytes([version[0], version[1]]))
                .collect();
        }
        at += 4 + length;
    }
    Vec::new()
}

#[tokio::test]
async fn tls_1_1_is_neither_offered_nor_accepted() {
    for (only, offered) in [(false, &[0x0304, 0x0303][..]), (true, &[0x0304])] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(speak_tls_1_1(listener));
        let client = client(&["good.test"], address)
            .trust_only_pem(Authority::new().root_pem())
            .only_tls_1_3(only);
        let error = get(&client, &format!("https://good.test:{}/", address.port()))
            .await
            .unwrap_err();
        assert_refused(&error, "good.test", "TLS 1.2 or 1.3 is needed");
        let mut versions = supported_versions(&server.await.unwrap());
        versions.sort_by(|a, b| b.cmp(a));
        assert_eq!(versions, offered);
    }
}

#[tokio::test]
async fn what_is_no_tls_is_told_from_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    });
    let client = client(&["good.test"], address).trust_only_pem(Authority::new().root_pem());
    let error = get(&client, &format!("https://good.test:{}/", address.port()))
        .await
        .unwrap_err();
    assert_refused(&error, "good.test", "does not speak TLS; check the port");
}

#[tokio::test]
async fn a_client_shows_its_certificate() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let known = clients.good("client.test");
    let stranger = Authority::new().good("client.test");
    let stale = clients.sign("client.test", LONG_AGO, NOT_LONG_AGO);
    for version in BOTH {
        let config = speaking(&authority.good("good.test"), &[version], Some(&clients));
        let (address, seen) = serve(config).await;
        let url = format!("https://good.test:{}/", address.port());
        let nobody = client(&["good.test"], address).trust_only_pem(authority.root_pem());
        let someone = |pair: &Pair| {
            nobody
                .clone()
                .client_certificate_pem(pair.certificate_pem(), pair.key_pem())
        };
        assert_eq!(get(&someone(&known), &url).await.unwrap().status(), 200);
        let error = get(&nobody, &url).await.unwrap_err();
        assert_refused(&error, "good.test", "asks for a client certificate; give one");
        for refused in [&stranger, &stale] {
            let error = get(&someone(refused), &url).await.unwrap_err();
            assert_refused(&error, "good.test", "refuses the client certificate");
        }
        assert_eq!(seen.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_proxy_is_shown_no_certificate() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let pair = clients.good("client.test");
    // It asks for one, and lets nobody in without.
    let config = speaking(&authority.good("proxy.test"), BOTH, Some(&clients));
    let (address, _) = serve(config).await;
    let proxy = format!("https://proxy.test:{}", address.port()).parse().unwrap();
    let client = client(&["proxy.test"], address)
        .trust_only_pem(authority.root_pem())
        .client_certificate_pem(pair.certificate_pem(), pair.key_pem())
        .proxies(Proxies::all(proxy));
    let error = get(&client, "https://good.test/").await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Tls | ErrorKind::Connect),
        "{error:?}"
    );
    assert!(error.to_string().contains("proxy.test"), "{error}");
}

#[tokio::test]
async fn what_is_no_pem_is_said_when_building() {
    let authority = Authority::new();
    let (pair, other) = (authority.good("client.test"), authority.good("other.test"));
    let builder = lazuli_transport::Transport::builder;
    let good = pair.certificate_pem();
    let cut = good.replace("-----END CERTIFICATE-----", "");
    let with_key = |key: String| builder().client_certificate_pem(pair.certificate_pem(), key);
    let table: Vec<(TransportBuilder, &str)> = vec![
        (
            builder().root_certificates_pem(""),
            "the root certificates hold no certificate",
        ),
        (
            builder().root_certificates_pem(pair.key_pem()),
            "hold no certificate",
        ),
        (builder().trust_only_pem(&cut), "the root certificates are no PEM"),
        (
            builder().trust_only_pem(pem("CERTIFICATE", b"not X.509")),
            "a root certificate cannot be read",
        ),
        (
            builder().client_certificate_pem("", pair.key_pem()),
            "the client's certificates hold no certificate",
        ),
        (with_key(String::new()), "the client's key holds no private key"),
        (with_key(good.clone()), "the client's key holds no private key"),
        (
            with_key(pem("ENCRYPTED PRIVATE KEY", &pair.key)),
            "that is not encrypted",
        ),
        (with_key(pem("PRIVATE KEY", b"no key")), "cannot be used"),
        (
            with_key("-----BEGIN PRIVATE KEY-----\n!planted!\n-----END PRIVATE KEY-----\n".into()),
            "the client's key is no PEM",
        ),
        (with_key(other.key_pem()), "does not belong to its certificate"),
    ];
    for (builder, reason) in table {
        let shown = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
        let shown = format!("{shown} {error} {error:?}");
        assert!(
            !shown.contains("planted") && !shown.contains("PRIVATE KEY"),
            "{shown}"
        );
    }
    // One file for everything.
    let both = pair.key_pem() + &pair.certificate_pem();
    let builder = builder()
        .client_certificate_pem(&both, &both)
        .trust_only_pem(&both);
    let shown = format!("{builder:?}");
    assert!(builder.build().is_ok());
    let key = pair.key_pem();
    let numbers = key
        .bytes()
        .skip(30)
        .take(40)
        .map(|byte| byte.to_string())
        .collect::<Vec<_>>();
    assert!(
        !shown.contains(&numbers.join(", ")) && !shown.contains("PRIVATE"),
        "{shown}"
    );
}

#[tokio::test]
async fn an_upload_that_is_dropped_while_nobody_takes_it_leaves_nothing() {
    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(speaking(&authority.good("good.test"), BOTH, None));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Reads the head of the first request, or little more, and never hangs up; answers those on other connections.
            let mut stream = acceptor.accept(stream).await.unwrap();
            stream.read_u8().await.unwrap();
            if !kept.is_empty() {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            }
            kept.push(stream);
        }
    });
    let transport = client(&["good.test"], address)
        .trust_only_pem(authority.root_pem())
        .most_connections_per_host(1)
        .build()
        .unwrap();
    let url = format!("https://good.test:{}/c/b", address.port());
    let upload = Request::put(&url).body(Body::from(vec![7; 64 << 20])).unwrap();
    let call = transport.clone().oneshot(upload);
    let dropped = tokio::time::timeout(std::time::Duration::from_millis(500), call).await;
    assert!(dropped.is_err(), "nobody answers");
    let next = Request::get(&url).body(Body::empty()).unwrap();
    let next = tokio::time::timeout(std::time::Duration::from_secs(5), transport.oneshot(next)).await;
    assert_eq!(next.unwrap().unwrap().status(), 200);
}
