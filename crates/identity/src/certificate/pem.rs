//! Reading a key and its certificates from PEM.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::SigningKey;

use super::provider::provider;
use crate::Error;

/// A private key with its certificate, and the certificates that vouch for it. `Debug` shows no key. A clone is cheap.
///
/// The key is an RSA key, in PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`). Keys that are encrypted with a password are
/// not read, nor are PKCS#12 files (`.pfx`):
///
/// ```text
/// openssl pkcs12 -in certificate.pfx -nodes -out certificate.pem
/// openssl pkey -in encrypted.pem -out key.pem
/// ```
#[derive(Clone)]
pub struct ClientCertificate {
    pub(super) key: Arc<dyn SigningKey>,
    /// The key's own certificate first.
    pub(super) chain: Arc<[CertificateDer<'static>]>,
}

const NO_KEY: &str =
    "the PEM has no private key; it needs a section BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY";
const NO_CERTIFICATE: &str = "the PEM has no certificate; it needs a section BEGIN CERTIFICATE";
const ENCRYPTED: &str = "the private key is encrypted, and encrypted keys are not read; decrypt it with `openssl pkey -in encrypted.pem -out key.pem`";
const PKCS12: &str = "the certificate is not PEM; convert a PKCS#12 file with `openssl pkcs12 -in certificate.pfx -nodes -out certificate.pem`";

impl ClientCertificate {
    /// From one text with the key and the certificates, in any order.
    ///
    /// # Errors
    /// When there is no key, no certificate, none that belongs to the key, or a key that cannot be read. The error quotes nothing of it.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        Self::from_key_and_certificates(pem, pem)
    }

    /// From a text with the key and another with the certificates.
    ///
    /// # Errors
    /// As [`from_pem`](Self::from_pem).
    pub fn from_key_and_certificates(key_pem: &[u8], certificates_pem: &[u8]) -> Result<Self, Error> {
        let key = key(key_pem)?;
        let mut chain = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(certificates_pem) {
            chain.push(
                certificate.map_err(|_| Error::input("a section of the PEM is cut off or is no base64"))?,
            );
        }
        if chain.is_empty() {
            return Err(Error::input(NO_CERTIFICATE));
        }
        // A certificate holds its public key as it is encoded by itself. Keys of providers that cannot tell theirs are taken to be the
        // first certificate's.
        if let Some(public) = key.public_key() {
            let own = chain
                .iter()
                .position(|certificate| holds(certificate, public.as_ref()));
            let own = own.ok_or_else(|| {
                Error::input(
                    "no certificate of the PEM belongs to its private key; are they of the same pair?",
                )
            })?;
            let own = chain.remove(own);
            chain.insert(0, own);
        }
        Ok(Self {
            key,
            chain: chain.into(),
        })
    }
}

fn holds(certificate: &[u8], public: &[u8]) -> bool {
    !public.is_empty() && certificate.windows(public.len()).any(|window| window == public)
}

fn key(pem: &[u8]) -> Result<Arc<dyn SigningKey>, Error> {
    let has = |marker: &str| {
        pem.windows(marker.len())
            .any(|window| window == marker.as_bytes())
    };
    if !has("-----BEGIN ") {
        return Err(Error::input(PKCS12));
    }
    if has("-----BEGIN ENCRYPTED PRIVATE KEY-----") || has("Proc-Type: 4,ENCRYPTED") {
        return Err(Error::input(ENCRYPTED));
    }
    let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| Error::input(NO_KEY))?;
    let provider = provider().ok_or_else(|| {
        Error::input(
            "no cryptography is built in; build with the feature aws-lc-rs or ring of lazuli-identity",
        )
    })?;
    let key = provider.key_provider.load_private_key(der);
    let key = key.map_err(|_| {
        Error::input("the private key cannot be read; Entra takes RSA keys of 2,048 bits or more")
    })?;
    if key.algorithm() != rustls::SignatureAlgorithm::RSA {
        return Err(Error::input(
            "the private key is no RSA key, and Entra takes no other for a client certificate",
        ));
    }
    Ok(key)
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate")
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}
