//! Making a connection, TLS and all, within a time.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use lazuli_protocol::BoxError;
use tower::Service;

use super::tls::{Connector, Secured};
use crate::{Error, ErrorKind};

/// Connects within a time that covers the name's lookup, TCP and TLS. `https` that cannot be spoken is refused with the reason.
#[derive(Clone)]
pub(crate) struct TimedConnector {
    secured: Secured,
    timeout: Duration,
}

type Connection = <Connector as Service<Uri>>::Response;

impl TimedConnector {
    pub(crate) fn new(secured: Secured, timeout: Duration) -> Self {
        Self { secured, timeout }
    }
}

// With TLS the connector's error is boxed already, without it is not.
fn boxed(error: impl Into<BoxError>) -> BoxError {
    error.into()
}

impl Service<Uri> for TimedConnector {
    type Response = Connection;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.secured.connector.poll_ready(cx).map_err(boxed)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let refusal = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => None,
            _ => self.secured.refusal(),
        };
        if let Some(refusal) = refusal {
            return Box::pin(std::future::ready(Err(refusal.into())));
        }
        let timeout = self.timeout;
        let connecting = tokio::time::timeout(timeout, self.secured.connector.call(uri));
        Box::pin(async move {
            match connecting.await {
                Ok(connection) => connection.map_err(boxed),
                Err(_) => {
                    let message = format!(
                        "no connection was made within {timeout:?}; check the host, the port and the network"
                    );
                    Err(Error::new(ErrorKind::Connect, message).into())
                }
            }
        })
    }
}
