//! What blobs are encrypted with: what a request asks for, what the container says, what the blob has already.

use lazuli_protocol::ErrorCode;

use crate::state::{Blob, ContainerPath, Denied, Encryption, State};

impl State {
    /// What a blob, or a block of one, is encrypted with that is written now, when the request asks for this.
    pub(crate) fn encrypt(&self, at: &ContainerPath, asked: Encryption) -> Result<Encryption, Denied> {
        self.check_scope(at, &asked)?;
        let default = &self.container(at)?.properties.default_scope;
        Ok(match (asked, default) {
            (Encryption::Account, Some(name)) => Encryption::Scope(name.clone()),
            (asked, _) => asked,
        })
    }

    /// Whether a request may name the scope or the key that it names, whatever the blob is encrypted with.
    pub(crate) fn check_scope(&self, at: &ContainerPath, asked: &Encryption) -> Result<(), Denied> {
        let container = &self.container(at)?.properties;
        let forced = container
            .default_scope
            .as_ref()
            .filter(|_| container.scope_is_fixed);
        let name = match (asked, forced) {
            (Encryption::Account, _) | (Encryption::CustomerKey(_), None) => return Ok(()),
            (Encryption::Scope(name), Some(forced)) if name != forced => None,
            (Encryption::Scope(name), _) => Some(name),
            (Encryption::CustomerKey(_), Some(_)) => None,
        };
        let name = name.ok_or(ErrorCode::RequestForbiddenByContainerEncryptionPolicy)?;
        if self.options(&at.account).scopes.contains(name) {
            Ok(())
        } else {
            Err(ErrorCode::EncryptionScopeNotAvailable.into())
        }
    }

    /// Whether a request that changes a blob shows what the blob is encrypted with, or leaves it to the container that says the same.
    pub(crate) fn check_shown(
        &self,
        at: &ContainerPath,
        blob: &Blob,
        shown: &Encryption,
    ) -> Result<(), Denied> {
        check_same(&blob.encryption, &self.encrypt(at, shown.clone())?)
    }
}

/// Whether a request that reads a blob shows the key that it is encrypted with. A scope is the service's own business, and whoever reads
/// need not know of it; but a key is not it, as recorded.
pub(crate) fn check_encryption(blob: &Blob, shown: &Encryption) -> Result<(), Denied> {
    if let (Encryption::Scope(_), Encryption::CustomerKey(_)) = (&blob.encryption, shown) {
        return Err(ErrorCode::BlobCustomerSpecifiedEncryptionMismatch.into());
    }
    let key = |encryption: &Encryption| match encryption {
        Encryption::CustomerKey(_) => encryption.clone(),
        Encryption::Account | Encryption::Scope(_) => Encryption::Account,
    };
    check_same(&key(&blob.encryption), &key(shown))
}

/// Whether a request that writes shows the key, or the scope, that something is encrypted with.
pub(super) fn check_same(kept: &Encryption, shown: &Encryption) -> Result<(), Denied> {
    match (kept, shown) {
        (Encryption::Scope(_), Encryption::Account)
        | (Encryption::CustomerKey(_), Encryption::Account | Encryption::Scope(_)) => {
            Err(ErrorCode::BlobUsesCustomerSpecifiedEncryption.into())
        }
        (Encryption::CustomerKey(kept), Encryption::CustomerKey(shown)) if kept != shown => {
            Err(ErrorCode::BlobCustomerSpecifiedEncryptionMismatch.into())
        }
        (Encryption::Account | Encryption::Scope(_), Encryption::CustomerKey(_))
        | (Encryption::Account, Encryption::Scope(_)) => {
            Err(ErrorCode::BlobDoesNotUseCustomerSpecifiedEncryption.into())
        }
        (Encryption::Scope(kept), Encryption::Scope(shown)) if kept != shown => {
            Err(ErrorCode::BlobCustomerSpecifiedEncryptionMismatch.into())
        }
        _ => Ok(()),
    }
}
