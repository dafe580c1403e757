//! The server: one container with many blobs, in a thread of its own.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

use crate::pages;

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
    let pages = Arc::new(pages::all());
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let pages = Arc::clone(&pages);
        let answer = service_fn(move |request| {
            let answer = answer(&request, &pages);
            async move { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), answer));
    }
}

fn answer(request: &Request<Incoming>, pages: &[Bytes]) -> Response<Full<Bytes>> {
    let page = pages::asked(request.uri().query().unwrap_or_default());
    let body = pages.get(page).cloned().unwrap_or_default();
    let mut response = Response::new(Full::new(body));
    for (name, value) in [
        ("content-type", "application/xml"),
        ("server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
        ("x-ms-request-id", "d5f3ed3a-901e-0037-7a3e-32a3f3000000"),
        ("x-ms-version", "2026-06-06"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
