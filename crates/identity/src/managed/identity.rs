//! Which of a machine's identities is meant.

use crate::Error;
use crate::names::check_id;

/// Which of a machine's managed identities is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ManagedIdentity {
    /// The one of the machine itself; or its only one.
    #[default]
    SystemAssigned,
    /// The user-assigned identity with this client id.
    ClientId(String),
    /// The user-assigned identity with this object id (principal id).
    ObjectId(String),
    /// The user-assigned identity with this resource id:
    /// `/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…`.
    ResourceId(String),
}

/// What an endpoint calls the three ids of a user-assigned identity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameters {
    pub(super) client_id: &'static str,
    pub(super) object_id: &'static str,
    pub(super) resource_id: &'static str,
}

impl ManagedIdentity {
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::SystemAssigned => Ok(()),
            Self::ClientId(id) => check_id("client id", id),
            Self::ObjectId(id) => check_id("object id", id),
            Self::ResourceId(id) => check_id("resource id", id),
        }
    }

    /// The parameter that names it, if one does.
    pub(super) fn parameter(&self, names: Parameters) -> Option<(&'static str, &str)> {
        match self {
            Self::SystemAssigned => None,
            Self::ClientId(id) => Some((names.client_id, id)),
            Self::ObjectId(id) => Some((names.object_id, id)),
            Self::ResourceId(id) => Some((names.resource_id, id)),
        }
    }
}
