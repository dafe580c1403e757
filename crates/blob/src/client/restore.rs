//! Containers that come back, or get another name.

use lazuli_protocol::{ContainerName, LeaseId};

use super::ContainerClient;
use crate::operations::{RenameContainer, RestoreContainer};
use crate::{Call, Error};

impl ContainerClient {
    /// Brings back the deleted container of this name and version, as a list of deleted containers tells it
    /// ([Restore Container](https://learn.microsoft.com/rest/api/storageservices/restore-container)).
    pub fn restore(&self, deleted_version: impl Into<String>) -> Call<RestoreContainer> {
        let name = ContainerName::new(self.name()).map_err(Error::from);
        let operation = name.map(|name| RestoreContainer::new(name, deleted_version));
        Call::new(self.service().clone(), operation)
    }

    /// Gives the container of the name `source` this one's name (Rename Container, which has no page of reference). Not every account can.
    pub fn rename_from(&self, source: &str) -> Call<RenameContainer> {
        let names = ContainerName::new(self.name()).and_then(|to| Ok((to, ContainerName::new(source)?)));
        let operation = names.map(|(to, from)| RenameContainer::new(to, from));
        Call::new(self.service().clone(), operation.map_err(Error::from))
    }
}

impl Call<RestoreContainer> {
    /// The name that the container had, where it is to have another now.
    pub fn deleted_name(self, name: &str) -> Self {
        self.try_with(|operation| {
            operation.deleted_name = ContainerName::new(name)?;
            Ok(())
        })
    }
}

impl Call<RenameContainer> {
    /// Shows that the caller holds the lease on the container.
    pub fn source_lease(self, id: LeaseId) -> Self {
        self.with(|operation| operation.source_lease_id = Some(id))
    }
}
