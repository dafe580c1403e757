//! hyper at the bottom: HTTP/1.1 over TCP and TLS, with a pool of connections.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::Bottom;
use super::client::Client;
use super::connector::{Connector, Parts, Tcp};
use super::places::Places;
use super::proxy::Proxies;
use super::resolver::{Lookup, Resolver};
use super::tls::{Tls, TlsOptions};
use crate::{Error, ErrorKind};

// A blob may carry 8 KiB of metadata, in many small headers; hyper stops at 100 headers otherwise.
const MOST_HEADERS: usize = 512;
// A load balancer of Azure forgets a silent connection after four minutes: be the first.
const POOL_IDLE: Duration = Duration::from_secs(90);
// The pool reckons with times as far as the clock reaches, and would panic beyond.
const LONGEST_IDLE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
const MOST_IDLE_PER_HOST: usize = 256;
const KEEPALIVE: Duration = Duration::from_secs(60);
// How long nothing that is written may be taken: more than an upload may stall, or long where nobody watches that.
const PATIENCE: Duration = Duration::from_secs(120);
const LONG_PATIENCE: Duration = Duration::from_secs(60 * 60);
// What RFC 8305 calls the connection attempt delay.
const HAPPY_EYEBALLS: Duration = Duration::from_millis(250);

/// What a caller can choose.
#[derive(Clone, Debug)]
pub(crate) struct HyperOptions {
    pub(crate) connect_timeout: Duration,
    pub(super) happy_eyeballs: Duration,
    pub(super) idle_time: Duration,
    pub(super) keepalive: Option<Duration>,
    pub(super) local_address: Option<IpAddr>,
    pub(super) lookup: Lookup,
    pub(super) most_connections: Option<usize>,
    pub(super) most_idle: usize,
    pub(super) patience: Duration,
    pub(super) proxies: Proxies,
    pub(super) tls: TlsOptions,
}

impl Default for HyperOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            happy_eyeballs: HAPPY_EYEBALLS,
            idle_time: POOL_IDLE,
            keepalive: Some(KEEPALIVE),
            local_address: None,
            lookup: Lookup::default(),
            most_connections: None,
            most_idle: MOST_IDLE_PER_HOST,
            patience: PATIENCE,
            proxies: Proxies::none(),
            tls: TlsOptions::default(),
        }
    }
}

impl HyperOptions {
    /// Waits longer for the other side of a connection than uploads may stall, if they are watched at all: who watches them knows more of
    /// them.
    pub(crate) fn outlasting(mut self, stalls: Option<Duration>) -> Self {
        self.patience = stalls.map_or(LONG_PATIENCE, |window| PATIENCE.max(window.saturating_mul(2)));
        self
    }

    /// Whether a call may have to wait for a connection.
    pub(crate) fn limits_connections(&self) -> bool {
        self.most_connections.is_some()
    }

    pub(crate) fn connect(self) -> Result<Bottom<Client>, Error> {
        self.check()?;
        let is_limited = self.most_connections.is_some();
        let (idle_time, most_idle) = (self.idle_time.min(LONGEST_IDLE), self.most_idle);
        let proxies = Arc::new(self.proxies.clone());
        let connector = Connector::new(Parts {
            tls: Tls::new(&self.tls)?,
            places: self.most_connections.map(Places::new),
            proxies: Arc::clone(&proxies),
            timeout: self.connect_timeout,
            patience: self.patience,
            tcp: self.tcp(),
        });
        let pool = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(idle_time)
            .pool_max_idle_per_host(most_idle)
            .http1_max_headers(MOST_HEADERS)
            .build(connector);
        Ok(Bottom::new(Client::new(pool, proxies, is_limited)))
    }

    fn check(&self) -> Result<(), Error> {
        if self.most_connections == Some(0) {
            let message = "most_connections_per_host is 0, so nothing could be sent; allow at least 1";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        if let Some(name) = self.lookup.misplaced() {
            let message = format!(
                "{name} always leads to this machine, and cannot be given other addresses; use another name"
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(())
    }

    fn tcp(self) -> Tcp {
        let mut tcp = Tcp::new_with_resolver(Resolver::new(self.lookup));
        // The layer above TCP says which schemes there are.
        tcp.enforce_http(false);
        // A request is written in one go: holding back its last packet only costs time.
        tcp.set_nodelay(true);
        tcp.set_keepalive(self.keepalive);
        tcp.set_happy_eyeballs_timeout(Some(self.happy_eyeballs));
        tcp.set_local_address(self.local_address);
        // Shared out among the addresses of a name, so that one that never answers leaves time for the next.
        tcp.set_connect_timeout(Some(self.connect_timeout));
        tcp
    }
}
