//! Which URL goes through which proxy.

use std::net::IpAddr;
use std::sync::Arc;

use http::Uri;

use super::super::connector::port_of;
use super::bypass::Bypass;
use super::{Manner, Proxy};
use crate::secure;

/// The proxies that requests go through, and the hosts that none is for.
///
/// `https` goes through a tunnel, in which the proxy sees the host and nothing else. Plain `http` is handed to an HTTP proxy as it
/// is, signature and all.
///
/// Hosts of this machine (`localhost` and the names below it, 127.0.0.0/8 and `::1`) are never behind a proxy, unless
/// [`loopback`](Self::loopback) says so. Nor are addresses of this machine's own link (169.254.0.0/16 and fe80::/10), unless
/// [`link_local`](Self::link_local) does: at 169.254.169.254 Azure tells a machine who it is, and would tell a proxy who that is.
///
/// ```
/// use lazuli_transport::{Proxies, Proxy, Transport};
///
/// let proxies = Proxies::all(Proxy::parse("http://proxy.example:3128")?).bypass("10.0.0.0/8, .corp.example, *:10000");
/// let transport = Transport::builder().proxies(proxies).build()?;
/// # let _ = transport;
///
/// // What the environment of this process says.
/// let transport = Transport::builder().proxies(Proxies::from_process()?).build()?;
/// # let _ = transport;
/// # Ok::<(), lazuli_transport::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Proxies {
    http: Option<Arc<Proxy>>,
    https: Option<Arc<Proxy>>,
    bypass: Bypass,
    loopback: bool,
    link_local: bool,
}

impl Proxies {
    /// None: every host is reached directly.
    pub fn none() -> Self {
        Self::default()
    }

    /// One proxy for `http` and `https` alike.
    pub fn all(proxy: Proxy) -> Self {
        let proxy = Some(Arc::new(proxy));
        Self {
            http: proxy.clone(),
            https: proxy,
            ..Self::default()
        }
    }

    /// With this proxy for URLs of `http`.
    pub fn http(mut self, proxy: Proxy) -> Self {
        self.http = Some(Arc::new(proxy));
        self
    }

    /// With this proxy for URLs of `https`.
    pub fn https(mut self, proxy: Proxy) -> Self {
        self.https = Some(Arc::new(proxy));
        self
    }

    /// The hosts that no proxy is for, instead of those named before: a list as `NO_PROXY` has it, with commas or spaces between.
    ///
    /// | rule | hosts |
    /// |---|---|
    /// | `example.com`, `.example.com`, `*.example.com` | the name and all below it |
    /// | `10.0.0.4`, `fd00::1` | the address |
    /// | `10.0.0.0/8`, `fd00::/8` | the addresses of a network |
    /// | `*` | all |
    /// | any of these, but networks, with `:10000` | … on that port only; IPv6 as `[fd00::1]:10000` |
    ///
    /// Anything else, such as `*example.com`, `10.*` or a network with a port, is left out, with a warning that names it.
    ///
    /// Names are not looked up: rules of addresses are for URLs with an address.
    pub fn bypass(mut self, list: &str) -> Self {
        self.bypass = Bypass::of(list);
        self
    }

    /// Whether hosts of this machine are behind the proxies as well. Plain `http` is allowed to them everywhere, so requests with
    /// signatures may then be read by the proxy.
    pub fn loopback(mut self, proxied: bool) -> Self {
        self.loopback = proxied;
        self
    }

    /// Whether addresses of this machine's own link are behind the proxies as well, the one where Azure tells of a machine's identity among
    /// them.
    pub fn link_local(mut self, proxied: bool) -> Self {
        self.link_local = proxied;
        self
    }

    /// The proxy for a URL.
    pub(crate) fn of_url(&self, uri: &Uri) -> Option<&Proxy> {
        self.find(uri).map(|proxy| &**proxy)
    }

    /// The proxy that reads the requests to a URL: one of HTTP, for plain `http`.
    pub(crate) fn reader_of(&self, uri: &Uri) -> Option<&Arc<Proxy>> {
        if uri.scheme_str() != Some("http") {
            return None;
        }
        self.find(uri).filter(|proxy| proxy.manner() != Manner::Socks)
    }

    fn find(&self, uri: &Uri) -> Option<&Arc<Proxy>> {
        let proxy = match uri.scheme_str() {
            Some("http") => self.http.as_ref(),
            Some("https") => self.https.as_ref(),
            _ => None,
        }?;
        let host = uri.host()?;
        if !self.loopback && secure::is_loopback(host) {
            return None;
        }
        if !self.link_local && is_link_local(host) {
            return None;
        }
        (!self.bypass.has(host, port_of(uri))).then_some(proxy)
    }
}

fn is_link_local(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match bare
        .unwrap_or(host)
        .parse()
        .map(|address: IpAddr| address.to_canonical())
    {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_unicast_link_local(),
        Err(_) => false,
    }
}
