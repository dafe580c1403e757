//! What the tests over sockets share: a certificate authority of their own, and a server that speaks TLS.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use lazuli_protocol::{Body, ResponseBody};
use lazuli_transport::{Error, RetryPolicy, Transport, TransportBuilder};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::{ServiceExt as _, service_fn};

pub(crate) const LONG_AGO: OffsetDateTime = datetime!(2001-01-01 0:00 UTC);
pub(crate) const NOT_LONG_AGO: OffsetDateTime = datetime!(2002-01-01 0:00 UTC);
pub(crate) const NOT_SOON: OffsetDateTime = datetime!(2901-01-01 0:00 UTC);
pub(crate) const LATER: OffsetDateTime = datetime!(2902-01-01 0:00 UTC);

static AUTHORITIES: AtomicUsize = AtomicUsize::new(1);

/// Whoever signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
pub(crate) struct Pair {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).unwrap());
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}

impl Pair {
    pub(crate) fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    pub(crate) fn key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.key)
    }
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // Two of one name could not be told apart, but by their signatures.
        let name = format!("authority {}", AUTHORITIES.fetch_add(1, Ordering::SeqCst));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.not_before, params.not_after) = (LONG_AGO, LATER);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn root_pem(&self) -> String {
        pem("CERTIFICATE", self.0.der())
    }

    fn root(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A certificate for a name, for servers and clients, good from one time to another.
    pub(crate) fn sign(&self, name: &str, from: OffsetDateTime, to: OffsetDateTime) -> Pair {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (from, to);
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Pair {
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        }
    }

    pub(crate) fn good(&self, name: &str) -> Pair {
        self.sign(name, LONG_AGO, LATER)
    }
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "aws-lc-rs")]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    let provider = rustls::crypto::ring::default_provider();
    Arc::new(provider)
}

/// How a server speaks TLS: as whom, in which versions, and with clients of whom, if it asks them.
pub(crate) fn speaking(
    pair: &Pair,
    versions: &[&'static SupportedProtocolVersion],
    clients: Option<&Authority>,
) -> Arc<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.root()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::try_from(pair.key.clone()).unwrap();
    let chain = vec![CertificateDer::from(pair.certificate.clone())];
    Arc::new(builder.with_single_cert(chain, key).unwrap())
}

/// What a server saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) connections: AtomicUsize,
    pub(crate) requests: Mutex<Vec<(String, HeaderMap)>>,
}

/// A server that answers everything with `hello`.
pub(crate) async fn serve(config: Arc<ServerConfig>) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Seen::default());
    let watched = Arc::clone(&seen);
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(config);
        while let Ok((stream, _)) = listener.accept().await {
            watched.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(answer(acceptor.clone(), stream, Arc::clone(&watched)));
        }
    });
    (address, seen)
}

async fn answer(acceptor: TlsAcceptor, stream: TcpStream, seen: Arc<Seen>) {
    let stream = match acceptor.accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((_, mut stream)) => {
            // What the server has to say must not be lost in a reset: the client closes first.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            return;
        }
    };
    let service = service_fn(move |request: Request<Incoming>| {
        let line = (request.uri().to_string(), request.headers().clone());
        seen.requests.lock().unwrap().push(line);
        std::future::ready(Ok::<_, http::Error>(Response::new(Full::new(
            Bytes::from_static(b"hello"),
        ))))
    });
    let served =
        http1::Builder::new().serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let _ = served.await;
}

/// A stack that tries once, and whose `*.test` are at an address of this machine.
pub(crate) fn client(names: &[&str], address: SocketAddr) -> TransportBuilder {
    let builder = Transport::builder().retry(RetryPolicy::never());
    names
        .iter()
        .fold(builder, |builder, name| builder.resolve(*name, [address]))
}

pub(crate) async fn get(builder: &TransportBuilder, url: &str) -> Result<Response<ResponseBody>, Error> {
    let request = Request::get(url).body(Body::empty()).unwrap();
    builder.clone().build()?.oneshot(request).await
}
