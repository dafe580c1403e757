//! Identities that a machine has, without any secret.

use super::{guid, object_of};
use crate::Error;

/// A managed identity of the machine whose metadata service, App Service, Arc agent or Cloud Shell is simulated.
#[derive(Clone, Debug)]
pub struct ManagedIdentity {
    pub(in crate::entra) client_id: String,
    pub(in crate::entra) object_id: Option<String>,
    pub(in crate::entra) resource_id: Option<String>,
    pub(in crate::entra) is_system_assigned: bool,
}

impl ManagedIdentity {
    /// The machine's own identity, by its client id, a GUID: who a request means that names nobody.
    #[must_use]
    pub fn system_assigned(client_id: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            object_id: None,
            resource_id: None,
            is_system_assigned: true,
        }
    }

    /// An identity that is assigned to the machine, by its client id, a GUID.
    #[must_use]
    pub fn user_assigned(client_id: impl Into<String>) -> Self {
        Self {
            is_system_assigned: false,
            ..Self::system_assigned(client_id)
        }
    }

    /// Its object id, a GUID, also called its principal id. Without it, one is made from the client id.
    #[must_use]
    pub fn object_id(mut self, id: impl Into<String>) -> Self {
        self.object_id = Some(id.into());
        self
    }

    /// Its id as a resource: `/subscriptions/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…`.
    #[must_use]
    pub fn resource_id(mut self, id: impl Into<String>) -> Self {
        self.resource_id = Some(id.into());
        self
    }

    pub(super) fn check(mut self) -> Result<Self, Error> {
        self.client_id = guid("the client id", &self.client_id)?;
        self.object_id = match self.object_id {
            Some(id) => Some(guid("the object id", &id)?),
            None => Some(object_of(&self.client_id)),
        };
        Ok(self)
    }
}
