//! What a user delegation SAS says of the key that it is signed with.

use time::OffsetDateTime;

/// The fields of a user delegation SAS that name its key, so that a server can find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationFields {
    pub(super) object_id: String,
    pub(super) tenant_id: String,
    pub(super) starts: OffsetDateTime,
    pub(super) expires: OffsetDateTime,
    pub(super) service: String,
    pub(super) version: String,
    pub(super) delegated_tenant_id: Option<String>,
}

impl DelegationFields {
    /// The object id of the user who asked for the key, `skoid`.
    #[must_use]
    pub fn object_id(&self) -> &str {
        &self.object_id
    }

    /// The tenant of that user, `sktid`.
    #[must_use]
    pub fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// When the key begins to be valid, `skt`.
    #[must_use]
    pub fn starts(&self) -> OffsetDateTime {
        self.starts
    }

    /// When the key ceases to be valid, `ske`.
    #[must_use]
    pub fn expires(&self) -> OffsetDateTime {
        self.expires
    }

    /// The letters of the services that the key is for, `sks`.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The version that the key was made with, `skv`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The tenant of the users to whom the key may be delegated further, `skdutid`.
    #[must_use]
    pub fn delegated_tenant_id(&self) -> Option<&str> {
        self.delegated_tenant_id.as_deref()
    }
}
