//! Finding addresses: `localhost` and the names below it are this machine, whatever a name server says.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use lazuli_protocol::BoxError;
use tower::Service;

use crate::secure;

type Found = Pin<Box<dyn Future<Output = Result<Vec<SocketAddr>, BoxError>> + Send>>;

/// Where the addresses of names come from, before the system is asked.
#[derive(Clone, Default)]
pub(crate) struct Lookup {
    // By the name in lower case, without a dot at its end.
    known: BTreeMap<String, Vec<SocketAddr>>,
    pub(crate) ask: Option<Arc<dyn Fn(String) -> Found + Send + Sync>>,
}

impl Lookup {
    pub(crate) fn know(&mut self, name: &str, addresses: Vec<SocketAddr>) {
        self.known.insert(plain(name), addresses);
    }

    /// Names that have addresses here, and must not.
    pub(crate) fn misplaced(&self) -> Option<&str> {
        let mut names = self.known.keys().map(String::as_str);
        names.find(|name| secure::is_localhost(name))
    }
}

fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Lookup");
        shown.field("known", &self.known).finish_non_exhaustive()
    }
}

/// Asks the system for addresses, or whoever else is to be asked, but for `localhost` and `*.localhost` (RFC 6761): plain `http` is
/// allowed to those names, so they must lead nowhere else, and many systems do not know `account.blob.localhost`.
#[derive(Clone)]
pub(crate) struct Resolver {
    lookup: Arc<Lookup>,
    system: GaiResolver,
}

impl Resolver {
    pub(crate) fn new(lookup: Lookup) -> Self {
        Self {
            lookup: Arc::new(lookup),
            system: GaiResolver::new(),
        }
    }
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.system.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        if secure::is_localhost(name.as_str()) {
            let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            // The port is the URL's, and filled in by the client.
            let own = own.map(|address| SocketAddr::new(address, 0)).to_vec();
            return Box::pin(std::future::ready(Ok(own.into_iter())));
        }
        if let Some(known) = self.lookup.known.get(&plain(name.as_str())) {
            return Box::pin(std::future::ready(Ok(known.clone().into_iter())));
        }
        if let Some(ask) = &self.lookup.ask {
            let asked = ask(name.as_str().to_owned());
            return Box::pin(async move { Ok(asked.await?.into_iter()) });
        }
        let asked = self.system.call(name);
        Box::pin(async move { Ok(asked.await?.collect::<Vec<_>>().into_iter()) })
    }
}
