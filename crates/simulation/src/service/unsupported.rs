//! What a request may bring that changes what it means, and that the simulation cannot do: it says so, and does not pretend.

use http::HeaderName;
use lazuli_protocol::{ErrorCode, header as names};

use super::call::Call;
use super::refusal::Refusal;
use super::target::Level;

const HEADERS: [(HeaderName, &str); 10] = [
    (
        HeaderName::from_static("x-ms-encryption-key"),
        "A customer-provided key",
    ),
    (names::ENCRYPTION_SCOPE, "An encryption scope"),
    (
        HeaderName::from_static("x-ms-structured-body"),
        "A structured body",
    ),
    (HeaderName::from_static("x-ms-if-tags"), "A condition on tags"),
    (HeaderName::from_static("x-ms-tags"), "Setting tags"),
    (
        HeaderName::from_static("x-ms-immutability-policy-mode"),
        "An immutability policy",
    ),
    (
        HeaderName::from_static("x-ms-immutability-policy-until-date"),
        "An immutability policy",
    ),
    (HeaderName::from_static("x-ms-legal-hold"), "A legal hold"),
    (HeaderName::from_static("x-ms-expiry-option"), "An expiry"),
    (HeaderName::from_static("x-ms-expiry-time"), "An expiry"),
];

const PARAMETERS: [(&str, &str); 2] = [("snapshot", "A snapshot"), ("versionid", "A version of a blob")];

/// Refuses what would have to be left out.
pub(super) fn check(call: &Call) -> Result<(), Box<Refusal>> {
    for (name, what) in &HEADERS {
        if call.header(name)?.is_some() {
            return Err(Refusal::not_simulated(&format!("{what} ({name})")));
        }
    }
    for (name, what) in PARAMETERS {
        if call.query.some(name).is_some() {
            return Err(Refusal::not_simulated(&format!("{what} ({name})")));
        }
    }
    // Nothing is ever leased.
    if call.header(&names::LEASE_ID)?.is_some() {
        return Err(match call.target.level() {
            Level::Blob => ErrorCode::LeaseNotPresentWithBlobOperation,
            _ => ErrorCode::LeaseNotPresentWithContainerOperation,
        }
        .into());
    }
    Ok(())
}
