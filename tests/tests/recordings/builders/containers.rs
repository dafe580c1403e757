//! Containers.

use lazuli_blob::operations::{
    CreateContainer, DeleteContainer, GetContainerProperties, RenameContainer, RestoreContainer,
    SetContainerMetadata,
};
use lazuli_protocol::{ContainerName, Error};

use super::lease_id;
use crate::wanted::Wanted;

/// Stands where a recorder dropped a name.
const LOST: &str = "lost";

pub(crate) fn create_container(wanted: &Wanted) -> Result<CreateContainer, Error> {
    let mut create = CreateContainer::new(wanted.container()?);
    create.metadata = wanted.metadata()?;
    create.public_access = wanted.value("x-ms-blob-public-access");
    create.default_encryption_scope = wanted.text("x-ms-default-encryption-scope");
    create.deny_encryption_scope_override = wanted.flag("x-ms-deny-encryption-scope-override");
    Ok(create)
}

pub(crate) fn delete_container(wanted: &Wanted) -> Result<DeleteContainer, Error> {
    let mut delete = DeleteContainer::new(wanted.container()?);
    delete.lease_id = lease_id(wanted)?;
    delete.conditions = wanted.conditions()?;
    Ok(delete)
}

pub(crate) fn get_container_properties(wanted: &Wanted) -> Result<GetContainerProperties, Error> {
    let mut get = GetContainerProperties::new(wanted.container()?);
    get.lease_id = lease_id(wanted)?;
    Ok(get)
}

pub(crate) fn set_container_metadata(wanted: &Wanted) -> Result<SetContainerMetadata, Error> {
    let mut set = SetContainerMetadata::new(wanted.container()?, wanted.metadata()?);
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
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
