//! Cloud Shell.

use http::StatusCode;
use serde_json::{Value, json};

use super::machine;
use crate::entra::Authority;
use crate::entra::registry::Which;
use crate::entra::service::{Asked, Reply};

pub(super) fn answer(authority: &Authority, asked: &Asked) -> Reply {
    let refuse = |code: &str, text: &str| {
        let body = json!({ "error": { "code": code, "message": text } });
        Reply::json(StatusCode::BAD_REQUEST, &body)
    };
    if !asked.says_metadata() {
        return refuse("InvalidRequest", "Required Metadata header is not specified.");
    }
    let Some(resource) = asked.form.get("resource") else {
        return refuse(
            "AudienceNotSupported",
            "Audience is not a supported MSI token audience.",
        );
    };
    // The user's own identity: no other can be named.
    let Some(identity) = authority.registry.find_identity(Which::Default) else {
        return refuse("InvalidRequest", "There is no identity.");
    };
    let Some(issued) = machine::issue(authority, identity, resource) else {
        return Reply::broken();
    };
    let mut body = machine::body(identity, resource, &issued);
    body.remove("client_id");
    body.insert("refresh_token".to_owned(), json!(""));
    Reply::ok(&Value::Object(body))
}
