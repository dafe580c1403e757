//! How a request was let in, and what that allows.

use lazuli_protocol::ErrorCode;
use lazuli_signing::{HeaderOverrides, SasGrant, SasKind};

use crate::entra::Identity;
use crate::service::refusal::Refusal;
use crate::service::router::Needs;

/// Who asks.
#[derive(Debug)]
pub(in crate::service) enum Caller {
    /// Somebody who said nothing about that.
    Anonymous,
    /// Somebody who has the account's key.
    Owner,
    /// The holder of a token of Entra.
    Token(Identity),
    /// The holder of a shared access signature.
    Sas(Box<SasGrant>),
}

impl Caller {
    /// Whether what the signature allows is enough for the operation. Whoever has the account's key or a token may do all, and the
    /// public may read and list.
    pub(in crate::service) fn check(&self, needs: Needs) -> Result<(), Box<Refusal>> {
        let grant = match self {
            Self::Sas(grant) => grant,
            Self::Anonymous if !needs.is_for_the_public() => {
                return Err(ErrorCode::NoAuthenticationInformation.into());
            }
            _ => return Ok(()),
        };
        let letters = match grant.kind() {
            SasKind::Account => needs.account,
            _ => needs.service,
        };
        if letters.is_empty() {
            return Err(ErrorCode::AuthorizationFailure.into());
        }
        if !grant.permissions().contains_any(letters) {
            return Err(ErrorCode::AuthorizationPermissionMismatch.into());
        }
        if grant.unauthorized_user_id().is_some() {
            return Err(Refusal::not_simulated(
                "A check of POSIX access control lists (suoid)",
            ));
        }
        Ok(())
    }

    /// Whether a blob may be written where there is one: to create is less than to write.
    pub(in crate::service) fn may_overwrite(&self) -> bool {
        match self {
            Self::Sas(grant) => grant.permissions().contains('w'),
            _ => true,
        }
    }

    /// The scope that whatever is written by the signature is encrypted with.
    pub(in crate::service) fn encryption_scope(&self) -> Option<&str> {
        match self {
            Self::Sas(grant) => grant.encryption_scope(),
            _ => None,
        }
    }

    /// The headers that a read is to be answered with, in place of the blob's own.
    pub(in crate::service) fn overrides(&self) -> Option<&HeaderOverrides> {
        match self {
            Self::Sas(grant) => Some(grant.overrides()),
            _ => None,
        }
    }
}
