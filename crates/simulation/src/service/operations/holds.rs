//! Set and Delete Blob Immutability Policy, Set Blob Legal Hold.

use http::StatusCode;
use lazuli_protocol::{header as names, parse_rfc1123};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Immutability, Timestamp};

/// Set Blob Immutability Policy.
pub(in crate::service) async fn set_immutability_policy(call: &Call, _: Incoming) -> Outcome {
    let policy = call
        .immutability_policy()?
        .ok_or_else(|| Refusal::missing_header(names::IMMUTABILITY_POLICY_UNTIL_DATE.as_str()))?;
    let unmodified = call.write_conditions()?;
    let which = call.which()?;
    call.engine
        .change(|state, now| state.set_immutability(now, call.blob(), which, policy, &unmodified))
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .header(names::IMMUTABILITY_POLICY_UNTIL_DATE, policy.until.rfc1123())
        .header(names::IMMUTABILITY_POLICY_MODE, mode(policy)))
}

/// Delete Blob Immutability Policy.
pub(in crate::service) async fn delete_immutability_policy(call: &Call, _: Incoming) -> Outcome {
    let which = call.which()?;
    call.engine
        .change(|state, now| state.delete_immutability(now, call.blob(), which))
        .await?;
    Ok(Answer::new(StatusCode::OK))
}

/// Set Blob Legal Hold.
pub(in crate::service) async fn set_legal_hold(call: &Call, _: Incoming) -> Outcome {
    if call.header(&names::LEGAL_HOLD)?.is_none() {
        return Err(Refusal::missing_header(names::LEGAL_HOLD.as_str()));
    }
    let held = call.flag(&names::LEGAL_HOLD)?;
    let which = call.which()?;
    call.engine
        .change(|state, now| state.set_legal_hold(now, call.blob(), which, held))
        .await?;
    Ok(Answer::new(StatusCode::OK).header(names::LEGAL_HOLD, held.to_string()))
}

/// How firm a policy is, as answers say it: in small letters, however it was asked for.
pub(super) fn mode(policy: Immutability) -> &'static str {
    if policy.locked { "locked" } else { "unlocked" }
}

impl Call {
    /// Until when a blob is not to be changed, as the request says it.
    pub(in crate::service) fn immutability_policy(&self) -> Result<Option<Immutability>, Box<Refusal>> {
        const UNTIL: &str = "x-ms-immutability-policy-until-date";
        let mode = self.header(&names::IMMUTABILITY_POLICY_MODE)?;
        let Some(text) = self.header(&names::IMMUTABILITY_POLICY_UNTIL_DATE)? else {
            return match mode {
                Some(_) => Err(Refusal::missing_header(UNTIL)),
                None => Ok(None),
            };
        };
        let until = parse_rfc1123(text).map_err(|_| Refusal::bad_header(UNTIL, text))?;
        let until = Timestamp::from(until);
        if until <= self.engine.now() {
            return Err(Refusal::bad_header(UNTIL, text));
        }
        let locked = match mode {
            None => false,
            Some(mode) if mode.eq_ignore_ascii_case("unlocked") => false,
            Some(mode) if mode.eq_ignore_ascii_case("locked") => true,
            Some(other) => {
                return Err(Refusal::bad_header(
                    names::IMMUTABILITY_POLICY_MODE.as_str(),
                    other,
                ));
            }
        };
        Ok(Some(Immutability { until, locked }))
    }
}
