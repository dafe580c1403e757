//! A build without TLS: `https` is refused with the reason.

use lazuli_protocol::BoxError;

use super::super::link::Io;
use super::{Peer, TlsOptions};
use crate::{Error, ErrorKind};

const NOT_BUILT_IN: &str =
    "https is not built in; build with the feature aws-lc-rs or ring of lazuli-transport";

/// No TLS.
pub(crate) struct Tls;

impl Tls {
    // The other build's can fail.
    #[expect(clippy::unnecessary_wraps, reason = "the same signature with TLS and without")]
    pub(crate) fn new(_: &TlsOptions) -> Result<Self, Error> {
        Ok(Self)
    }

    pub(crate) fn refusal(&self) -> Option<Error> {
        Some(Error::new(ErrorKind::Tls, NOT_BUILT_IN))
    }

    pub(crate) async fn handshake<T: Io + 'static>(
        &self,
        _: Peer,
        _: &str,
        _: T,
    ) -> Result<Box<dyn Io>, BoxError> {
        Err(Error::new(ErrorKind::Tls, NOT_BUILT_IN).into())
    }
}
