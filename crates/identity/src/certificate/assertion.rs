//! The assertion: a JWT that says who the application is, signed with its certificate's key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls::SignatureScheme;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use super::ClientCertificate;
use crate::Error;

/// How an assertion is signed, and how it names its certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AssertionAlgorithm {
    /// RSA-PSS with SHA-256, and the certificate's SHA-256 thumbprint (`x5t#S256`): what Entra recommends.
    #[default]
    Ps256,
    /// RSA PKCS#1 v1.5 with SHA-256, and the SHA-1 thumbprint (`x5t`): the older form, which Entra takes too.
    Rs256,
}

impl AssertionAlgorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }

    fn scheme(self) -> SignatureScheme {
        match self {
            Self::Ps256 => SignatureScheme::RSA_PSS_SHA256,
            Self::Rs256 => SignatureScheme::RSA_PKCS1_SHA256,
        }
    }

    fn thumbprint(self, certificate: &[u8]) -> (&'static str, String) {
        match self {
            Self::Ps256 => ("x5t#S256", URL_SAFE_NO_PAD.encode(Sha256::digest(certificate))),
            Self::Rs256 => ("x5t", URL_SAFE_NO_PAD.encode(Sha1::digest(certificate))),
        }
    }
}

/// An assertion is used at once; Entra takes one for ten minutes at the most.
const LIFE: time::Duration = time::Duration::minutes(10);

/// What an assertion says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement<'a> {
    pub(super) client_id: &'a str,
    pub(super) audience: &'a str,
    pub(super) id: Uuid,
    pub(super) now: OffsetDateTime,
}

impl ClientCertificate {
    /// Signs a statement. With `send_chain` the certificates go along (`x5c`), for applications that trust a subject's name and issuer
    /// rather than one certificate.
    pub(super) fn sign(
        &self,
        statement: &Statement<'_>,
        algorithm: AssertionAlgorithm,
        send_chain: bool,
    ) -> Result<SecretString, Error> {
        let mut header = json!({ "alg": algorithm.name(), "typ": "JWT" });
        if let (Some(own), Some(header)) = (self.chain.first(), header.as_object_mut()) {
            let (name, thumbprint) = algorithm.thumbprint(own);
            header.insert(name.to_owned(), thumbprint.into());
            if send_chain {
                let chain = self
                    .chain
                    .iter()
                    .map(|certificate| Value::from(STANDARD.encode(certificate)));
                header.insert("x5c".to_owned(), chain.collect());
            }
        }
        let now = statement.now.unix_timestamp();
        let claims = json!({
            "aud": statement.audience,
            "iss": statement.client_id,
            "sub": statement.client_id,
            "jti": statement.id.to_string(),
            "nbf": now,
            "iat": now,
            "exp": now.saturating_add(LIFE.whole_seconds()),
        });
        let mut text = URL_SAFE_NO_PAD.encode(header.to_string());
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut text);
        let refuse = || {
            Error::input(format!(
                "the certificate's key cannot sign with {}",
                algorithm.name()
            ))
        };
        let signer = self.key.choose_scheme(&[algorithm.scheme()]).ok_or_else(refuse)?;
        let signature = signer.sign(text.as_bytes()).map_err(|_| refuse())?;
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut text);
        Ok(text.into())
    }
}
