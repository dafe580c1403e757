//! How an exchange ends that has no answer.

use std::error::Error as StdError;
use std::fmt;
use std::future::ready;
use std::io;

use bytes::Bytes;
use http::Uri;
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use lazuli_protocol::BoxError;
use tokio::net::TcpStream;

/// The connection is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Before an answer came.
    Closed,
    /// While the body of the request was read.
    Upload,
    /// In the body of the answer.
    Reset,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "a fault: the connection was closed before an answer",
            Self::Upload => "a fault: the connection was reset during the request",
            Self::Reset => "a fault: the connection was reset during the answer",
        })
    }
}

impl StdError for Failure {}

/// The error of a client that finds nobody to connect to: a real one, so that callers know it for what it is.
pub(super) async fn refused() -> BoxError {
    let nobody = tower::service_fn(|_: Uri| {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        ready(Err::<TokioIo<TcpStream>, _>(refused))
    });
    let client = Client::builder(TokioExecutor::new()).build::<_, Empty<Bytes>>(nobody);
    match client.get(Uri::from_static("http://127.0.0.1:1/")).await {
        Ok(_) => Failure::Closed.into(),
        Err(error) => error.into(),
    }
}
