//! What was chosen, read and made into rustls' configuration.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, SupportedProtocolVersion};
use secrecy::ExposeSecret as _;

use super::TlsOptions;
use super::options::Identity;
use super::provider::provider;
use crate::{Error, ErrorKind};

const NO_PROVIDER: &str =
    "TLS has no cryptography built in; build with the feature aws-lc-rs or ring of lazuli-transport";
const NO_ROOTS: &str =
    "no certificate is trusted on this machine; install its package of CA certificates, or set SSL_CERT_FILE";

const EITHER: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];
const ONLY_1_3: &[&SupportedProtocolVersion] = &[&TLS13];

/// How TLS is spoken with whom, and why it cannot be, if so.
pub(super) struct Configs {
    pub(super) service: Arc<ClientConfig>,
    pub(super) proxy: Arc<ClientConfig>,
    pub(super) fault: Option<&'static str>,
}

pub(super) fn read(options: &TlsOptions) -> Result<Configs, Error> {
    let roots = Arc::new(roots(options)?);
    // A machine without certificates can still talk to itself.
    let fault = roots.is_empty().then_some(NO_ROOTS);
    let provider = Arc::new(provider().ok_or_else(|| failed(NO_PROVIDER))?);
    let builder = || -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, Error> {
        let versions = if options.only_1_3 { ONLY_1_3 } else { EITHER };
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|error| failed(NO_PROVIDER).because(error))?;
        Ok(builder.with_root_certificates(Arc::clone(&roots)))
    };
    let proxy = finished(builder()?.with_no_client_auth());
    let service = match &options.identity {
        Some(identity) => finished(identified(builder()?, identity)?),
        None => Arc::clone(&proxy),
    };
    Ok(Configs {
        service,
        proxy,
        fault,
    })
}

fn finished(mut config: ClientConfig) -> Arc<ClientConfig> {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

fn roots(options: &TlsOptions) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    if !options.forgets_machine {
        // A certificate of the machine that cannot be read is not trusted, and that is all.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    for pem in &options.roots {
        for certificate in certificates(pem.expose_secret(), "the root certificates")? {
            let added = roots.add(certificate);
            added.map_err(|error| {
                failed("a root certificate cannot be read; give X.509 certificates in PEM").because(error)
            })?;
        }
    }
    Ok(roots)
}

fn certificates(pem: &[u8], what: &'static str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if certificates.is_empty() => Err(failed(format!(
            "{what} hold no certificate; give PEM, with lines of -----BEGIN CERTIFICATE-----"
        ))),
        Ok(certificates) => Ok(certificates),
        // The error can quote a line, and someone may have put a key there.
        Err(_) => Err(failed(format!(
            "{what} are no PEM that can be read; look for a block that is cut off or not base64"
        ))),
    }
}

fn identified(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    identity: &Identity,
) -> Result<ClientConfig, Error> {
    let chain = certificates(identity.chain.expose_secret(), "the client's certificates")?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret()).map_err(|error| match error {
        pem::Error::NoItemsFound => failed(
            "the client's key holds no private key; give PEM of PKCS #8, PKCS #1 or SEC 1 that is not encrypted",
        ),
        // Nothing of the key may be quoted.
        _ => failed(
            "the client's key is no PEM that can be read; look for a block that is cut off or not base64",
        ),
    })?;
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => failed(
                "the client's key does not belong to its certificate; give the pair, with its own certificate first in the chain",
            ),
            error => {
                failed("the client's certificate or key cannot be used; give an RSA, ECDSA or Ed25519 key")
                    .because(error)
            }
        })
}

fn failed(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Tls, message)
}
