//! Who asks, and whether they may.

mod account;
mod bearer;
mod caller;
mod sas;
mod sas_refusal;
mod shared_key;

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use lazuli_protocol::{ErrorCode, PublicAccess};
use time::OffsetDateTime;

use crate::engine::Engine;
use crate::entra::Gate;
use crate::service::query::Query;
use crate::service::refusal::{Refusal, Stage};
use crate::service::router::Route;
use crate::service::target::{Level, Target};
use crate::state::ContainerPath;

pub(crate) use account::Account;
pub(in crate::service) use account::DelegatedKey;
pub(in crate::service) use caller::Caller;
pub(in crate::service) use sas::is_sas;

/// The accounts of a simulation, by name.
pub(crate) type Accounts = HashMap<String, Arc<Account>>;

/// The account that a request is for.
pub(in crate::service) fn account<'a>(
    accounts: &'a Accounts,
    target: &Target,
) -> Result<&'a Arc<Account>, Box<Refusal>> {
    accounts.get(&target.account).ok_or_else(|| {
        let refusal = Refusal::new(ErrorCode::ResourceNotFound);
        let message = format!("{} This simulation has no account of that name.", refusal.message);
        refusal.message(message).at(Stage::Front)
    })
}

/// A request at the door.
#[derive(Clone, Copy)]
pub(in crate::service) struct Visit<'a> {
    pub(in crate::service) account: &'a Account,
    pub(in crate::service) gate: &'a Gate,
    pub(in crate::service) engine: &'a Engine,
    pub(in crate::service) parts: &'a Parts,
    pub(in crate::service) target: &'a Target,
    pub(in crate::service) query: &'a Query,
    /// What it asks for; `None` where there is no such operation.
    pub(in crate::service) route: Option<&'static Route>,
    pub(in crate::service) now: OffsetDateTime,
}

impl Visit<'_> {
    /// Lets the request in, or says why not. An `Authorization` header counts before a shared access signature, as it does with the
    /// service: whoever sends both is judged by the header.
    pub(in crate::service) fn admit(&self) -> Result<Caller, Box<Refusal>> {
        let Some(header) = self.parts.headers.get(AUTHORIZATION) else {
            return match () {
                () if is_sas(self.query) => sas::admit(self),
                () if self.is_public() => Ok(Caller::Anonymous),
                () => {
                    let challenge = bearer::challenge(self.gate);
                    Err(Refusal::new(ErrorCode::NoAuthenticationInformation)
                        .header(WWW_AUTHENTICATE, challenge))
                }
            };
        };
        let scheme = header.to_str().unwrap_or_default().split(' ').next();
        if scheme != Some("Bearer") {
            return shared_key::admit(self, header);
        }
        let caller = bearer::authorize(self.gate, self.parts, &self.target.account, self.now)?;
        match caller {
            Caller::Token(identity) if sas::is_for_one_user(self) => sas::admit_user(self, &identity),
            caller => Ok(caller),
        }
    }

    fn container(&self) -> Option<ContainerPath> {
        Some(ContainerPath {
            account: self.target.account.as_str().into(),
            container: self.target.container.as_deref()?.into(),
        })
    }

    /// Whether anybody may do this with the container.
    fn is_public(&self) -> bool {
        if self.parts.method != Method::GET && self.parts.method != Method::HEAD {
            return false;
        }
        // Tags and access policies are not for the public.
        if self.route.is_some_and(|route| !route.needs.is_for_the_public()) {
            return false;
        }
        let Some(at) = self.container() else {
            return false;
        };
        let access = self.engine.read(|state| {
            let container = state.container(&at).ok()?;
            container.properties.access.public_access.clone()
        });
        match (access, self.target.level()) {
            (Some(PublicAccess::Container), Level::Container) => true,
            // Blocks that are not committed are nobody's business but the writer's.
            (Some(_), Level::Blob) => self
                .query
                .get("blocklisttype")
                .is_none_or(|kind| kind.eq_ignore_ascii_case("committed")),
            _ => false,
        }
    }
}

/// A request whose sender could not be made sure of.
pub(in crate::service) fn failed(detail: impl Into<String>) -> Box<Refusal> {
    Refusal::new(ErrorCode::AuthenticationFailed)
        .detail("AuthenticationErrorDetail", detail)
        .at(Stage::Front)
}
