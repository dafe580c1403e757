//! An application with a certificate.

use std::path::PathBuf;

use super::assertion::Statement;
use super::{AssertionAlgorithm, ClientCertificate};
use crate::client::{Confidential, Proof, Prove, confidential_credential};
use crate::{Error, Settings, file};

/// An application (service principal) that proves itself with a certificate.
///
/// For each exchange it signs an assertion that is good for ten minutes, with PS256 and the certificate's `x5t#S256` unless
/// [said otherwise](Self::algorithm).
///
/// ```no_run
/// use lazuli_identity::{ClientCertificate, ClientCertificateCredential, Settings};
///
/// let certificate = ClientCertificate::from_pem(&std::fs::read("certificate.pem")?)?;
/// let source = ClientCertificateCredential::new("contoso.onmicrosoft.com", "my-app", certificate, &Settings::new()?)?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientCertificateCredential {
    client: Confidential,
    signing: Signing,
}

#[derive(Clone, Debug)]
struct Signing {
    certificate: Source,
    algorithm: AssertionAlgorithm,
    send_chain: bool,
}

#[derive(Clone, Debug)]
enum Source {
    Memory(ClientCertificate),
    /// Read anew for each exchange, because certificates are renewed.
    File(PathBuf),
}

const LONGEST: usize = 256 * 1024;

impl Source {
    async fn certificate(&self) -> Result<ClientCertificate, Error> {
        match self {
            Self::Memory(certificate) => Ok(certificate.clone()),
            Self::File(path) => {
                let pem = file::read("the client certificate", path.clone(), LONGEST).await?;
                ClientCertificate::from_pem(&pem)
                    .map_err(|error| error.after(&format!("{}: ", path.display())))
            }
        }
    }
}

impl Prove for Signing {
    async fn prove(&self, client: &Confidential, endpoint: &str) -> Result<Proof, Error> {
        let certificate = self.certificate.certificate().await?;
        let statement = Statement {
            client_id: client.client_id(),
            audience: endpoint,
            id: client.settings().ids().next(),
            now: client.settings().time().now(),
        };
        certificate
            .sign(&statement, self.algorithm, self.send_chain)
            .map(Proof::Assertion)
    }
}

impl ClientCertificateCredential {
    /// Of a tenant, by its id or domain name, with the application's client id and a certificate that is registered for it.
    ///
    /// # Errors
    /// When the tenant or the client id cannot be one.
    pub fn new(
        tenant: &str,
        client_id: &str,
        certificate: ClientCertificate,
        settings: &Settings,
    ) -> Result<Self, Error> {
        Self::of(tenant, client_id, Source::Memory(certificate), settings)
    }

    /// The same, with a PEM file that is read anew for each exchange, 256 KiB of it at the most.
    ///
    /// # Errors
    /// As [`new`](Self::new). What is wrong with the file shows when a token is asked for.
    pub fn from_file(
        tenant: &str,
        client_id: &str,
        pem_file: impl Into<PathBuf>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        Self::of(tenant, client_id, Source::File(pem_file.into()), settings)
    }

    fn of(tenant: &str, client_id: &str, certificate: Source, settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            client: Confidential::new(tenant, client_id, settings)?,
            signing: Signing {
                certificate,
                algorithm: AssertionAlgorithm::default(),
                send_chain: false,
            },
        })
    }

    /// Signs assertions in another way.
    #[must_use]
    pub fn algorithm(mut self, algorithm: AssertionAlgorithm) -> Self {
        self.signing.algorithm = algorithm;
        self
    }

    /// Whether the certificates of the PEM are sent along (`x5c`), for applications that trust a subject's name and issuer.
    #[must_use]
    pub fn send_certificate_chain(mut self, send: bool) -> Self {
        self.signing.send_chain = send;
        self
    }
}

confidential_credential!(ClientCertificateCredential, signing);
