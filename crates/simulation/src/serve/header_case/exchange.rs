//! One request and its answer, over a connection that is in memory only.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future as _, ready};
use std::pin::pin;
use std::task::{Context, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

/// Has hyper read a head of that many headers and write the answer to it, with the case of both. What it wrote comes back; nothing, if it
/// did not get there.
pub(super) fn exchange<F>(head: &[u8], headers: usize, answer: F) -> Vec<u8>
where
    F: FnOnce(Request<Incoming>) -> Response<Empty<Bytes>>,
{
    let mut written = Vec::new();
    let answer = Cell::new(Some(answer));
    let service = service_fn(|request| {
        let answer = answer.take().map(|answer| answer(request));
        ready(Ok::<_, Infallible>(answer.unwrap_or_default()))
    });
    let connection = http1::Builder::new()
        .preserve_header_case(true)
        .keep_alive(false)
        // Nothing follows the head, which is no reason to give the answer up.
        .half_close(true)
        .auto_date_header(false)
        .header_read_timeout(None)
        .max_headers(headers)
        .serve_connection(TokioIo::new(tokio::io::join(head, &mut written)), service);
    // Nothing of it waits for anything, so once is enough.
    let mut at_once = Context::from_waker(Waker::noop());
    if pin!(connection).poll(&mut at_once).is_pending() {
        tracing::debug!("a connection in memory did not come to its end");
    }
    written
}
