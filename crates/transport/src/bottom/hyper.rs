//! hyper at the bottom: HTTP/1.1 over TCP and TLS, with a pool of connections.

use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connector::TimedConnector;
use super::resolver::Resolver;
use super::{Bottom, OutgoingBody, tls};
use crate::Error;

// A blob may carry 8 KiB of metadata, in many small headers; hyper stops at 100 headers otherwise.
const MOST_HEADERS: usize = 512;
// A load balancer of Azure forgets a silent connection after four minutes: be the first.
const POOL_IDLE: Duration = Duration::from_secs(90);
const MOST_IDLE_PER_HOST: usize = 256;
const KEEPALIVE: Duration = Duration::from_secs(60);

/// What a caller can choose.
#[derive(Clone, Debug)]
pub(crate) struct HyperOptions {
    pub(crate) connect_timeout: Duration,
}

impl Default for HyperOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
        }
    }
}

impl HyperOptions {
    pub(crate) fn connect(&self) -> Result<Bottom<Client<TimedConnector, OutgoingBody>>, Error> {
        let mut tcp = HttpConnector::new_with_resolver(Resolver::new());
        // The layer above TCP says which schemes there are.
        tcp.enforce_http(false);
        // A request is written in one go: holding back its last packet only costs time.
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        let connector = TimedConnector::new(tls::secure(tcp)?, self.connect_timeout);
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(MOST_IDLE_PER_HOST)
            .http1_max_headers(MOST_HEADERS)
            .build(connector);
        Ok(Bottom::new(client))
    }
}
