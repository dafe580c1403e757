//! The token endpoint of a tenant: client credentials.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use lazuli_protocol::percent_decode;
use serde_json::{Map, Value, json};

use super::refusal::{self, Refusal};
use super::{Version, assertion};
use crate::entra::Authority;
use crate::entra::authority::Issued;
use crate::entra::claims::Subject;
use crate::entra::registry::App;
use crate::entra::service::{Asked, Reply};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) fn answer(authority: &Authority, tenant: &str, version: Version, asked: &Asked) -> Reply {
    match grant(authority, tenant, version, asked) {
        Ok(reply) => reply,
        Err(refusal) => refusal.reply(authority, asked),
    }
}

fn grant(authority: &Authority, tenant: &str, version: Version, asked: &Asked) -> Result<Reply, Refusal> {
    if !authority.registry.has_tenant(tenant) {
        return Err(refusal::UNKNOWN_TENANT.because(format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
        )));
    }
    match asked.form.get("grant_type") {
        None => return Err(Refusal::missing("grant_type")),
        Some("client_credentials") => {}
        Some(other) => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            return Err(refusal::UNSUPPORTED_GRANT.because(text));
        }
    }
    let basic = basic(asked);
    let basic = basic.as_ref().map(|(id, secret)| (id.as_str(), secret.as_str()));
    let client_id = asked.form.get("client_id").or(basic.map(|(id, _)| id));
    let client_id = client_id.ok_or_else(|| Refusal::missing("client_id"))?;
    let app = authority.registry.find_app(tenant, client_id).ok_or_else(|| {
        refusal::UNKNOWN_APP.because(format!(
            "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen if the application \
             has not been installed by the administrator of the tenant or consented to by any user in the tenant."
        ))
    })?;
    let secret = asked
        .form
        .get("client_secret")
        .or(basic.map(|(_, secret)| secret));
    let proof = prove(authority, app, secret, asked)?;
    let audience = match version {
        Version::V1 => resource(asked)?,
        Version::V2 => scope(asked)?,
    };
    let handles_challenges = handles_challenges(asked)?;
    let subject = Subject::app(app, proof, handles_challenges);
    let Some(issued) = authority.issue(&subject, audience) else {
        return Ok(Reply::broken());
    };
    Ok(Reply::ok(&Value::Object(success(version, audience, issued))))
}

/// What the application proves itself with: `appidacr` of the token.
fn prove(
    authority: &Authority,
    app: &App,
    secret: Option<&str>,
    asked: &Asked,
) -> Result<&'static str, Refusal> {
    if let Some(text) = asked.form.get("client_assertion") {
        match asked.form.get("client_assertion_type") {
            Some(ASSERTION_TYPE) => {}
            Some(_) => {
                let text =
                    format!("Invalid request. The 'client_assertion_type' has to be '{ASSERTION_TYPE}'.");
                return Err(refusal::MALFORMED.because(text));
            }
            None => return Err(Refusal::missing("client_assertion_type")),
        }
        return assertion::check(authority, app, text, asked).map(|()| "2");
    }
    let Some(secret) = secret else {
        return Err(refusal::NO_CREDENTIAL.because(
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ));
    };
    if app.has_secret(secret) {
        return Ok("1");
    }
    Err(refusal::BAD_SECRET.because(format!(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret \
         ID, for a secret added to app '{}'.",
        app.client_id
    )))
}

/// The client id and the secret of an `Authorization` header.
fn basic(asked: &Asked) -> Option<(String, String)> {
    let encoded = asked.header(&AUTHORIZATION)?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((
        percent_decode(id)?.into_owned(),
        percent_decode(secret)?.into_owned(),
    ))
}

fn resource(asked: &Asked) -> Result<&str, Refusal> {
    let resource = asked
        .form
        .get("resource")
        .ok_or_else(|| Refusal::missing("resource"))?;
    if is_resource(resource) {
        return Ok(resource);
    }
    Err(refusal::BAD_RESOURCE.because(format!(
        "The resource principal named {resource} was not found in the tenant. This can happen if the application has not been installed \
         by the administrator of the tenant."
    )))
}

fn scope(asked: &Asked) -> Result<&str, Refusal> {
    let scope = asked.form.get("scope").ok_or_else(|| Refusal::missing("scope"))?;
    let Some(audience) = scope.strip_suffix("/.default") else {
        return Err(refusal::NO_DEFAULT_SCOPE.because(format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed \
             to the resource identifier (application ID URI)."
        )));
    };
    if is_resource(audience) {
        return Ok(audience);
    }
    Err(refusal::BAD_SCOPE.because(format!(
        "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. \
         The scope {scope} is not valid."
    )))
}

/// Whether this can be the identifier of a resource: a URI, or the id of an application.
fn is_resource(text: &str) -> bool {
    let is_uri = text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !rest.is_empty()
    });
    !text.contains(' ') && (is_uri || uuid::Uuid::parse_str(text).is_ok())
}

/// Whether the client says that it can handle challenges: the capability `cp1`.
fn handles_challenges(asked: &Asked) -> Result<bool, Refusal> {
    let Some(claims) = asked.form.get("claims") else {
        return Ok(false);
    };
    let claims: Map<String, Value> = serde_json::from_str(claims)
        .map_err(|_| refusal::MALFORMED.because("Invalid request. The 'claims' are no JSON object."))?;
    let values = claims
        .get("access_token")
        .and_then(|token| token.get("xms_cc")?.get("values")?.as_array());
    let is_it = |value: &Value| {
        value
            .as_str()
            .is_some_and(|value| value.eq_ignore_ascii_case("cp1"))
    };
    Ok(values.is_some_and(|values| values.iter().any(is_it)))
}

/// Numbers in version 2, the same as texts in version 1, and more of them there.
fn success(version: Version, audience: &str, issued: Issued) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    let number = |number: i64| match version {
        Version::V1 => json!(number.to_string()),
        Version::V2 => json!(number),
    };
    put("token_type", json!("Bearer"));
    put("expires_in", number(issued.lifetime));
    put("ext_expires_in", number(issued.lifetime));
    if let Some(refresh_in) = issued.refresh_in {
        put("refresh_in", number(refresh_in));
    }
    if version == Version::V1 {
        put("expires_on", number(issued.expires_on()));
        put("not_before", number(issued.not_before()));
        put("resource", json!(audience));
    }
    put("access_token", json!(issued.token));
    body
}
