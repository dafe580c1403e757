//! The endpoint of App Service and Functions.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::{HeaderName, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::machine::{self, Selectors};
use crate::entra::Authority;
use crate::entra::service::{Asked, Reply};

const SELECTORS: Selectors = Selectors {
    client: &["client_id"],
    object: &["principal_id", "object_id"],
    resource: &["mi_res_id"],
};
const VERSIONS: [&str; 2] = ["2019-08-01", "2025-03-30"];

pub(super) fn answer(authority: &Authority, asked: &Asked) -> Reply {
    let refuse = |status, text: &str| {
        let id = authority.id().to_string();
        let body = json!({ "statusCode": status, "message": text, "correlationId": id });
        Reply::json(
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
            &body,
        )
    };
    let shown = asked
        .header(&HeaderName::from_static("x-identity-header"))
        .unwrap_or_default();
    let known = authority.registry.identity_header.expose_secret();
    if verify_slices_are_equal(shown.as_bytes(), known.as_bytes()).is_err() {
        return refuse(
            401,
            "The X-IDENTITY-HEADER is missing, or is not the one of this site.",
        );
    }
    if !asked
        .query
        .get("api-version")
        .is_some_and(|version| VERSIONS.contains(&version))
    {
        return refuse(400, "The api-version is missing, or is not supported.");
    }
    let Some(resource) = asked.query.get("resource") else {
        return refuse(400, "The resource is missing.");
    };
    let Some(which) = SELECTORS.read(&asked.query) else {
        return refuse(
            400,
            "Only one of client_id, principal_id and mi_res_id can be specified.",
        );
    };
    let Some(identity) = authority.registry.find_identity(which) else {
        return refuse(
            400,
            "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
        );
    };
    let Some(issued) = machine::issue(authority, identity, resource) else {
        return Reply::broken();
    };
    let mut body = machine::body(identity, resource, &issued);
    body.retain(|name, _| !matches!(name.as_str(), "expires_in" | "ext_expires_in" | "not_before"));
    Reply::ok(&Value::Object(body))
}
