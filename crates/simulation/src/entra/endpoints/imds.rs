//! The metadata service of a virtual machine.

use http::{HeaderName, StatusCode};
use serde_json::{Value, json};

use super::machine::{self, Selectors};
use crate::entra::Authority;
use crate::entra::service::{Asked, Reply};

const SELECTORS: Selectors = Selectors {
    client: &["client_id"],
    object: &["object_id"],
    resource: &["msi_res_id", "mi_res_id"],
};
/// The first API version that has identities. They are dates, and compare as texts do.
const FIRST_VERSION: &str = "2018-02-01";

pub(super) fn answer(authority: &Authority, asked: &Asked) -> Reply {
    let forwarded = HeaderName::from_static("x-forwarded-for");
    if !asked.says_metadata() {
        return refuse("Required metadata header not specified");
    }
    if asked.header(&forwarded).is_some() {
        return refuse("Forwarded requests are not answered");
    }
    match asked.query.get("api-version") {
        None => return refuse("Required query variable 'api-version' is missing"),
        Some(version) if version < FIRST_VERSION => return refuse("The api-version is not supported"),
        Some(_) => {}
    }
    let Some(resource) = asked.query.get("resource") else {
        return refuse("Required audience parameter not specified");
    };
    let Some(which) = SELECTORS.read(&asked.query) else {
        return refuse("Only one of client_id, object_id and msi_res_id can be specified");
    };
    let Some(identity) = authority.registry.find_identity(which) else {
        return refuse("Identity not found");
    };
    match machine::issue(authority, identity, resource) {
        Some(issued) => Reply::ok(&Value::Object(machine::body(identity, resource, &issued))),
        None => Reply::broken(),
    }
}

pub(super) fn refuse(text: &str) -> Reply {
    let body = json!({ "error": "invalid_request", "error_description": text });
    Reply::json(StatusCode::BAD_REQUEST, &body)
}
