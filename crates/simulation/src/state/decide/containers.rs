//! Deciding on containers.

use std::sync::Arc;

use lazuli_protocol::xml::BlobServiceProperties;
use lazuli_protocol::{ErrorCode, Metadata};
use uuid::Uuid;

use crate::state::system::LOGS;
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
    /// Set Blob Service Properties.
    pub(crate) fn set_service(&self, account: &str, properties: &BlobServiceProperties) -> Record {
        Record::PutService {
            account: account.into(),
            document: properties.to_xml().into(),
        }
    }

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
        check_removable(&at)?;
        let old = &self.container(&at)?.properties;
        Lease::check_write(old.lease.as_ref(), now, lease, Leased::Container)?;
        conditions.check_write(old.tag, old.modified)?;
        for slot in self.container(&at)?.blobs.values() {
            slot.check_mutable(now)?;
        }
        let deletion = self
            .account(&at.account)
            .and_then(|account| account.container_deletion(now));
        Ok(match deletion {
            Some(deletion) => Record::RetireContainer {
                version: self.container_version(now, &at),
                at,
                deletion,
            },
            None => Record::DeleteContainer { at },
        })
    }

    /// The name of what is kept of a container that is deleted now: the time, unless another was deleted at that time.
    fn container_version(&self, now: Timestamp, at: &ContainerPath) -> Arc<str> {
        let taken = |version: &Arc<str>| {
            let key = (at.container.clone(), version.clone());
            self.account(&at.account)
                .is_some_and(|account| account.deleted.contains_key(&key))
        };
        let (mut time, mut version) = (now, Arc::from(now.file_time()));
        while taken(&version) {
            time = time.next();
            version = Arc::from(time.file_time());
        }
        version
    }

    /// Lease Container. It changes neither the container's ETag nor when it changed.
    pub(crate) fn lease_container<T>(
        &self,
        at: ContainerPath,
        conditions: &Conditions,
        act: impl FnOnce(Option<&Lease>) -> Result<(Option<Lease>, T), Denied>,
    ) -> Result<(Record, (Arc<ContainerProperties>, T)), Denied> {
        let old = &self.container(&at)?.properties;
        conditions.check_write(old.tag, old.modified)?;
        let (lease, outcome) = act(old.lease.as_ref())?;
        let properties = Arc::new(ContainerProperties {
            lease,
            ..(**old).clone()
        });
        let record = Record::PutContainer {
            at,
            properties: properties.clone(),
        };
        Ok((record, (properties, outcome)))
    }

    /// Restore Container: `at` is where it comes back.
    pub(crate) fn restore_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        name: &str,
        version: &str,
    ) -> Result<Record, Denied> {
        if self.container(&at).is_ok() {
            return Err(ErrorCode::ContainerAlreadyExists.into());
        }
        let key = (Arc::<str>::from(name), Arc::<str>::from(version));
        let deleted = self
            .account(&at.account)
            .and_then(|account| account.deleted.get(&key))
            .filter(|gone| gone.deletion.until > now);
        if deleted.is_none() {
            return Err(ErrorCode::ContainerNotFound.into());
        }
        let (name, version) = key;
        Ok(Record::RestoreContainer {
            at: ContainerPath {
                account: at.account,
                container: name,
            },
            version,
            to: at.container,
        })
    }

    /// Rename Container: `at` is its new name.
    pub(crate) fn rename_container(
        &self,
        now: Timestamp,
        at: ContainerPath,
        source: &str,
        lease: Option<Uuid>,
    ) -> Result<Record, Denied> {
        if self.container(&at).is_ok() {
            return Err(ErrorCode::ContainerAlreadyExists.into());
        }
        let from = ContainerPath {
            account: at.account,
            container: source.into(),
        };
        check_removable(&from)?;
        let old = &self.container(&from)?.properties;
        Lease::check_write(old.lease.as_ref(), now, lease, Leased::Container)?;
        Ok(Record::RenameContainer {
            at: from,
            to: at.container,
        })
    }
}

/// Whether a container may go from where it is.
fn check_removable(at: &ContainerPath) -> Result<(), Denied> {
    match *at.container == *LOGS {
        true => Err(ErrorCode::AuthorizationFailure.into()),
        false => Ok(()),
    }
}
