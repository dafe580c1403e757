//! The server: two blobs, with the headers that Blob Storage sends, in a thread of its own.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

const SMALL: usize = 1024;
const PIECE: usize = 256 * 1024;
const PIECES: usize = 4096;

/// What there is to read.
#[derive(Clone, Copy)]
pub enum Blob {
    /// 1 KiB.
    Small,
    /// 1 GiB.
    Large,
}

impl Blob {
    pub fn length(self) -> u64 {
        match self {
            Self::Small => SMALL as u64,
            Self::Large => (PIECE * PIECES) as u64,
        }
    }

    pub fn url(self, address: SocketAddr) -> String {
        let name = match self {
            Self::Small => "small",
            Self::Large => "large",
        };
        format!("http://{address}/devstoreaccount1/box/{name}")
    }
}

/// Starts it; it ends with the program.
pub fn start() -> Result<SocketAddr, Box<dyn Error>> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::spawn(move || runtime.block_on(serve(listener)));
    Ok(address)
}

async fn serve(listener: std::net::TcpListener) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service_fn(blob)));
    }
}

async fn blob(request: Request<Incoming>) -> Result<Response<BoxBody<Bytes, Infallible>>, Infallible> {
    static CONTENT: [u8; PIECE] = [7; PIECE];
    let large = request.uri().path().ends_with("large");
    Ok(if large {
        let pieces = (0..PIECES).map(|_| Ok(Frame::data(Bytes::from_static(&CONTENT))));
        answer(PIECE * PIECES, StreamBody::new(stream::iter(pieces)).boxed())
    } else {
        let content = CONTENT.get(..SMALL).unwrap_or(&CONTENT);
        answer(SMALL, Full::new(Bytes::from_static(content)).boxed())
    })
}

/// An answer to Get Blob.
pub fn answer<B>(length: usize, body: B) -> Response<B> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert("content-length", length.into());
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT"),
        ("accept-ranges", "bytes"),
        ("etag", "\"0x8DB00B3D1C6E1F2\""),
        ("server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
        ("x-ms-request-id", "d5f3ed3a-901e-0037-7a3e-32a3f3000000"),
        ("x-ms-version", "2026-06-06"),
        ("x-ms-creation-time", "Fri, 27 Jan 2023 22:27:27 GMT"),
        ("x-ms-lease-status", "unlocked"),
        ("x-ms-lease-state", "available"),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-server-encrypted", "true"),
    ] {
        headers.insert(name, http::HeaderValue::from_static(value));
    }
    response
}
