//! Finding addresses: `localhost` and the names below it are this machine, whatever a name server says.

use std::future::Future;
use std::io;
use std::iter::Chain;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use tower::Service;

use crate::secure;

/// Asks the system for addresses, but for `localhost` and `*.localhost` (RFC 6761): plain `http` is allowed to those names, so they must
/// lead nowhere else, and many systems do not know `account.blob.localhost`.
#[derive(Clone, Debug)]
pub(crate) struct Resolver(GaiResolver);

pub(crate) type Addresses =
    Chain<std::vec::IntoIter<SocketAddr>, std::iter::Flatten<std::option::IntoIter<GaiAddrs>>>;

impl Resolver {
    pub(crate) fn new() -> Self {
        Self(GaiResolver::new())
    }
}

impl Service<Name> for Resolver {
    type Response = Addresses;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Addresses>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        if secure::is_localhost(name.as_str()) {
            let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            // The port is the URL's, and filled in by the client.
            let own = own.map(|address| SocketAddr::new(address, 0)).to_vec();
            return Box::pin(std::future::ready(Ok(addresses(own, None))));
        }
        let asked = self.0.call(name);
        Box::pin(async move { Ok(addresses(Vec::new(), Some(asked.await?))) })
    }
}

fn addresses(known: Vec<SocketAddr>, asked: Option<GaiAddrs>) -> Addresses {
    known.into_iter().chain(asked.into_iter().flatten())
}
