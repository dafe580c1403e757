//! Why a shared access signature was refused, in the service's words.

use std::net::IpAddr;

use lazuli_protocol::{ErrorCode, format_rfc1123};
use lazuli_signing::SasRefusal;
use time::OffsetDateTime;

use super::failed;
use crate::service::refusal::{Refusal, Stage};

/// The answer to a signature that was refused. `with_policy` says that it names a stored access policy.
pub(super) fn refuse(refusal: &SasRefusal, with_policy: bool, now: OffsetDateTime) -> Box<Refusal> {
    use SasRefusal as Is;
    match refusal {
        Is::MissingField { field: "se" } if with_policy => {
            failed("Signed expiry must be specified in signature or SAS identifier")
        }
        Is::MissingField { field: "sp" } if with_policy => {
            failed("Signed permission must be specified in signature or SAS identifier")
        }
        Is::MissingField { field } => failed(format!("{field} is mandatory. Cannot be empty")),
        Is::MalformedField { field: "sv" } | Is::UnknownVersion { .. } => bad_version(),
        Is::DuplicateField { .. } | Is::MalformedField { .. } | Is::FieldNotAllowed { .. } => {
            failed("Signature fields not well formed.")
        }
        Is::ExpiryBeforeStart { start, expiry } => failed(not_after(*expiry, *start)),
        // The spelling is the service's.
        Is::ResourceMismatch { .. } => {
            failed("The specified signed resource is not allowed for the this resource level")
        }
        Is::SignatureMismatch { string_to_sign } => {
            // The answer of the service: it goes to the one who sent the signature, and no log has it.
            let text = string_to_sign.as_str();
            failed(format!("Signature did not match. String to sign used was {text}"))
        }
        Is::UnknownPolicy { .. } => failed("SAS identifier cannot be found for specified signed identifier"),
        Is::FieldInTokenAndPolicy { .. } => {
            failed("Access policy fields can be associated with signature or SAS identifier but not both")
        }
        Is::NotYetValid { start, expiry, now } => failed(outside("", *start, *expiry, *now)),
        // The service takes a start that is not given for now.
        Is::Expired {
            start: None, expiry, ..
        } => failed(not_after(*expiry, now)),
        Is::Expired {
            start: Some(start),
            expiry,
            now,
        } => failed(outside("", *start, *expiry, *now)),
        Is::DelegationKeyNotYetValid { start, expiry, now }
        | Is::DelegationKeyExpired { start, expiry, now } => failed(outside("key ", *start, *expiry, *now)),
        Is::IpMismatch { client } => source_ip(*client),
        Is::ProtocolMismatch => Refusal::new(ErrorCode::AuthorizationProtocolMismatch).at(Stage::Front),
        Is::ServiceMismatch { .. } => Refusal::new(ErrorCode::AuthorizationServiceMismatch).at(Stage::Front),
        Is::ResourceTypeMismatch { .. } => ErrorCode::AuthorizationResourceTypeMismatch.into(),
        other => failed(other.to_string()),
    }
}

/// The answer to a signature of a version that there is not.
pub(super) fn bad_version() -> Box<Refusal> {
    failed("sv is either not in the correct format or is not equal or later than version 2012-02-12")
}

fn source_ip(client: Option<IpAddr>) -> Box<Refusal> {
    let refusal = Refusal::new(ErrorCode::AuthorizationSourceIPMismatch).at(Stage::Front);
    match client {
        None => refusal,
        Some(client) => {
            let message = refusal.message.trim_end_matches('.').to_owned();
            refusal.message(format!("{message} {client}."))
        }
    }
}

fn not_after(expiry: OffsetDateTime, start: OffsetDateTime) -> String {
    let (expiry, start) = (format_rfc1123(expiry), format_rfc1123(start));
    format!("Signed expiry time [{expiry}] must be after signed start time [{start}]")
}

fn outside(what: &str, start: OffsetDateTime, expiry: OffsetDateTime, now: OffsetDateTime) -> String {
    let [start, expiry, now] = [start, expiry, now].map(format_rfc1123);
    format!(
        "Signature not valid in the specified {what}time frame: Start [{start}] - Expiry [{expiry}] - Current [{now}]"
    )
}
