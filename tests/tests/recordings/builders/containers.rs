//! Containers.

use lazuli_blob::operations::{CreateContainer, DeleteContainer, RenameContainer, RestoreContainer};
use lazuli_protocol::{ContainerName, Error};

use super::lease_id;
use crate::wanted::Wanted;

/// Stands where a recorder dropped a name.
const LOST: &str = "lost";

pub(crate) fn create_container(wanted: &Wanted) -> Result<CreateContainer, Error> {
    let mut create = CreateContainer::new(wanted.container()?);
    create.metadata = wanted.metadata()?;
    create.public_access = wanted.value("x-ms-blob-public-access");
    Ok(create)
}

pub(crate) fn delete_container(wanted: &Wanted) -> Result<DeleteContainer, Error> {
    let mut delete = DeleteContainer::new(wanted.container()?);
    delete.conditions = wanted.conditions()?;
    Ok(delete)
}

pub(crate) fn restore_container(wanted: &Wanted) -> Result<RestoreContainer, Error> {
    let version = wanted
        .header("x-ms-deleted-container-version")
        .unwrap_or_default();
    let mut restore = RestoreContainer::new(wanted.container()?, version);
    restore.deleted_name = ContainerName::new(wanted.header("x-ms-deleted-container-name").unwrap_or(LOST))?;
    Ok(restore)
}

pub(crate) fn rename_container(wanted: &Wanted) -> Result<RenameContainer, Error> {
    let source = ContainerName::new(wanted.header("x-ms-source-container-name").unwrap_or(LOST))?;
    let mut rename = RenameContainer::new(wanted.container()?, source);
    rename.source_lease_id = wanted
        .header("x-ms-source-lease-id")
        .map(str::parse)
        .transpose()?;
    Ok(rename)
}
