//! What a verified SAS lets its holder do.

use super::super::permissions::Permissions;
use super::super::terms::ResourceTypes;
use super::SasKind;

/// What a verified SAS permits. Whether that is enough for the operation is for the server to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SasGrant {
    pub(super) kind: SasKind,
    pub(super) permissions: Permissions,
    pub(super) types: Option<ResourceTypes>,
    pub(super) overrides: HeaderOverrides,
    pub(super) encryption_scope: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) delegated_user_id: Option<String>,
    pub(super) authorized_user_id: Option<String>,
    pub(super) unauthorized_user_id: Option<String>,
    pub(super) correlation_id: Option<String>,
}

impl SasGrant {
    /// Who has signed the SAS.
    #[must_use]
    pub fn kind(&self) -> SasKind {
        self.kind
    }

    /// What is permitted, by the SAS or by its stored access policy.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// The levels that an account SAS reaches; the level of this request is one of them. `None` for the other kinds.
    #[must_use]
    pub fn resource_types(&self) -> Option<ResourceTypes> {
        self.types
    }

    /// The headers to answer a read with.
    #[must_use]
    pub fn overrides(&self) -> &HeaderOverrides {
        &self.overrides
    }

    /// The encryption scope that what is written must have, `ses`.
    #[must_use]
    pub fn encryption_scope(&self) -> Option<&str> {
        self.encryption_scope.as_deref()
    }

    /// The stored access policy that had a say, `si`.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// The user whose access token the request must bring too, `sduoid`. That is for the server to check.
    #[must_use]
    pub fn delegated_user_id(&self) -> Option<&str> {
        self.delegated_user_id.as_deref()
    }

    /// The user in whose name the holder acts without a further check, `saoid`.
    #[must_use]
    pub fn authorized_user_id(&self) -> Option<&str> {
        self.authorized_user_id.as_deref()
    }

    /// The user against whose entries in the access control list the request is to be checked, `suoid`.
    #[must_use]
    pub fn unauthorized_user_id(&self) -> Option<&str> {
        self.unauthorized_user_id.as_deref()
    }

    /// What to write into the log beside the request, `scid`.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.correlation_id.as_deref()
    }
}

/// Headers of the answer to a read, in place of the stored ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderOverrides {
    /// `Cache-Control`, from `rscc`.
    pub cache_control: Option<String>,
    /// `Content-Disposition`, from `rscd`.
    pub content_disposition: Option<String>,
    /// `Content-Encoding`, from `rsce`.
    pub content_encoding: Option<String>,
    /// `Content-Language`, from `rscl`.
    pub content_language: Option<String>,
    /// `Content-Type`, from `rsct`.
    pub content_type: Option<String>,
}
