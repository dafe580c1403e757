//! What a caller can choose about connections: how many, whence, whereto, through what, and whom to trust.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use lazuli_protocol::BoxError;

use crate::{Proxies, TransportBuilder};

/// # Connections
/// What follows is for the stack over [hyper](Self::build); another bottom takes no notice of it.
impl TransportBuilder {
    /// The proxies that requests go through; none unless said otherwise, whatever the environment says:
    /// [`Proxies::from_process`] looks there. It is the proxy that looks up the names of hosts behind it, and [`resolve`](Self::resolve) and
    /// [`resolver`](Self::resolver) are for its own.
    pub fn proxies(mut self, proxies: Proxies) -> Self {
        self.hyper.proxies = proxies;
        self
    }

    /// The most connections that a host (a scheme, a name and a port) may have, be they in use, idle or being made; no limit unless said
    /// otherwise.
    ///
    /// A call that finds neither an idle connection nor a place for a new one waits in line. That takes from the time of its
    /// [try](Self::timeouts), unless it is a write with a body, and from its [deadline](Self::deadlines), but not from [`connect_timeout`](Self::connect_timeout). A
    /// connection is in use until the answer's body has been read or dropped. A call that is dropped before it has an answer closes its connection and
    /// frees the place at once. At 0, building fails.
    pub fn most_connections_per_host(mut self, most: usize) -> Self {
        self.hyper.most_connections = Some(most);
        self
    }

    /// The most idle connections that are kept for a host; 256 unless said otherwise, and with 0 every call makes its own.
    pub fn most_idle_connections_per_host(mut self, most: usize) -> Self {
        self.hyper.most_idle = most;
        self
    }

    /// How long an idle connection is kept; 90 s unless said otherwise, and at most a year. Azure closes those that are silent for four minutes, without a word.
    pub fn idle_time(mut self, time: Duration) -> Self {
        self.hyper.idle_time = time;
        self
    }

    /// After how much silence TCP asks whether the other side is still there; 60 s unless said otherwise, in whole seconds, and `None` for
    /// never.
    pub fn tcp_keepalive(mut self, time: Option<Duration>) -> Self {
        self.hyper.keepalive = time;
        self
    }

    /// How long the preferred kind of addresses of a name, IPv6 or IPv4, is tried alone, before the other kind is tried beside it; the 250 ms
    /// of RFC 8305 ("happy eyeballs") unless said otherwise. Of one kind, an address that does not answer leaves room for the next within
    /// [`connect_timeout`](Self::connect_timeout).
    pub fn happy_eyeballs_delay(mut self, delay: Duration) -> Self {
        self.hyper.happy_eyeballs = delay;
        self
    }

    /// The address of this machine that connections start from; the system chooses unless said otherwise. Only hosts with addresses of the
    /// same kind, IPv4 or IPv6, can be reached then.
    pub fn local_address(mut self, address: IpAddr) -> Self {
        self.hyper.local_address = Some(address);
        self
    }

    /// The addresses of a host, instead of what its name says elsewhere. The signature, the `Host` header and TLS keep to the name.
    ///
    /// A port in the URL goes before that of an address; where the URL has none, port 0 stands for the scheme's. `localhost` and
    /// the names below it always lead to this machine: with one of them, building fails.
    pub fn resolve(
        mut self,
        host: impl Into<String>,
        addresses: impl IntoIterator<Item = SocketAddr>,
    ) -> Self {
        let addresses = addresses.into_iter().collect();
        self.hyper.lookup.know(&host.into(), addresses);
        self
    }

    /// Whom to ask for the addresses of a name, instead of the system: it is told the name, and its ports are used as those of
    /// [`resolve`](Self::resolve), which goes before it. It is never asked for `localhost` and the names below it.
    ///
    /// ```
    /// use std::net::SocketAddr;
    /// use lazuli_transport::Transport;
    ///
    /// let transport = Transport::builder()
    ///     .resolver(|name: String| async move {
    ///         match name.as_str() {
    ///             "example.blob.core.windows.net" => Ok(vec![SocketAddr::from(([10, 0, 0, 4], 0))]),
    ///             _ => Err(format!("no address of {name} is known here").into()),
    ///         }
    ///     })
    ///     .build()?;
    /// # let _ = transport;
    /// # Ok::<(), lazuli_transport::Error>(())
    /// ```
    pub fn resolver<F, A>(mut self, ask: F) -> Self
    where
        F: Fn(String) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Vec<SocketAddr>, BoxError>> + Send + 'static,
    {
        self.hyper.lookup.ask = Some(Arc::new(move |name| Box::pin(ask(name))));
        self
    }

    /// Trusts these authorities too, beside those that the machine trusts: one certificate or more, in PEM.
    ///
    /// What the machine trusts is read when [building](Self::build): where the environment names a file or folders of certificates in
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR`, those, and else the system's own. [`trust_only_pem`](Self::trust_only_pem) reads neither.
    ///
    /// Building fails with [`Tls`](crate::ErrorKind::Tls) when there is none, or one cannot be read.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.hyper.tls.add_roots(pem.as_ref());
        self
    }

    /// Trusts these authorities and those of [`root_certificates_pem`](Self::root_certificates_pem), and none that the machine trusts.
    /// What they sign is trusted for proxies that speak TLS as well.
    pub fn trust_only_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.hyper.tls.add_roots(pem.as_ref());
        self.hyper.tls.forget_machine();
        self
    }

    /// Who this client is, for services that ask for a certificate (mTLS): the chain in PEM, its own certificate first, and the private key
    /// in PEM: PKCS #8, PKCS #1 or SEC 1, and not encrypted. PEM that holds both can be given as both. Proxies are not shown it.
    ///
    /// Building fails with [`Tls`](crate::ErrorKind::Tls) when one of them cannot be read, or the key is another certificate's.
    pub fn client_certificate_pem(mut self, chain: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.hyper.tls.identify(chain.as_ref(), key.as_ref());
        self
    }

    /// Whether TLS 1.2 is refused, so that only 1.3 is spoken. Without this it is either; what is older is never spoken.
    pub fn only_tls_1_3(mut self, only: bool) -> Self {
        self.hyper.tls.only_1_3(only);
        self
    }
}
