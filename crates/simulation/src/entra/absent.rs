//! The authority of a build without the feature `entra`: it has issued nothing, so nothing is its own but the name.

use std::sync::Arc;

use lazuli_protocol::Clock;

use super::TENANT;
use super::jwt::Jwt;
use crate::Error;
use crate::random::Random;

/// Stands where the registered would be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registry(());

impl Registry {
    #[expect(clippy::unnecessary_wraps, reason = "it is as with the feature")]
    pub(crate) fn check(self) -> Result<Self, Error> {
        Ok(self)
    }
}

/// Stands where the simulated Entra would.
#[derive(Debug)]
pub(crate) struct Authority;

impl Authority {
    pub(crate) fn new(_: Registry, _: Arc<dyn Clock>, _: Random) -> Self {
        Self
    }

    pub(super) fn tenant(&self) -> &str {
        TENANT
    }

    pub(super) fn has_tenant(&self, tenant: &str) -> bool {
        tenant.eq_ignore_ascii_case(TENANT)
    }

    pub(super) fn has_key(&self, _: &str) -> bool {
        false
    }

    pub(super) fn has_signed(&self, _: &Jwt<'_>) -> bool {
        false
    }

    pub(super) fn take_challenge(&self) -> Option<String> {
        None
    }
}
