//! Containers.

use lazuli_blob::operations::{CreateContainer, DeleteContainer};
use lazuli_protocol::Error;

use crate::wanted::Wanted;

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
