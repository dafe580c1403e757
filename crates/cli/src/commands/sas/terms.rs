//! What a signature says, and the signature itself.

use lazuli_signing::sas::marker::Resource;
use lazuli_signing::{Error, IpRange, Permissions, ResourceSas, Sas, SasProtocol, SasToken, SharedKey};
use time::{Duration, OffsetDateTime};

use super::key::Key;
use super::{Arguments, Target, at};
use crate::failure::Failure;
use crate::location::Remote;

const USUAL_LIFE: Duration = Duration::HOUR;

/// The terms of a signature, checked as far as they can be without a key.
#[derive(Debug)]
pub(super) struct Terms {
    grant: Grant,
    starts: Option<OffsetDateTime>,
    addresses: Option<IpRange>,
    https_only: bool,
}

/// What is permitted, and until when.
#[derive(Debug)]
enum Grant {
    /// It says so itself.
    Own {
        permissions: Permissions,
        expires: OffsetDateTime,
    },
    /// A stored access policy says what it does not.
    Policy {
        id: String,
        permissions: Option<Permissions>,
        expires: Option<OffsetDateTime>,
    },
}

impl Terms {
    pub(super) fn of(arguments: &Arguments, remote: &Remote, now: OffsetDateTime) -> Result<Self, Failure> {
        let permissions = read("--permissions", arguments.permissions.as_deref())?;
        let expires = at(arguments.expires, now)?;
        if expires.is_some_and(|expires| expires <= now) {
            return Err(Failure::usage("it would open nothing: --expires is in the past"));
        }
        let target = Target::of(remote);
        let grant = match &arguments.policy {
            Some(_) if target == Target::Account => {
                return Err(Failure::usage("a stored access policy belongs to a container")
                    .help("name the container: az://CONTAINER"));
            }
            Some(id) => Grant::Policy {
                id: id.clone(),
                permissions,
                expires,
            },
            None => Grant::Own {
                permissions: match permissions {
                    Some(permissions) => permissions,
                    None => usual(target).map_err(|error| refused(&error))?,
                },
                expires: expires.unwrap_or(now + USUAL_LIFE),
            },
        };
        Ok(Self {
            grant,
            starts: at(arguments.starts, now)?,
            addresses: read("--ip", arguments.ip.as_deref())?,
            https_only: arguments.https_only,
        })
    }

    /// Until when it opens, as far as it says so itself.
    pub(super) fn expires(&self) -> Option<OffsetDateTime> {
        match &self.grant {
            Grant::Own { expires, .. } => Some(*expires),
            Grant::Policy { expires, .. } => *expires,
        }
    }

    /// Until when it opens, if it leaves nothing to a policy, which only the account's key can sign.
    pub(super) fn own_expiry(&self) -> Option<OffsetDateTime> {
        match &self.grant {
            Grant::Own { expires, .. } => Some(*expires),
            Grant::Policy { .. } => None,
        }
    }

    /// Has it open until then.
    pub(super) fn end_by(&mut self, time: OffsetDateTime) -> OffsetDateTime {
        if let Grant::Own { expires, .. } = &mut self.grant {
            *expires = time;
        }
        time
    }

    pub(super) fn sign(&self, remote: &Remote, key: &Key) -> Result<SasToken, Failure> {
        let container = || remote.container.as_ref().map_or("", |name| name.as_str());
        let path = remote.path.as_str();
        match (Target::of(remote), key) {
            (Target::Account, Key::Account(key)) => self.sign_account(key),
            (Target::Account, Key::User(_)) => Err(Failure::usage(
                "a SAS for a whole account needs the account's key",
            )
            .help("set AZURE_STORAGE_KEY, or name a container: az://CONTAINER")),
            (Target::Container, key) => self.sign_resource(Sas::container(container()), key),
            (Target::Folder, key) => self.sign_resource(Sas::directory(container(), path), key),
            (Target::Blob, key) => self.sign_resource(Sas::blob(container(), path), key),
        }
    }

    fn sign_account(&self, key: &SharedKey) -> Result<SasToken, Failure> {
        let Grant::Own { permissions, expires } = &self.grant else {
            return Err(Failure::usage(
                "a SAS for a whole account has no stored access policy",
            ));
        };
        let mut sas = Sas::account().blob().service().container().object();
        if let Some(starts) = self.starts {
            sas = sas.starts(starts);
        }
        if let Some(addresses) = self.addresses {
            sas = sas.ip(addresses);
        }
        if self.https_only {
            sas = sas.protocol(SasProtocol::Https);
        }
        let signed = sas.permissions(*permissions).expires(*expires).sign(key);
        signed.map_err(|error| refused(&error))
    }

    fn sign_resource<R: Resource>(&self, sas: ResourceSas<'_, R>, key: &Key) -> Result<SasToken, Failure> {
        let mut sas = sas;
        if let Some(starts) = self.starts {
            sas = sas.starts(starts);
        }
        if let Some(addresses) = self.addresses {
            sas = sas.ip(addresses);
        }
        if self.https_only {
            sas = sas.protocol(SasProtocol::Https);
        }
        let signed = match (&self.grant, key) {
            (Grant::Own { permissions, expires }, key) => {
                let sas = sas.permissions(*permissions).expires(*expires);
                match key {
                    Key::Account(key) => sas.sign(key),
                    Key::User(key) => sas.sign(key),
                }
            }
            (Grant::Policy { .. }, Key::User(_)) => return Err(policy_needs_key()),
            (
                Grant::Policy {
                    id,
                    permissions,
                    expires,
                },
                Key::Account(key),
            ) => {
                let sas = sas.policy(id);
                match (permissions, expires) {
                    (None, None) => sas.sign(key),
                    (Some(permissions), None) => sas.permissions(*permissions).sign(key),
                    (None, Some(expires)) => sas.expires(*expires).sign(key),
                    (Some(permissions), Some(expires)) => {
                        sas.permissions(*permissions).expires(*expires).sign(key)
                    }
                }
            }
        };
        signed.map_err(|error| refused(&error))
    }
}

/// What is permitted when nothing is said.
fn usual(target: Target) -> Result<Permissions, Error> {
    match target {
        Target::Blob => "r",
        Target::Account | Target::Container | Target::Folder => "rl",
    }
    .parse()
}

/// The value of an option.
fn read<T: std::str::FromStr<Err = Error>>(option: &str, text: Option<&str>) -> Result<Option<T>, Failure> {
    let value = text.map(str::parse).transpose();
    value.map_err(|error| Failure::usage(format!("{option} cannot be used: {error}")))
}

fn refused(error: &Error) -> Failure {
    Failure::usage(error.to_string())
}

pub(super) fn policy_needs_key() -> Failure {
    Failure::usage("a stored access policy needs the account's key")
        .help("set AZURE_STORAGE_KEY, or leave --policy out")
}
