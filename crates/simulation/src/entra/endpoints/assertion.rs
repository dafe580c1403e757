//! Assertions in the place of a secret: signed with the key of a certificate, or by another issuer.

use http::Uri;

use super::refusal::timestamp;
use super::refusal::{self, Refusal};
use crate::entra::Authority;
use crate::entra::jwt::Jwt;
use crate::entra::registry::{App, Signed, same_id};
use crate::entra::service::Asked;

/// How far clocks may be apart, in seconds.
const LEEWAY: i64 = 5 * 60;
/// Where real clients think they are, if they were sent here by a proxy.
const LOGIN_HOSTS: [&str; 4] = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.windows.net",
];
/// What comes after the tenant in the audience of an assertion.
const AUDIENCES: [&str; 4] = ["", "/v2.0", "/oauth2/token", "/oauth2/v2.0/token"];

/// Checks that an assertion stands for an application.
pub(super) fn check(authority: &Authority, app: &App, text: &str, asked: &Asked) -> Result<(), Refusal> {
    let jwt = Jwt::parse(text);
    let jwt =
        jwt.ok_or_else(|| refusal::MALFORMED_ASSERTION.because("JWT token is invalid or malformed."))?;
    let issuer = jwt.claim("iss").unwrap_or_default();
    if issuer.eq_ignore_ascii_case(&app.client_id) {
        check_own(app, &jwt, asked)?;
        check_times(authority, &jwt)?;
        check_use(authority, app, &jwt)
    } else {
        check_federated(authority, app, &jwt, issuer)?;
        check_times(authority, &jwt)
    }
}

/// One that the application has signed.
fn check_own(app: &App, jwt: &Jwt<'_>, asked: &Asked) -> Result<(), Refusal> {
    let failed = |reason: &str| {
        refusal::ASSERTION_SIGNATURE.because(format!(
            "Client assertion failed signature validation. [Reason - {reason}]"
        ))
    };
    match app.has_signed(jwt) {
        Signed::Yes => {}
        Signed::No => {
            return Err(failed(
                "The provided signature value did not match the expected signature value.",
            ));
        }
        Signed::NoSuchKey => return Err(failed("The key was not found.")),
    }
    if !jwt
        .claim("sub")
        .is_some_and(|subject| subject.eq_ignore_ascii_case(&app.client_id))
    {
        return Err(refusal::ASSERTION_SUBJECT
            .because("Client assertion application identifier doesn't match 'client_id' parameter."));
    }
    if !jwt.is_for(|audience| is_here(audience, app, asked)) {
        return Err(refusal::ASSERTION_AUDIENCE
            .because("Client assertion audience claim does not match Realm issuer."));
    }
    Ok(())
}

/// Whether an audience is this tenant's token endpoint, or its issuer.
fn is_here(audience: &str, app: &App, asked: &Asked) -> bool {
    let Ok(uri) = audience.parse::<Uri>() else {
        return false;
    };
    let host = uri.authority().map_or("", http::uri::Authority::as_str);
    let path = uri.path().trim_matches('/');
    let (tenant, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let is_login = || LOGIN_HOSTS.iter().any(|known| host.eq_ignore_ascii_case(known));
    (host.eq_ignore_ascii_case(asked.host()) || is_login())
        && same_id(tenant, &app.tenant)
        && AUDIENCES.contains(&rest)
}

/// One that somebody else has signed, whom the application trusts.
fn check_federated(authority: &Authority, app: &App, jwt: &Jwt<'_>, issuer: &str) -> Result<(), Refusal> {
    let no_match = |kind: refusal::Kind, what: &str, value: &str| {
        kind.because(format!(
            "No matching federated identity record found for presented assertion {what} '{value}'. Check your federated identity \
             credential Subject, Audience and Issuer against the presented assertion."
        ))
    };
    let mut known: Vec<_> = app
        .federated
        .iter()
        .filter(|known| known.issuer == issuer)
        .collect();
    if known.is_empty() {
        return Err(no_match(refusal::FEDERATED_ISSUER, "issuer", issuer));
    }
    let subject = jwt.claim("sub").unwrap_or_default();
    known.retain(|known| known.subject == subject);
    if known.is_empty() {
        return Err(no_match(refusal::FEDERATED_SUBJECT, "subject", subject));
    }
    if !known
        .iter()
        .any(|known| jwt.is_for(|audience| audience == known.audience))
    {
        let audience = jwt.claim("aud").unwrap_or_default();
        return Err(no_match(refusal::FEDERATED_AUDIENCE, "audience", audience));
    }
    if authority.has_signed(jwt) {
        return Ok(());
    }
    Err(refusal::ASSERTION_SIGNATURE.because(
        "Client assertion failed signature validation. The simulation takes tokens of other issuers only if it has made them.",
    ))
}

fn check_times(authority: &Authority, jwt: &Jwt<'_>) -> Result<(), Refusal> {
    let now = authority.now();
    let seconds = now.unix_timestamp();
    let is_begun = jwt
        .time("nbf")
        .is_none_or(|start| start.saturating_sub(LEEWAY) <= seconds);
    let is_over = jwt
        .time("exp")
        .is_none_or(|end| end.saturating_add(LEEWAY) <= seconds);
    if is_begun && !is_over {
        return Ok(());
    }
    let now = timestamp(now);
    Err(refusal::ASSERTION_TIMES.because(format!(
        "Client assertion is not within its valid time range. Current time: {now}. Review the 'nbf' and 'exp' of the assertion."
    )))
}

/// An id that came before is refused, where the application is to be so strict.
fn check_use(authority: &Authority, app: &App, jwt: &Jwt<'_>) -> Result<(), Refusal> {
    let is_fresh = || jwt.claim("jti").is_some_and(|id| authority.is_fresh(id));
    if !app.one_time || is_fresh() {
        return Ok(());
    }
    Err(refusal::ASSERTION_SIGNATURE.because("Client assertion has no 'jti', or was presented before."))
}
