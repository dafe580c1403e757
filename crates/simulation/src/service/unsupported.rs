//! What a request may bring that changes what it means, and that the simulation cannot do: it says so, and does not pretend.

use http::HeaderName;

use super::call::Call;
use super::refusal::Refusal;

const HEADERS: [(HeaderName, &str); 1] = [(
    HeaderName::from_static("x-ms-structured-body"),
    "A structured body",
)];

/// Refuses what would have to be left out.
pub(super) fn check(call: &Call) -> Result<(), Box<Refusal>> {
    for (name, what) in &HEADERS {
        if call.header(name)?.is_some() {
            return Err(Refusal::not_simulated(&format!("{what} ({name})")));
        }
    }
    Ok(())
}
