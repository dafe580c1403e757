//! Reading foreign errors: which kind of failure is behind what a client or a service at the bottom returned.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;
use lazuli_protocol::BoxError;

use super::{Error, ErrorKind};

impl From<BoxError> for Error {
    /// Finds out what kind of failure this is, from the error and the causes below it.
    fn from(error: BoxError) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(own) => return *own,
            Err(error) => error,
        };
        let error = match error.downcast::<lazuli_protocol::Error>() {
            Ok(error) => return (*error).into(),
            Err(error) => error,
        };
        // An error of this crate that went through the client: a body that could not be read, a connection that was refused.
        let own = chain(&*error).find_map(|cause| cause.downcast_ref::<Self>());
        let found = own.map_or_else(|| foreign(&*error), Self::again);
        found.because(error)
    }
}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

fn foreign(error: &(dyn StdError + 'static)) -> Error {
    #[cfg(feature = "_tls")]
    if let Some(tls) = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Error::new(ErrorKind::Tls, crate::bottom::explain(tls));
    }
    let refused = chain(error)
        .filter_map(|cause| cause.downcast_ref::<legacy::Error>())
        .any(legacy::Error::is_connect);
    if refused {
        let message = "no connection could be made; check the host, the port and the network";
        return Error::new(ErrorKind::Connect, message);
    }
    Error::new(
        ErrorKind::Connection,
        "the connection failed before an answer came",
    )
}

/// An error and the causes below it. An `io::Error` hides what it wraps from `source()`, so that is asked for by its own method.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}
