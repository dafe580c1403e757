//! Tiny proxies that keep what they see, and clients that go through them.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::Request;
use lazuli_protocol::Body;
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_transport::{Error, Proxies, Proxy, RetryPolicy, Transport, TransportBuilder};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

pub(crate) const USER: &str = "mallory";
pub(crate) const PASSWORD: &str = "planted";
const BASIC: &str = "authorization: basic bwfsbg9yetpwbgfudgvk";

fn key() -> SharedKey {
    SharedKey::new(
        EMULATOR_ACCOUNT.parse().unwrap(),
        AccountKey::from_base64(EMULATOR_KEY).unwrap(),
    )
}

pub(crate) fn signing(proxies: Proxies) -> TransportBuilder {
    Transport::builder()
        .credential(key())
        .retry(RetryPolicy::never())
        .allow_http(true)
        .proxies(proxies)
}

pub(crate) async fn get(builder: TransportBuilder, url: &str) -> Result<String, Error> {
    let request = Request::get(url).body(Body::empty()).unwrap();
    let response = builder.build()?.oneshot(request).await?;
    assert_eq!(response.status(), 200);
    Ok(String::from_utf8(response.into_body().collect(99).await.unwrap().to_vec()).unwrap())
}

pub(crate) fn assert_discreet(shown: &str) {
    for secret in [USER, PASSWORD, "bWFsbG9yeTpw"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

pub(crate) fn bearer(address: SocketAddr) -> Proxy {
    Proxy::parse(&format!("http://{USER}:{PASSWORD}@{address}")).unwrap()
}

/// How a proxy behaves.
#[derive(Clone)]
pub(crate) struct Manners {
    wants_credentials: bool,
    // Whatever host it is asked for.
    leads_to: Option<SocketAddr>,
    // Before the tunnel is open.
    announces: &'static str,
    answers: Option<String>,
}

impl Manners {
    pub(crate) const OPEN: Self = Self {
        wants_credentials: false,
        leads_to: None,
        announces: "",
        answers: None,
    };
    pub(crate) const WANTS_CREDENTIALS: Self = Self {
        wants_credentials: true,
        ..Self::OPEN
    };

    #[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
    pub(crate) fn leading_to(mut self, address: SocketAddr) -> Self {
        self.leads_to = Some(address);
        self
    }

    #[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
    pub(crate) fn announcing(mut self, answer: &'static str) -> Self {
        self.announces = answer;
        self
    }

    #[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
    pub(crate) fn answering(mut self, answer: String) -> Self {
        self.answers = Some(answer);
        self
    }
}

/// What a proxy saw: the heads that it was sent, and the bytes in its tunnels.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) connections: AtomicUsize,
    heads: Mutex<Vec<String>>,
    passed: Mutex<Vec<u8>>,
}

impl Seen {
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    #[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
    pub(crate) fn passed(&self) -> String {
        String::from_utf8_lossy(&self.passed.lock().unwrap()).into_owned()
    }
}

/// A proxy of HTTP. Plain requests it answers itself.
pub(crate) async fn proxy(manners: Manners) -> (SocketAddr, Arc<Seen>) {
    accepting(move |stream, seen| {
        let manners = manners.clone();
        async move {
            let _ = attend(stream, &manners, &seen).await;
        }
    })
    .await
}

/// A proxy of HTTP in TLS.
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
pub(crate) async fn secure_proxy(
    manners: Manners,
    config: Arc<rustls::ServerConfig>,
) -> (SocketAddr, Arc<Seen>) {
    let acceptor = tokio_rustls::TlsAcceptor::from(config);
    accepting(move |stream, seen| {
        let (manners, acceptor) = (manners.clone(), acceptor.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                let _ = attend(stream, &manners, &seen).await;
            }
        }
    })
    .await
}

/// A proxy of SOCKS 5 that wants credentials, and leads to one address.
pub(crate) async fn socks(leads_to: SocketAddr) -> (SocketAddr, Arc<Seen>) {
    socks_for(Some((USER.to_owned(), PASSWORD.to_owned())), leads_to).await
}

/// A proxy of SOCKS 5 for who has these credentials, or for everyone.
pub(crate) async fn socks_for(
    whom: Option<(String, String)>,
    leads_to: SocketAddr,
) -> (SocketAddr, Arc<Seen>) {
    accepting(move |stream, seen| {
        let whom = whom.clone();
        async move {
            let _ = attend_socks(stream, whom, leads_to, &seen).await;
        }
    })
    .await
}

/// What says this, byte by byte, whatever it is told, and the rest, if any, after the head of a request.
pub(crate) async fn parrot(says: Vec<u8>, rest: &'static [u8]) -> SocketAddr {
    let attend = move |mut stream: TcpStream, _| {
        let says = says.clone();
        async move {
            stream.set_nodelay(true).unwrap();
            for byte in says {
                let _ = stream.write_all(&[byte]).await;
                tokio::task::yield_now().await;
            }
            if !rest.is_empty() {
                let _ = head(&mut stream).await;
                let _ = stream.write_all(rest).await;
            }
            let _ = stream.shutdown().await;
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    };
    accepting(attend).await.0
}

async fn accepting<F, A>(attend: F) -> (SocketAddr, Arc<Seen>)
where
    F: Fn(TcpStream, Arc<Seen>) -> A + Send + 'static,
    A: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Seen::default());
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            kept.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(attend(stream, Arc::clone(&kept)));
        }
    });
    (address, seen)
}

async fn attend<T>(mut stream: T, manners: &Manners, seen: &Seen) -> std::io::Result<()>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(head) = head(&mut stream).await? {
        let wanted = manners.wants_credentials && !head.to_lowercase().contains(BASIC);
        let is_tunnel = head.starts_with("CONNECT ");
        seen.heads.lock().unwrap().push(head);
        if let Some(answer) = &manners.answers {
            return stream.write_all(answer.as_bytes()).await;
        }
        if wanted {
            let answer = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await?;
        } else if let (true, Some(leads_to)) = (is_tunnel, manners.leads_to) {
            stream.write_all(manners.announces.as_bytes()).await?;
            stream
                .write_all(b"HTTP/1.1 200 Connection established\r\nvia: 1.1 p\r\n\r\n")
                .await?;
            return relay(stream, TcpStream::connect(leads_to).await?, seen).await;
        } else if is_tunnel {
            return stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
        } else {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\nfrom the proxy";
            stream.write_all(answer).await?;
        }
    }
    Ok(())
}

/// A request's head, to its empty line.
async fn head<T: AsyncRead + Unpin>(stream: &mut T) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

/// Carries bytes both ways, and keeps those to the service.
async fn relay<T>(stream: T, service: TcpStream, seen: &Seen) -> std::io::Result<()>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let (mut from_client, mut to_client) = tokio::io::split(stream);
    let (mut from_service, mut to_service) = service.into_split();
    let there = async {
        let mut buffer = [0; 4096];
        loop {
            let count = from_client.read(&mut buffer).await?;
            if count == 0 {
                return to_service.shutdown().await;
            }
            seen.passed.lock().unwrap().extend_from_slice(&buffer[..count]);
            to_service.write_all(&buffer[..count]).await?;
        }
    };
    let back = async {
        tokio::io::copy(&mut from_service, &mut to_client).await?;
        to_client.shutdown().await
    };
    tokio::try_join!(there, back).map(drop)
}

async fn attend_socks(
    mut stream: TcpStream,
    whom: Option<(String, String)>,
    leads_to: SocketAddr,
    seen: &Seen,
) -> std::io::Result<()> {
    assert_eq!(stream.read_u8().await?, 5, "the version");
    let methods = string(&mut stream).await?;
    match whom {
        None => {
            assert!(methods.contains('\0'));
            stream.write_all(&[5, 0]).await?;
        }
        Some(_) if !methods.contains('\u{2}') => return stream.write_all(&[5, 0xFF]).await,
        Some(known) => {
            stream.write_all(&[5, 2]).await?;
            assert_eq!(stream.read_u8().await?, 1);
            let told = (string(&mut stream).await?, string(&mut stream).await?);
            let is_known = told == known;
            stream.write_all(&[1, u8::from(!is_known)]).await?;
            if !is_known {
                return Ok(());
            }
        }
    }
    let mut ask = [0; 4];
    stream.read_exact(&mut ask).await?;
    assert_eq!(ask[..3], [5, 1, 0], "a connection");
    let host = match ask[3] {
        1 => Ipv4Addr::from(stream.read_u32().await?).to_string(),
        3 => string(&mut stream).await?,
        4 => Ipv6Addr::from(stream.read_u128().await?).to_string(),
        kind => panic!("an address of the kind {kind}"),
    };
    let port = stream.read_u16().await?;
    seen.heads.lock().unwrap().push(format!("{host}:{port}"));
    stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await?;
    relay(stream, TcpStream::connect(leads_to).await?, seen).await
}

/// A byte for the length, and as many bytes.
async fn string(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = vec![0; usize::from(stream.read_u8().await?)];
    stream.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
