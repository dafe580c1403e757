//! Requests that are signed with the key of the account: Shared Key and Shared Key Lite.

use http::HeaderValue;
use lazuli_protocol::{ErrorCode, format_rfc1123};
use lazuli_signing::{AuthorizationFault, CLOCK_SKEW, Refusal as Fault, parse_authorization};

use super::{Caller, Visit, failed};
use crate::service::refusal::{Refusal, Stage};

/// Lets whoever has the key in, or says why not.
pub(super) fn admit(visit: &Visit<'_>, header: &HeaderValue) -> Result<Caller, Box<Refusal>> {
    visit
        .account
        .shared_key()
        .verify(visit.parts, visit.now, CLOCK_SKEW)
        .map(|()| Caller::Owner)
        .map_err(|fault| refuse(&fault, header))
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
            format_rfc1123(*date)
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
