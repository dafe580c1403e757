//! Making a connection: a place for it, TCP, the way through a proxy, and TLS, within a time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::HttpConnector;
use lazuli_protocol::BoxError;
use tower::{Service, ServiceExt as _};

use super::link::{Io, Link};
use super::places::Places;
use super::proxy::{Manner, Proxies, Proxy, socks, tunnel};
use super::resolver::Resolver;
use super::tls::{Peer, Tls};
use crate::{Error, ErrorKind};

pub(crate) type Tcp = HttpConnector<Resolver>;

/// Connects within a time that covers the name's lookup, TCP, the proxy and TLS, but not the wait for a place. `https` that cannot be
/// spoken is refused with the reason.
#[derive(Clone)]
pub(crate) struct Connector(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) tcp: Tcp,
    pub(crate) tls: Tls,
    pub(crate) proxies: Arc<Proxies>,
    pub(crate) places: Option<Places>,
    pub(crate) timeout: Duration,
    // How long a connection waits for the other side to take what is written.
    pub(crate) patience: Duration,
}

impl Connector {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Service<Uri> for Connector {
    type Response = Link;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Link, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let parts = Arc::clone(&self.0);
        Box::pin(async move {
            if let Some(refusal) = parts.refusal(&uri) {
                return Err(refusal.into());
            }
            let place = match &parts.places {
                Some(places) => Some(places.take(&uri).await?),
                None => None,
            };
            match tokio::time::timeout(parts.timeout, parts.reach(&uri)).await {
                Ok(link) => Ok(link?.at(place).waiting(parts.patience)),
                Err(_) => Err(parts.late(&uri).into()),
            }
        })
    }
}

impl Parts {
    fn refusal(&self, uri: &Uri) -> Option<Error> {
        match is_plain(uri) {
            true => None,
            false => self.tls.refusal(),
        }
    }

    fn late(&self, uri: &Uri) -> Error {
        let timeout = self.timeout;
        let message = match self.proxies.of_url(uri) {
            None => {
                format!("no connection was made within {timeout:?}; check the host, the port and the network")
            }
            Some(proxy) => format!(
                "no connection was made within {timeout:?}, through the proxy {proxy}; check its address, the host and the port"
            ),
        };
        Error::new(ErrorKind::Connect, message)
    }

    async fn reach(&self, uri: &Uri) -> Result<Link, BoxError> {
        let Some(proxy) = self.proxies.of_url(uri) else {
            let io = self.tcp.clone().oneshot(uri.clone()).await?;
            return self.secured(uri, io).await;
        };
        if proxy.manner() == Manner::Socks {
            let io = self.through_socks(proxy, uri).await?;
            return self.secured(uri, io).await;
        }
        let io = self.to_proxy(proxy).await?;
        if is_plain(uri) {
            return Ok(Link::to_proxy(io));
        }
        let io = tunnel::open(io, proxy, uri).await?;
        self.secured(uri, io).await
    }

    /// TLS where the URL asks for it.
    async fn secured<T: Io + 'static>(&self, uri: &Uri, io: T) -> Result<Link, BoxError> {
        if is_plain(uri) {
            return Ok(Link::to_service(Box::new(io)));
        }
        let host = uri.host().unwrap_or_default();
        Ok(Link::to_service(
            self.tls.handshake(Peer::Service, host, io).await?,
        ))
    }

    async fn to_proxy(&self, proxy: &Proxy) -> Result<Box<dyn Io>, BoxError> {
        if proxy.manner() == Manner::Plain {
            return Ok(Box::new(self.tcp_to(proxy).await?));
        }
        if let Some(refusal) = self.tls.refusal() {
            return Err(refusal.into());
        }
        let io = self.tcp_to(proxy).await?;
        let secured = self.tls.handshake(Peer::Proxy, proxy.host(), io).await;
        secured.map_err(|error| proxy.insecure(error).into())
    }

    async fn through_socks(&self, proxy: &Proxy, uri: &Uri) -> Result<impl Io + use<>, BoxError> {
        let request = socks::request(proxy, uri)?;
        let io = self.tcp_to(proxy).await?;
        Ok(socks::open(io, proxy, &request).await?)
    }

    async fn tcp_to(&self, proxy: &Proxy) -> Result<impl Io + use<>, Error> {
        let io = self.tcp.clone().oneshot(proxy.url().clone()).await;
        io.map_err(|error| proxy.unreachable().because(error))
    }
}

fn is_plain(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTP)
}

/// The port that a URL leads to.
pub(super) fn port_of(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(match is_plain(uri) {
        true => 80,
        false => 443,
    })
}
