//! Set Blob Tier.

use http::StatusCode;
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;

/// Set Blob Tier.
pub(in crate::service) async fn set_blob_tier(call: &Call, _: Incoming) -> Outcome {
    let Some(tier) = call.tier_of_any_kind()? else {
        return Err(Refusal::missing_header(names::ACCESS_TIER.as_str()));
    };
    let priority = call.rehydrate_priority()?;
    let (access, which) = (call.write_access()?, call.which()?);
    let pending = call
        .engine
        .change(|state, now| state.set_tier(now, call.blob(), which, tier, priority, &access))
        .await?;
    Ok(Answer::new(if pending {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    }))
}
