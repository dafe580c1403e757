//! A request's name in messages: its operation, method, host and path. A query may hold a token and is left out.

use std::fmt;

use http::{Method, Request, Uri};
use lazuli_protocol::OperationInfo;

#[derive(Clone)]
pub(crate) struct RequestLine {
    operation: Option<&'static str>,
    method: Method,
    uri: Uri,
}

impl RequestLine {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        let info = request.extensions().get::<OperationInfo>();
        Self {
            operation: info.map(|info| info.name),
            method: request.method().clone(),
            uri: request.uri().clone(),
        }
    }
}

impl fmt::Display for RequestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "{operation} ")?;
        }
        write!(f, "{} ", self.method)?;
        // The host of an authority, and not the user name and password that may stand before it.
        f.write_str(self.uri.host().unwrap_or_default())?;
        if let Some(port) = self.uri.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.uri.path())
    }
}

impl fmt::Debug for RequestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestLine({self})")
    }
}
