//! A build with TLS: its handshake, with a service or a proxy.

use hyper_util::rt::TokioIo;
use lazuli_protocol::BoxError;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::super::link::Io;
use super::config::{self, Configs};
use super::{Peer, TlsOptions};
use crate::{Error, ErrorKind};

/// TLS 1.2 and 1.3.
pub(crate) struct Tls(Configs);

impl Tls {
    pub(crate) fn new(options: &TlsOptions) -> Result<Self, Error> {
        Ok(Self(config::read(options)?))
    }

    /// Why no handshake could succeed, if so.
    pub(crate) fn refusal(&self) -> Option<Error> {
        self.0.fault.map(|fault| Error::new(ErrorKind::Tls, fault))
    }

    pub(crate) async fn handshake<T: Io + 'static>(
        &self,
        peer: Peer,
        host: &str,
        io: T,
    ) -> Result<Box<dyn Io>, BoxError> {
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned())?;
        let config = match peer {
            Peer::Service => &self.0.service,
            Peer::Proxy => &self.0.proxy,
        };
        let connector = TlsConnector::from(std::sync::Arc::clone(config));
        let secured = connector.connect(name, TokioIo::new(io)).await?;
        Ok(Box::new(TokioIo::new(secured)))
    }
}
