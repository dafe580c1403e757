//! Requests with a token of Microsoft Entra.

use http::HeaderValue;
use time::OffsetDateTime;

use super::failed;
use crate::service::refusal::Refusal;

/// Lets the holder of a token in, or says why not.
pub(super) fn authorize(_: &HeaderValue, _: OffsetDateTime) -> Result<(), Box<Refusal>> {
    Err(failed("Bearer tokens are not simulated yet."))
}
