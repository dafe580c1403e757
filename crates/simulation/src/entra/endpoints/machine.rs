//! What the endpoints of managed identities have in common: whom a request means, and what a token's answer says.

use serde_json::{Map, Value, json};

use crate::entra::Authority;
use crate::entra::authority::Issued;
use crate::entra::claims::Subject;
use crate::entra::registry::{ManagedIdentity, Which};
use crate::entra::service::Form;

/// The names of the parameters that name an identity by its client, object and resource id.
pub(super) struct Selectors {
    pub(super) client: &'static [&'static str],
    pub(super) object: &'static [&'static str],
    pub(super) resource: &'static [&'static str],
}

impl Selectors {
    /// Whom a request means. `None` when it names an identity in more than one way.
    pub(super) fn read<'a>(&self, form: &'a Form) -> Option<Which<'a>> {
        let find = |names: &[&str]| names.iter().find_map(|name| form.get(name));
        match (find(self.client), find(self.object), find(self.resource)) {
            (None, None, None) => Some(Which::Default),
            (Some(id), None, None) => Some(Which::Client(id)),
            (None, Some(id), None) => Some(Which::Object(id)),
            (None, None, Some(id)) => Some(Which::Resource(id)),
            _ => None,
        }
    }
}

/// Makes a token for an identity. `None` when there can be no key.
pub(super) fn issue(authority: &Authority, identity: &ManagedIdentity, resource: &str) -> Option<Issued> {
    authority.issue(&Subject::managed(identity, authority.tenant()), resource)
}

/// The answer with a token, as the metadata service gives it: every number is a text.
pub(super) fn body(identity: &ManagedIdentity, resource: &str, issued: &Issued) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    put("access_token", json!(issued.token));
    put("client_id", json!(identity.client_id));
    put("expires_in", json!(issued.lifetime.to_string()));
    put("expires_on", json!(issued.expires_on().to_string()));
    put("ext_expires_in", json!(issued.lifetime.to_string()));
    put("not_before", json!(issued.not_before().to_string()));
    put("resource", json!(resource));
    put("token_type", json!("Bearer"));
    if let Some(refresh_in) = issued.refresh_in {
        put("refresh_in", json!(refresh_in.to_string()));
    }
    body
}
