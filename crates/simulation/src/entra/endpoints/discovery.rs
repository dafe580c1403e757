//! What an authority publishes about itself.

use serde_json::json;

use super::Version;
use super::refusal;
use crate::entra::Authority;
use crate::entra::service::{Asked, Reply};

/// The OpenID configuration of a tenant.
pub(super) fn configuration(authority: &Authority, tenant: &str, version: Version, asked: &Asked) -> Reply {
    let is_any = matches!(tenant, "common" | "organizations");
    if !is_any && !authority.has_tenant(tenant) {
        let text = format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.");
        return refusal::UNKNOWN_TENANT.because(text).reply(authority, asked);
    }
    let origin = &asked.origin;
    // In the place of a tenant, the endpoints for all of them have this text.
    let shown = if is_any { "{tenantid}" } else { tenant };
    let (oauth2, keys, issuer) = match version {
        Version::V1 => (
            "oauth2",
            "discovery/keys",
            format!("https://sts.windows.net/{shown}/"),
        ),
        Version::V2 => (
            "oauth2/v2.0",
            "discovery/v2.0/keys",
            format!("{origin}/{shown}/v2.0"),
        ),
    };
    Reply::ok(&json!({
        "token_endpoint": format!("{origin}/{tenant}/{oauth2}/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{origin}/{tenant}/{keys}"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer,
        "authorization_endpoint": format!("{origin}/{tenant}/{oauth2}/authorize"),
        "device_authorization_endpoint": format!("{origin}/{tenant}/{oauth2}/devicecode"),
        "cloud_instance_name": asked.host(),
        "tenant_region_scope": null,
    }))
}

/// The key, as a JSON Web Key Set.
pub(super) fn keys(authority: &Authority) -> Reply {
    match authority.key() {
        Some(key) => Reply::ok(&json!({ "keys": [key.public()] })),
        None => Reply::broken(),
    }
}

/// The clouds that there are: this one, by the name that the client knows it by.
pub(super) fn instance(authority: &Authority, asked: &Asked) -> Reply {
    let host = asked.host();
    Reply::ok(&json!({
        "tenant_discovery_endpoint":
            format!("{}/{}/v2.0/.well-known/openid-configuration", asked.origin, authority.tenant()),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    }))
}
