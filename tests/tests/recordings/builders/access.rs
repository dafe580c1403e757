//! Who may do what with a container.

use lazuli_blob::operations::{GetContainerAcl, SetContainerAcl};
use lazuli_protocol::Error;
use lazuli_protocol::xml::SignedIdentifiers;

use super::lease_id;
use crate::wanted::Wanted;

pub(crate) fn get_container_acl(wanted: &Wanted) -> Result<GetContainerAcl, Error> {
    let mut get = GetContainerAcl::new(wanted.container()?);
    get.lease_id = lease_id(wanted)?;
    Ok(get)
}

pub(crate) fn set_container_acl(wanted: &Wanted) -> Result<SetContainerAcl, Error> {
    let policies = match wanted.document("") {
        [] => SignedIdentifiers::default(),
        xml => SignedIdentifiers::parse(xml)?,
    };
    let mut set = SetContainerAcl::new(wanted.container()?, policies);
    set.public_access = wanted.value("x-ms-blob-public-access");
    set.lease_id = lease_id(wanted)?;
    set.conditions = wanted.conditions()?;
    Ok(set)
}
