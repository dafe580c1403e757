//! TLS, from whichever provider of cryptography is built in: the one place that knows rustls.

#[cfg(not(feature = "_tls"))]
mod absent;
#[cfg(feature = "_tls")]
mod config;
#[cfg(feature = "_tls")]
mod explain;
mod options;
#[cfg(feature = "_tls")]
mod present;
#[cfg(feature = "_tls")]
mod provider;

#[cfg(not(feature = "_tls"))]
pub(crate) use absent::Tls;
#[cfg(feature = "_tls")]
pub(crate) use explain::explain;
pub(crate) use options::TlsOptions;
#[cfg(feature = "_tls")]
pub(crate) use present::Tls;

/// Who is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Service,
    /// It gets no client certificate to see.
    Proxy,
}
