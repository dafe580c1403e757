//! Requests with a token of Microsoft Entra.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use lazuli_protocol::{ApiVersion, ErrorCode, header as names};
use time::OffsetDateTime;

use super::{Caller, failed};
use crate::entra::{Gate, Identity, TokenFault};
use crate::service::refusal::Refusal;

/// The first version that answers a bad token with where to get a good one.
const CHALLENGING: ApiVersion = ApiVersion::of(b"2019-12-12");
const SEE_HEADER: &str = "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";

/// Lets the holder of a token in, or says why not.
///
/// It differs from the service in one thing: plain http is taken, as nothing here leaves the machine. That versions before 2017-11-09
/// take no tokens does not show: they are not simulated at all.
pub(super) fn authorize(
    gate: &Gate,
    parts: &Parts,
    account: &str,
    now: OffsetDateTime,
) -> Result<Caller, Box<Refusal>> {
    let identity =
        identify(gate, parts, account, now).map_err(|fault| refuse(gate, &parts.headers, fault))?;
    match gate.take_challenge() {
        None => Ok(Caller::Token(identity)),
        Some(claims) => Err(challenged(&insufficient_claims(gate, &claims))),
    }
}

/// What a request without credentials, or with bad ones, is told of where to get good ones.
pub(super) fn challenge(gate: &Gate) -> HeaderValue {
    header(&authority(gate))
}

fn identify(gate: &Gate, parts: &Parts, account: &str, now: OffsetDateTime) -> Result<Identity, TokenFault> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (headers.next(), headers.next()) else {
        return Err(TokenFault::Malformed);
    };
    let text = value.to_str().ok().and_then(|text| text.split_once(' '));
    let (_, token) = text.ok_or(TokenFault::Malformed)?;
    gate.identify(token.trim(), account, now)
}

fn refuse(gate: &Gate, headers: &HeaderMap, fault: TokenFault) -> Box<Refusal> {
    if version(headers).is_none_or(|version| version < CHALLENGING) {
        return failed(fault.detail());
    }
    challenged(&authority(gate)).detail("AuthenticationErrorDetail", fault.detail())
}

fn challenged(challenge: &str) -> Box<Refusal> {
    let mut refusal = Refusal::new(ErrorCode::InvalidAuthenticationInfo);
    refusal.status = http::StatusCode::UNAUTHORIZED;
    refusal
        .message(SEE_HEADER)
        .header(WWW_AUTHENTICATE, header(challenge))
}

fn authority(gate: &Gate) -> String {
    format!(
        "Bearer authorization_uri=https://login.microsoftonline.com/{}/oauth2/authorize resource_id=https://storage.azure.com",
        gate.tenant()
    )
}

/// The challenge of continuous access evaluation: the token is good, but the answer depends on more.
fn insufficient_claims(gate: &Gate, claims: &str) -> String {
    format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/{}/oauth2/authorize\", \
         error=\"insufficient_claims\", claims=\"{}\"",
        gate.tenant(),
        STANDARD.encode(claims)
    )
}

fn header(text: &str) -> HeaderValue {
    // Tenants are GUIDs, so that this is always a header.
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("Bearer"))
}

fn version(headers: &HeaderMap) -> Option<ApiVersion> {
    headers.get(names::VERSION)?.to_str().ok()?.trim().parse().ok()
}
