//! Who asks, and whether they may.

mod bearer;

use std::collections::HashMap;

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, Method};
use lazuli_protocol::{ErrorCode, PublicAccess};
use lazuli_signing::{AuthorizationFault, CLOCK_SKEW, Refusal as Fault, SharedKey, parse_authorization};
use time::OffsetDateTime;

use crate::engine::Engine;
use crate::service::query::Query;
use crate::service::refusal::{Refusal, Stage};
use crate::service::target::{Level, Target};
use crate::state::ContainerPath;

const BEARER: HeaderValue = HeaderValue::from_static(
    "Bearer authorization_uri=https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/authorize resource_id=https://storage.azure.com",
);

/// The accounts of a simulation, by name, with what their requests are verified by.
pub(crate) type Accounts = HashMap<String, SharedKey>;

/// Lets a request in, or says why not.
pub(in crate::service) fn authorize(
    accounts: &Accounts,
    engine: &Engine,
    parts: &Parts,
    target: &Target,
    query: &Query,
    now: OffsetDateTime,
) -> Result<(), Box<Refusal>> {
    let Some(shared_key) = accounts.get(&target.account) else {
        let refusal = Refusal::new(ErrorCode::ResourceNotFound);
        let message = format!("{} This simulation has no account of that name.", refusal.message);
        return Err(refusal.message(message).at(Stage::Front));
    };
    if query.get("sig").is_some() {
        return Err(failed("Shared access signatures are not simulated yet."));
    }
    let Some(header) = parts.headers.get(AUTHORIZATION) else {
        return if is_public(engine, parts, target, query) {
            Ok(())
        } else {
            Err(Refusal::new(ErrorCode::NoAuthenticationInformation).header(WWW_AUTHENTICATE, BEARER))
        };
    };
    let scheme = header
        .to_str()
        .unwrap_or_default()
        .split(' ')
        .next()
        .unwrap_or_default();
    match scheme {
        "Bearer" => return bearer::authorize(header, now),
        "SharedKeyLite" => return Err(failed("Shared Key Lite is not simulated yet.")),
        _ => {}
    }
    shared_key
        .verify(parts, now, CLOCK_SKEW)
        .map_err(|fault| refuse(&fault, header))
}

/// Whether anybody may do this with the container, by what it was made with.
fn is_public(engine: &Engine, parts: &Parts, target: &Target, query: &Query) -> bool {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return false;
    }
    let Some(container) = &target.container else {
        return false;
    };
    let at = ContainerPath {
        account: target.account.as_str().into(),
        container: container.as_str().into(),
    };
    let access = engine.read(|state| {
        state
            .container(&at)
            .ok()
            .and_then(|container| container.properties.public_access.clone())
    });
    match (access, target.level()) {
        (Some(PublicAccess::Container), Level::Container) => query.get("comp") != Some("acl"),
        // Blocks that are not committed are nobody's business but the writer's.
        (Some(_), Level::Blob) => query
            .get("blocklisttype")
            .is_none_or(|kind| kind.eq_ignore_ascii_case("committed")),
        _ => false,
    }
}

fn refuse(fault: &Fault, header: &HeaderValue) -> Box<Refusal> {
    match fault {
        Fault::MalformedAuthorization(AuthorizationFault::AccountMismatch) => {
            failed("The account of the Authorization header is not the one that the request is for.")
        }
        Fault::MissingDate => failed("Request date header not specified"),
        Fault::UnreadableDate { .. } => failed("The Date header in the request is incorrect."),
        Fault::DateOutOfWindow { date, .. } => failed(format!(
            "Request date header too old: '{}'",
            lazuli_protocol::format_rfc1123(*date)
        )),
        Fault::SignatureMismatch { string_to_sign } => {
            // The answer of the service: it goes to the one who sent the signature, and no log has it.
            let sent = parse_authorization(header);
            let sent = sent
                .as_ref()
                .map_or("", |authorization| authorization.signature());
            failed(format!(
                "The MAC signature found in the HTTP request '{sent}' is not the same as any computed signature. \
                 Server used following string to sign: '{}'.",
                string_to_sign.as_str()
            ))
        }
        _ => Refusal::new(ErrorCode::InvalidAuthenticationInfo).at(Stage::Front),
    }
}

fn failed(detail: impl Into<String>) -> Box<Refusal> {
    Refusal::new(ErrorCode::AuthenticationFailed)
        .detail("AuthenticationErrorDetail", detail)
        .at(Stage::Front)
}
