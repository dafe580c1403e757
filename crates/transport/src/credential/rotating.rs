//! A credential that is changed by hand while clients use it.

use std::future::ready;
use std::sync::{Arc, PoisonError, RwLock};

use lazuli_signing::Credential;

use super::{CredentialFuture, CredentialSource, Refused, RenewFuture};

/// A credential that can be replaced under running clients: a key that is rotated, a token that somebody brings. Clones share what they hold.
///
/// Tries that begin after [`replace`](Self::replace) use the new one; those under way are finished with the old one, and one that is
/// refused for it (the key is gone already) is sent once more with the new one.
///
/// ```
/// use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
/// use lazuli_transport::{Rotating, Transport};
///
/// let key = |text| AccountKey::from_base64(text).map(|key| SharedKey::new(EMULATOR_ACCOUNT.parse().unwrap(), key));
/// let current = Rotating::new(key("c2Vjb25kIGtleQ==")?);
/// let transport = Transport::builder().credential_source(current.clone()).build()?;
///
/// // Later, before the first key is made anew in the portal:
/// current.replace(key(EMULATOR_KEY)?);
/// # let _ = transport;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rotating(Arc<RwLock<Arc<Credential>>>);

impl Rotating {
    /// Begins with this one.
    pub fn new(credential: impl Into<Credential>) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(credential.into()))))
    }

    /// Takes another one from now on.
    pub fn replace(&self, credential: impl Into<Credential>) {
        let credential = Arc::new(credential.into());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = credential;
    }

    fn current(&self) -> Arc<Credential> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl CredentialSource for Rotating {
    fn credential(&self) -> CredentialFuture<'_> {
        Box::pin(ready(Ok(self.current())))
    }

    fn renews(&self) -> bool {
        true
    }

    fn renew<'a>(&'a self, refused: &'a Refused) -> RenewFuture<'a> {
        let current = self.current();
        let other = !Arc::ptr_eq(&current, refused.credential());
        Box::pin(ready(Ok(other.then_some(current))))
    }
}
