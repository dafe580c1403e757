//! What an access token says.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::registry::{App, ManagedIdentity};

/// Tokens begin to be valid this long before they are made, in seconds: clocks differ.
pub(super) const BACKDATED: i64 = 5 * 60;
/// How long a token is valid, in seconds: Entra answers an hour but one second.
const LIFETIME: i64 = 3_599;
/// How long one is valid of a managed identity, or of a client that handles challenges, in seconds.
const LONG_LIFETIME: i64 = 86_399;

/// Whom a token is made for.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) client_id: &'a str,
    pub(super) object_id: &'a str,
    pub(super) tenant: &'a str,
    /// How the application proved itself: `1` by a secret, `2` by a certificate or another token.
    pub(super) proof: &'static str,
    /// The resource that a managed identity is.
    pub(super) resource_id: Option<&'a str>,
    /// Whether the client can handle challenges of continuous access evaluation.
    pub(super) handles_challenges: bool,
    /// In seconds.
    pub(super) lifetime: i64,
}

impl<'a> Subject<'a> {
    pub(super) fn app(app: &'a App, proof: &'static str, handles_challenges: bool) -> Self {
        Self {
            client_id: &app.client_id,
            object_id: app.object_id.as_deref().unwrap_or(&app.client_id),
            tenant: &app.tenant,
            proof,
            resource_id: None,
            handles_challenges,
            lifetime: if handles_challenges {
                LONG_LIFETIME
            } else {
                LIFETIME
            },
        }
    }

    pub(super) fn managed(identity: &'a ManagedIdentity, tenant: &'a str) -> Self {
        Self {
            client_id: &identity.client_id,
            object_id: identity.object_id.as_deref().unwrap_or(&identity.client_id),
            tenant,
            proof: "2",
            resource_id: identity.resource_id.as_deref(),
            handles_challenges: false,
            lifetime: LONG_LIFETIME,
        }
    }
}

/// A token of version 1, as Azure Storage gets.
pub(super) fn access_token(
    subject: &Subject<'_>,
    audience: &str,
    id: &str,
    now: OffsetDateTime,
    lifetime: i64,
) -> Map<String, Value> {
    let issuer = format!("https://sts.windows.net/{}/", subject.tenant);
    let now = now.unix_timestamp();
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    put("aud", json!(audience));
    put("iss", json!(issuer));
    put("iat", json!(now.saturating_sub(BACKDATED)));
    put("nbf", json!(now.saturating_sub(BACKDATED)));
    put("exp", json!(now.saturating_add(lifetime)));
    put("appid", json!(subject.client_id));
    put("appidacr", json!(subject.proof));
    put("idp", json!(issuer));
    put("idtyp", json!("app"));
    put("oid", json!(subject.object_id));
    put("sub", json!(subject.object_id));
    put("tid", json!(subject.tenant));
    put("uti", json!(id));
    put("ver", json!("1.0"));
    if subject.handles_challenges {
        put("xms_cc", json!(["cp1"]));
    }
    if let Some(resource) = subject.resource_id {
        put("xms_mirid", json!(resource));
    }
    claims
}
