//! Who can have a token: tenants, their applications, and the managed identities of the machine.

mod app;
mod managed;

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use uuid::Uuid;

pub use app::App;
pub(super) use app::Signed;
pub use managed::ManagedIdentity;

use super::{
    CLIENT_ID, CLIENT_SECRET, IDENTITY_HEADER, SYSTEM_ASSIGNED, TENANT, USER_ASSIGNED, USER_ASSIGNED_RESOURCE,
};
use crate::{Error, ErrorKind};

/// How a request names a managed identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which<'a> {
    /// Not at all.
    Default,
    Client(&'a str),
    Object(&'a str),
    Resource(&'a str),
}

/// Everybody who can have a token.
#[derive(Clone)]
pub(crate) struct Registry {
    /// The first is the one that managed identities are in, and that challenges name.
    pub(super) tenants: Vec<String>,
    pub(super) apps: Vec<App>,
    pub(super) identities: Vec<ManagedIdentity>,
    /// What a request to the endpoint of App Service has to show.
    pub(super) identity_header: SecretString,
    /// Where the Arc agent writes its keys.
    pub(super) arc_folder: Option<PathBuf>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            tenants: vec![TENANT.to_owned()],
            apps: Vec::new(),
            identities: Vec::new(),
            identity_header: SecretString::from(IDENTITY_HEADER),
            arc_folder: None,
        }
    }
}

impl Registry {
    pub(crate) fn tenant(&mut self, id: String) {
        self.tenants.push(id);
    }

    pub(crate) fn app(&mut self, app: App) {
        self.apps.push(app);
    }

    pub(crate) fn identity(&mut self, identity: ManagedIdentity) {
        self.identities.push(identity);
    }

    pub(crate) fn identity_header(&mut self, secret: SecretString) {
        self.identity_header = secret;
    }

    pub(crate) fn arc_folder(&mut self, folder: PathBuf) {
        self.arc_folder = Some(folder);
    }

    /// Fills in who is there by default, and checks that all ids are ids and no two are the same.
    pub(crate) fn check(mut self) -> Result<Self, Error> {
        if self.apps.is_empty() {
            self.apps.push(App::new(CLIENT_ID).secret(CLIENT_SECRET));
        }
        if self.identities.is_empty() {
            let assigned = ManagedIdentity::user_assigned(USER_ASSIGNED).resource_id(USER_ASSIGNED_RESOURCE);
            self.identities = vec![ManagedIdentity::system_assigned(SYSTEM_ASSIGNED), assigned];
        }
        let tenants = self.tenants.iter().map(|id| guid("the tenant", id));
        self.tenants = tenants.collect::<Result<_, _>>()?;
        self.apps = self.apps.into_iter().map(App::check).collect::<Result<_, _>>()?;
        let identities = self.identities.into_iter().map(ManagedIdentity::check);
        self.identities = identities.collect::<Result<_, _>>()?;
        self.check_clients()?;
        if self
            .identities
            .iter()
            .filter(|one| one.is_system_assigned)
            .count()
            > 1
        {
            let message = "a machine has one system-assigned identity, and there are more";
            return Err(invalid(message.to_owned()));
        }
        Ok(self)
    }

    /// Every client is in a tenant that is there, and in each only once.
    fn check_clients(&self) -> Result<(), Error> {
        let machines = self.tenants.first().map_or(TENANT, String::as_str);
        let apps = self.apps.iter().map(|app| (&app.client_id, app.tenant.as_str()));
        let identities = self.identities.iter().map(|one| (&one.client_id, machines));
        let mut seen = HashSet::new();
        for (client, tenant) in apps.chain(identities) {
            if !self.tenants.iter().any(|other| other == tenant) {
                let message = format!("the application {client} is in {tenant}, which is no tenant here");
                return Err(invalid(message));
            }
            if !seen.insert((client, tenant)) {
                return Err(invalid(format!("the client id {client} is given twice")));
            }
        }
        Ok(())
    }

    pub(super) fn has_tenant(&self, id: &str) -> bool {
        self.tenants.iter().any(|tenant| same_id(tenant, id))
    }

    pub(super) fn find_app(&self, tenant: &str, client_id: &str) -> Option<&App> {
        let is_it = |app: &&App| same_id(&app.client_id, client_id) && same_id(&app.tenant, tenant);
        self.apps.iter().find(is_it)
    }

    /// The identity that a request means. A request that names nobody means the machine's own, or else the only one there is.
    pub(super) fn find_identity(&self, which: Which<'_>) -> Option<&ManagedIdentity> {
        let mut all = self.identities.iter();
        match which {
            Which::Default => match (
                &self.identities[..],
                all.find(|identity| identity.is_system_assigned),
            ) {
                (_, Some(own)) => Some(own),
                ([only], None) => Some(only),
                _ => None,
            },
            Which::Client(id) => all.find(|identity| same_id(&identity.client_id, id)),
            Which::Object(id) => {
                all.find(|identity| identity.object_id.as_deref().is_some_and(|own| same_id(own, id)))
            }
            Which::Resource(id) => all.find(|identity| {
                identity
                    .resource_id
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(id))
            }),
        }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("tenants", &self.tenants)
            .field("apps", &self.apps)
            .field("identities", &self.identities)
            .field("arc_folder", &self.arc_folder)
            .finish_non_exhaustive()
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidIdentity, message)
}

/// A GUID as Entra writes it.
fn guid(what: &str, text: &str) -> Result<String, Error> {
    let id = Uuid::parse_str(text)
        .map_err(|source| invalid(format!("{what} {text:?} is no GUID")).because(source))?;
    Ok(id.to_string())
}

/// Whether two texts are the same GUID.
pub(super) fn same_id(one: &str, other: &str) -> bool {
    match (Uuid::parse_str(one), Uuid::parse_str(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// An object id for whom none is given: it follows from the client id, and is another.
fn object_of(client_id: &str) -> String {
    let id = Uuid::parse_str(client_id).unwrap_or_default();
    Uuid::from_u128(id.as_u128() ^ 0xffff_ffff_ffff).to_string()
}
