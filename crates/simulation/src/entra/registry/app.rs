//! Applications that may ask for tokens.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use secrecy::{ExposeSecret as _, SecretString};
use webpki::EndEntityCert;
use webpki::aws_lc_rs::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY};

use super::{guid, invalid, object_of};
use crate::entra::TENANT;
use crate::entra::jwt::Jwt;
use crate::{Error, ErrorKind};

/// An application of a tenant, with the ways in which it can prove itself.
///
/// ```
/// use lazuli_simulation::Simulation;
/// use lazuli_simulation::entra::App;
///
/// let app = App::new("11111111-2222-3333-4444-555555555555")
///     .secret("not so secret")
///     .federated("https://issuer.example", "repo:me/it", "api://AzureADTokenExchange");
/// let simulation = Simulation::builder().app(app).build()?;
/// # Ok::<(), lazuli_simulation::Error>(())
/// ```
#[derive(Clone)]
pub struct App {
    pub(in crate::entra) client_id: String,
    pub(in crate::entra) object_id: Option<String>,
    pub(in crate::entra) tenant: String,
    secrets: Vec<SecretString>,
    certificates: Vec<Certificate>,
    pub(in crate::entra) federated: Vec<Federated>,
    pub(in crate::entra) one_time: bool,
}

/// A certificate whose key may sign assertions.
#[derive(Clone)]
struct Certificate {
    der: CertificateDer<'static>,
    /// SHA-1 and SHA-256 of the DER, as headers of tokens have them: `x5t` and `x5t#S256`.
    thumbprints: [String; 2],
}

/// Tokens of another issuer that stand for an application.
#[derive(Clone, Debug)]
pub(in crate::entra) struct Federated {
    pub(in crate::entra) issuer: String,
    pub(in crate::entra) subject: String,
    pub(in crate::entra) audience: String,
}

/// Whether a signature of a certificate's key is right.
pub(in crate::entra) enum Signed {
    /// By a certificate of the application.
    Yes,
    /// There is such a certificate, but it did not sign this.
    No,
    /// The application has no certificate of that thumbprint.
    NoSuchKey,
}

impl App {
    /// An application by its client id, a GUID, in the tenant [`TENANT`] unless another is named.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            object_id: None,
            tenant: TENANT.to_owned(),
            secrets: Vec::new(),
            certificates: Vec::new(),
            federated: Vec::new(),
            one_time: false,
        }
    }

    /// The tenant that the application is in, a GUID. It has to be one of the [builder's](crate::Builder::tenant).
    #[must_use]
    pub fn tenant(mut self, id: impl Into<String>) -> Self {
        self.tenant = id.into();
        self
    }

    /// The object id of its service principal, a GUID: the `oid` of its tokens. Without it, one is made from the client id.
    #[must_use]
    pub fn object_id(mut self, id: impl Into<String>) -> Self {
        self.object_id = Some(id.into());
        self
    }

    /// Takes this client secret. There can be more than one, as while a secret is replaced.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(SecretString::from(secret.into()));
        self
    }

    /// Takes assertions that the key of a certificate has signed, with RS256 or PS256. There can be more than one. How long the
    /// certificate is valid is not looked at.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidIdentity`] when it is no certificate, in PEM or in DER.
    pub fn certificate(mut self, pem_or_der: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = pem_or_der.as_ref();
        let der =
            CertificateDer::from_pem_slice(bytes).unwrap_or_else(|_| CertificateDer::from(bytes.to_vec()));
        EndEntityCert::try_from(&der).map_err(|source| {
            let message = format!(
                "the certificate of the application {} cannot be read",
                self.client_id
            );
            Error::new(ErrorKind::InvalidIdentity, message).because(source)
        })?;
        let thumbprints = [&SHA1_FOR_LEGACY_USE_ONLY, &SHA256]
            .map(|algorithm| URL_SAFE_NO_PAD.encode(digest(algorithm, &der)));
        self.certificates.push(Certificate { der, thumbprints });
        Ok(self)
    }

    /// Takes tokens of another issuer: the federated credential of workload identities. The simulation cannot ask other issuers for
    /// their keys, so it takes those only that it has [made itself](crate::entra::Entra::federated_token).
    #[must_use]
    pub fn federated(
        mut self,
        issuer: impl Into<String>,
        subject: impl Into<String>,
        audience: impl Into<String>,
    ) -> Self {
        self.federated.push(Federated {
            issuer: issuer.into(),
            subject: subject.into(),
            audience: audience.into(),
        });
        self
    }

    /// Takes each assertion of a certificate once, by its `jti`. Without this one may be used again while it is valid, as MSAL does
    /// for some minutes.
    #[must_use]
    pub fn one_time_assertions(mut self) -> Self {
        self.one_time = true;
        self
    }

    pub(super) fn check(mut self) -> Result<Self, Error> {
        self.client_id = guid("the client id", &self.client_id)?;
        self.tenant = guid("the tenant", &self.tenant)?;
        self.object_id = match self.object_id {
            Some(id) => Some(guid("the object id", &id)?),
            None => Some(object_of(&self.client_id)),
        };
        if self
            .secrets
            .iter()
            .any(|secret| secret.expose_secret().is_empty())
        {
            return Err(invalid(format!(
                "a secret of the application {} is empty",
                self.client_id
            )));
        }
        Ok(self)
    }

    pub(in crate::entra) fn has_secret(&self, given: &str) -> bool {
        let is_it = |secret: &SecretString| {
            verify_slices_are_equal(secret.expose_secret().as_bytes(), given.as_bytes()).is_ok()
        };
        // All are compared, so that the time does not tell which.
        self.secrets.iter().filter(|secret| is_it(secret)).count() > 0
    }

    pub(in crate::entra) fn has_signed(&self, jwt: &Jwt<'_>) -> Signed {
        // MSAL for Python pads them, which the RFC forbids and Entra takes.
        let named = ["x5t", "x5t#S256"].map(|name| Some(jwt.header(name)?.trim_end_matches('=')));
        let is_named = |certificate: &&Certificate| {
            let pairs = named.iter().zip(&certificate.thumbprints);
            let mut told = pairs.filter_map(|(named, own)| named.map(|named| named == own));
            told.next() == Some(true) && told.all(|same| same)
        };
        let Some(certificate) = self.certificates.iter().find(is_named) else {
            return Signed::NoSuchKey;
        };
        if certificate.has_signed(jwt) {
            Signed::Yes
        } else {
            Signed::No
        }
    }
}

impl Certificate {
    fn has_signed(&self, jwt: &Jwt<'_>) -> bool {
        let algorithm: &dyn SignatureVerificationAlgorithm = match jwt.header("alg") {
            Some("RS256") => RSA_PKCS1_2048_8192_SHA256,
            Some("PS256") => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            _ => return false,
        };
        let (Ok(certificate), Some(signature)) = (EndEntityCert::try_from(&self.der), jwt.signature()) else {
            return false;
        };
        certificate
            .verify_signature(algorithm, jwt.signed(), &signature)
            .is_ok()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("tenant", &self.tenant)
            .field("secrets", &self.secrets.len())
            .field("certificates", &self.certificates.len())
            .field("federated", &self.federated)
            .finish_non_exhaustive()
    }
}
