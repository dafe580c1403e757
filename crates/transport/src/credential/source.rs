//! The trait of everything that has a credential to give.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use lazuli_protocol::BoxError;
use lazuli_signing::Credential;

use super::Refused;

/// The credential for a try, on its way.
pub type CredentialFuture<'a> = Pin<Box<dyn Future<Output = Result<Arc<Credential>, BoxError>> + Send + 'a>>;

/// Another credential than the one that was refused, on its way; `None` when there is none.
pub type RenewFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Option<Arc<Credential>>, BoxError>> + Send + 'a>>;

/// Where the credential of a running client comes from. The [`SignLayer`](crate::SignLayer) asks before every try, so what a source
/// gives may change at any time.
///
/// Three sources ship: a [`Credential`] that never changes, [`Rotating`](crate::Rotating) for keys that are changed by
/// hand, and [`Renewing`](crate::Renewing) for all that expires: tokens of Microsoft Entra, and shared access signatures that somebody makes on demand.
///
/// ```
/// use std::sync::Arc;
/// use lazuli_signing::{AccountKey, Credential, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
/// use lazuli_transport::{CredentialFuture, CredentialSource, Transport};
///
/// /// Reads the key anew for each try, from wherever it is kept.
/// #[derive(Debug)]
/// struct Vault;
///
/// impl CredentialSource for Vault {
///     fn credential(&self) -> CredentialFuture<'_> {
///         Box::pin(async {
///             let key = AccountKey::from_base64(EMULATOR_KEY)?;
///             Ok(Arc::new(Credential::from(SharedKey::new(EMULATOR_ACCOUNT.parse()?, key))))
///         })
///     }
/// }
///
/// let transport = Transport::builder().credential_source(Vault).build()?;
/// # let _ = transport;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A source that fails ends the call with [`ErrorKind::Credential`](crate::ErrorKind::Credential), and its error is the cause. It is not
/// asked again for this call: a source that can succeed later tries again by itself.
pub trait CredentialSource: Send + Sync + fmt::Debug + 'static {
    /// The credential to use now.
    fn credential(&self) -> CredentialFuture<'_>;

    /// Whether [`renew`](Self::renew) can ever give anything. Where it cannot, requests are not kept for another try.
    fn renews(&self) -> bool {
        false
    }

    /// Another credential, after the service has refused this one with status 401 or 403. A request is sent once more with what this
    /// gives, and not again after that.
    fn renew<'a>(&'a self, refused: &'a Refused) -> RenewFuture<'a> {
        let _ = refused;
        Box::pin(ready(Ok(None)))
    }
}

/// A credential that stays what it is.
#[derive(Debug)]
pub(crate) struct Fixed(Arc<Credential>);

impl Fixed {
    pub(crate) fn new(credential: Credential) -> Self {
        Self(Arc::new(credential))
    }
}

impl CredentialSource for Fixed {
    fn credential(&self) -> CredentialFuture<'_> {
        Box::pin(ready(Ok(Arc::clone(&self.0))))
    }
}

impl<S: CredentialSource + ?Sized> CredentialSource for Arc<S> {
    fn credential(&self) -> CredentialFuture<'_> {
        (**self).credential()
    }

    fn renews(&self) -> bool {
        (**self).renews()
    }

    fn renew<'a>(&'a self, refused: &'a Refused) -> RenewFuture<'a> {
        (**self).renew(refused)
    }
}
