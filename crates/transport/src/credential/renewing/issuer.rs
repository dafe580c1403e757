//! Who makes credentials, and what they say of them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use lazuli_protocol::BoxError;
use lazuli_signing::{Credential, SasToken};
use time::OffsetDateTime;

use crate::credential::Challenge;

/// A credential in the making. It borrows nothing, because it may outlive the call that asked for it.
pub type IssueFuture = Pin<Box<dyn Future<Output = Result<Issued, BoxError>> + Send>>;

/// Makes credentials that expire: asks a token endpoint, a vending service, or signs by itself. [`issuer_fn`] makes one of a function.
pub trait Issuer: Send + Sync + fmt::Debug + 'static {
    /// Makes one. The challenge, when there is one, is what the service said when it refused the last one.
    fn issue(&self, challenge: Option<Challenge>) -> IssueFuture;
}

/// A credential with the times that its maker knows.
#[derive(Clone, Debug)]
pub struct Issued {
    pub(super) credential: Credential,
    pub(super) expires: OffsetDateTime,
    pub(super) renew: Option<OffsetDateTime>,
}

impl Issued {
    /// Good until it expires, and renewed as the [`Renewing`](super::Renewing) says.
    pub fn new(credential: impl Into<Credential>, expires: OffsetDateTime) -> Self {
        Self {
            credential: credential.into(),
            expires,
            renew: None,
        }
    }

    /// A shared access signature that says until when it is good. `None` for one that leaves this to a stored access policy.
    #[must_use]
    pub fn sas(token: SasToken) -> Option<Self> {
        let expires = token.expires()?;
        Some(Self::new(token, expires))
    }

    /// To be renewed from this time on.
    #[must_use]
    pub fn renew_from(mut self, time: OffsetDateTime) -> Self {
        self.renew = Some(time);
        self
    }
}

/// An [`Issuer`] that is a function.
pub fn issuer_fn<F, R>(function: F) -> impl Issuer
where
    F: Fn(Option<Challenge>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Issued, BoxError>> + Send + 'static,
{
    IssuerFn(function)
}

struct IssuerFn<F>(F);

impl<F, R> Issuer for IssuerFn<F>
where
    F: Fn(Option<Challenge>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Issued, BoxError>> + Send + 'static,
{
    fn issue(&self, challenge: Option<Challenge>) -> IssueFuture {
        Box::pin((self.0)(challenge))
    }
}

impl<F> fmt::Debug for IssuerFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuerFn")
    }
}
