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
    let broken = |error| broke_off(proxy).because(error);
    io.write_all(&request).await.map_err(broken)?;
    // TLS to the proxy may hold it back otherwise.
    io.flush().await.map_err(broken)?;
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

/// The status of the answer, after those that only say that one will come.
async fn answer<T: Io>(io: &mut TokioIo<T>, proxy: &Proxy) -> Result<u16, Error> {
    let mut read = Vec::with_capacity(1024);
    let mut left = LONGEST_ANSWER;
    loop {
        match head(&read) {
            Ok(Some((status, length))) if is_preliminary(status) => {
                read.drain(..length.min(read.len()));
                continue;
            }
            // In TLS it is the client that speaks first.
            Ok(Some((200..300, length))) if read.len() > length => {
                let what = "says more than that there is a tunnel; check that it is a proxy";
                return Err(proxy.error(ErrorKind::Proxy, what));
            }
            Ok(Some((status, _))) => return Ok(status),
            Ok(None) if left > 0 => {}
            _ => {
                let what = "answers with something that is no HTTP; check its address and its port";
                return Err(proxy.error(ErrorKind::Proxy, what));
            }
        }
        let count = io.read_buf(&mut read).await;
        let count = count.map_err(|error| broke_off(proxy).because(error))?;
        if count == 0 {
            return Err(broke_off(proxy));
        }
        left = left.saturating_sub(count);
    }
}

/// The status and the length of an answer's head, once it is there.
fn head(read: &[u8]) -> Result<Option<(u16, usize)>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    Ok(match answer.parse(read)? {
        httparse::Status::Complete(length) => Some((answer.code.unwrap_or_default(), length)),
        httparse::Status::Partial => None,
    })
}

/// Whether another answer follows. After 101 (Switching Protocols) none does.
fn is_preliminary(status: u16) -> bool {
    matches!(status, 100..200) && status != 101
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
