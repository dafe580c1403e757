//! What a request may bring that changes what it means, and that the simulation cannot do: it says so, and does not pretend.

use lazuli_protocol::header as names;

use super::call::Call;
use super::refusal::Refusal;

/// The operations whose bodies may be structured messages.
const STRUCTURED: [&str; 5] = ["Append Block", "Get Blob", "Put Blob", "Put Block", "Put Page"];

/// Refuses what would have to be left out.
pub(super) fn check(call: &Call, operation: &str) -> Result<(), Box<Refusal>> {
    if call.header(&names::STRUCTURED_BODY)?.is_some() && !STRUCTURED.contains(&operation) {
        return Err(Refusal::not_simulated(
            "A structured body (x-ms-structured-body) here",
        ));
    }
    Ok(())
}
