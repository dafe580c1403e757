//! TLS for the connector, from whichever provider of cryptography is built in; the one place that knows rustls.

use hyper_util::client::legacy::connect::HttpConnector;

use super::resolver::Resolver;
use crate::{Error, ErrorKind};

pub(crate) type Tcp = HttpConnector<Resolver>;

/// What connects, and why `https` cannot be spoken, if it cannot.
#[derive(Clone)]
pub(crate) struct Secured {
    pub(crate) connector: Connector,
    pub(crate) fault: Option<&'static str>,
}

impl Secured {
    pub(crate) fn refusal(&self) -> Option<Error> {
        self.fault.map(|fault| Error::new(ErrorKind::Tls, fault))
    }
}

#[cfg(feature = "_tls")]
pub(crate) use with_tls::{Connector, secure};

#[cfg(feature = "_tls")]
mod with_tls {
    //! With a provider.

    use std::sync::Arc;

    use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector};
    use rustls::crypto::CryptoProvider;
    use rustls::version::{TLS12, TLS13};
    use rustls::{ClientConfig, RootCertStore};

    use super::{Secured, Tcp};

    pub(crate) type Connector = HttpsConnector<Tcp>;

    const NO_PROVIDER: &str =
        "TLS has no cryptography built in; build with the feature aws-lc-rs or ring of lazuli-transport";
    const NO_ROOTS: &str = "no certificate is trusted on this machine; install its package of CA certificates, or set SSL_CERT_FILE";

    #[cfg(feature = "aws-lc-rs")]
    fn provider() -> Option<CryptoProvider> {
        Some(rustls::crypto::aws_lc_rs::default_provider())
    }

    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    fn provider() -> Option<CryptoProvider> {
        Some(rustls::crypto::ring::default_provider())
    }

    #[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
    fn provider() -> Option<CryptoProvider> {
        None
    }

    /// TLS 1.2 and 1.3 with the certificates that the machine trusts.
    pub(crate) fn secure(tcp: Tcp) -> Result<Secured, crate::Error> {
        let broken =
            |error: rustls::Error| crate::Error::new(crate::ErrorKind::Tls, NO_PROVIDER).because(error);
        let provider =
            Arc::new(provider().ok_or_else(|| crate::Error::new(crate::ErrorKind::Tls, NO_PROVIDER))?);
        let builder = || {
            ClientConfig::builder_with_provider(Arc::clone(&provider))
                .with_protocol_versions(&[&TLS13, &TLS12])
        };
        let (trusting, fault) = match builder().map_err(broken)?.with_native_roots() {
            Ok(trusting) => (trusting, None),
            // A machine without certificates can still talk to itself.
            Err(_) => {
                let nobody = builder()
                    .map_err(broken)?
                    .with_root_certificates(RootCertStore::empty());
                (nobody, Some(NO_ROOTS))
            }
        };
        let mut config = trusting.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Secured {
            connector: (tcp, config).into(),
            fault,
        })
    }
}

#[cfg(not(feature = "_tls"))]
pub(crate) type Connector = Tcp;

#[cfg(not(feature = "_tls"))]
pub(crate) fn secure(connector: Tcp) -> Result<Secured, Error> {
    let fault = "https is not built in; build with the feature aws-lc-rs or ring of lazuli-transport";
    Ok(Secured {
        connector,
        fault: Some(fault),
    })
}
