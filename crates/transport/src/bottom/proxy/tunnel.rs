//! A tunnel through an HTTP proxy (CONNECT). The proxy is told the host, the port and its own credentials, and nothing of the request.

use http::Uri;
use hyper_util::rt::TokioIo;
use lazuli_protocol::BoxError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use super::super::connector::port_of;
use super::super::link::Io;
use super::Proxy;
use crate::{Error, ErrorKind};

// What a proxy may say before the tunnel is open.
const LONGEST_ANSWER: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// Asks the proxy at the other end for a tunnel to the host of the URL.
///
/// # Errors
/// [`Proxy`](ErrorKind::Proxy) when it refuses, [`Connect`](ErrorKind::Connect) when it or the way behind it is broken.
pub(crate) async fn open<T: Io>(io: T, proxy: &Proxy, to: &Uri) -> Result<T, BoxError> {
    let mut io = TokioIo::new(io);
    let request = Zeroizing::new(request(proxy, to));
    let sent = io.write_all(&request).await;
    sent.map_err(|error| broke_off(proxy).because(error))?;
    let status = answer(&mut io, proxy).await?;
    refusal(proxy, status).map_or(Ok(io.into_inner()), |error| Err(error.into()))
}

fn request(proxy: &Proxy, to: &Uri) -> Vec<u8> {
    let (host, port) = (to.host().unwrap_or_default(), port_of(to));
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(basic) = proxy.basic() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(basic.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request
}

/// The status of the answer. In TLS it is the client that speaks first, so nothing of the service can come with it.
async fn answer<T: Io>(io: &mut TokioIo<T>, proxy: &Proxy) -> Result<u16, Error> {
    let mut read = Vec::with_capacity(1024);
    loop {
        let count = io.read_buf(&mut read).await;
        if count.map_err(|error| broke_off(proxy).because(error))? == 0 {
            return Err(broke_off(proxy));
        }
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut answer = httparse::Response::new(&mut headers);
        match answer.parse(&read) {
            Ok(httparse::Status::Complete(_)) => return Ok(answer.code.unwrap_or_default()),
            Ok(httparse::Status::Partial) if read.len() < LONGEST_ANSWER => {}
            _ => {
                let what = "answers with something that is no HTTP; check its address and its port";
                return Err(proxy.error(ErrorKind::Proxy, what));
            }
        }
    }
}

fn refusal(proxy: &Proxy, status: u16) -> Option<Error> {
    match status {
        200..300 => None,
        407 => Some(proxy.wants_credentials()),
        // The way behind it: another try may fare better.
        408 | 429 | 500.. => Some(proxy.error(
            ErrorKind::Connect,
            &format!("answers {status}, so it cannot reach the host now; try again later"),
        )),
        _ => Some(proxy.error(
            ErrorKind::Proxy,
            &format!("answers {status}, so it does not let this host through; ask who runs it"),
        )),
    }
}

fn broke_off(proxy: &Proxy) -> Error {
    proxy.error(
        ErrorKind::Connect,
        "ended the connection before there was a tunnel; check its address and its port",
    )
}
