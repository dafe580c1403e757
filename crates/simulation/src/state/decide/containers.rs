//! Deciding on containers.

use std::sync::Arc;

use lazuli_protocol::{ErrorCode, Metadata};
use uuid::Uuid;

use crate::state::{
    AccessControl, Conditions, ContainerPath, ContainerProperties, Denied, Lease, Leased, Record, State,
    Timestamp,
};

/// A container to be made.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewContainer {
    pub(crate) metadata: Metadata,
    pub(crate) access: AccessControl,
    pub(crate) default_scope: Option<Box<str>>,
    pub(crate) scope_is_fixed: bool,
}

impl State {
    /// Create Container.
    pub(crate) fn create_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        new: NewContainer,
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        if self.container(&at).is_ok() {
            return Err(ErrorCode::ContainerAlreadyExists.into());
        }
        let properties = Arc::new(ContainerProperties {
            tag: self.last_tag.next(now),
            modified: now,
            metadata: new.metadata,
            access: new.access,
            lease: None,
            default_scope: new.default_scope,
            scope_is_fixed: new.scope_is_fixed,
        });
        Ok((
            Record::PutContainer {
                at,
                properties: properties.clone(),
            },
            properties,
        ))
    }

    /// Set Container Metadata.
    pub(crate) fn set_container_metadata(
        &self,
        now: Timestamp,
        at: ContainerPath,
        metadata: Metadata,
        conditions: &Conditions,
        lease: Option<Uuid>,
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        self.set_container(now, at, conditions, lease, |container| {
            container.metadata = metadata
        })
    }

    /// Set Container ACL.
    pub(crate) fn set_container_access(
        &self,
        now: Timestamp,
        at: ContainerPath,
        access: AccessControl,
        conditions: &Conditions,
        lease: Option<Uuid>,
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        self.set_container(now, at, conditions, lease, |container| container.access = access)
    }

    fn set_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        conditions: &Conditions,
        lease: Option<Uuid>,
        change: impl FnOnce(&mut ContainerProperties),
    ) -> Result<(Record, Arc<ContainerProperties>), Denied> {
        let old = &self.container(&at)?.properties;
        // A lease on a container keeps nobody from changing it, but who shows one must hold it.
        Lease::check_read(old.lease.as_ref(), now, lease, Leased::Container)?;
        conditions.check_write(old.tag, old.modified)?;
        let mut new = ContainerProperties {
            tag: self.last_tag.next(now),
            modified: now,
            ..(**old).clone()
        };
        change(&mut new);
        let properties = Arc::new(new);
        Ok((
            Record::PutContainer {
                at,
                properties: properties.clone(),
            },
            properties,
        ))
    }

    /// Delete Container. It is kept for a while where the account keeps deleted containers.
    pub(crate) fn delete_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        conditions: &Conditions,
        lease: Option<Uuid>,
    ) -> Result<Record, Denied> {
        let old = &self.container(&at)?.properties;
        Lease::check_write(old.lease.as_ref(), now, lease, Leased::Container)?;
        conditions.check_write(old.tag, old.modified)?;
        let deletion = self
            .account(&at.account)
            .and_then(|account| account.container_deletion(now));
        Ok(match deletion {
            Some(deletion) => Record::RetireContainer {
                at,
                version: now.file_time().into(),
                deletion,
            },
            None => Record::DeleteContainer { at },
        })
    }
}
