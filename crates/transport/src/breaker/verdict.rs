//! What the end of a call says about its host.

use http::{Response, StatusCode};

use super::CircuitBreakerPolicy;
use crate::{Error, Trouble};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    Failure,
    /// The host asks for time: it works, which is news while that is in doubt.
    Busy,
    /// It tells neither way.
    Nothing,
}

impl Verdict {
    pub(super) fn of<B>(outcome: &Result<Response<B>, Error>, policy: &CircuitBreakerPolicy) -> Self {
        match (Trouble::of_outcome(outcome), outcome) {
            (_, Err(error)) if error.blames_nobody() => Self::Nothing,
            (Some(trouble), _) if policy.counted(trouble) => Self::Failure,
            (None, Ok(_)) => Self::Success,
            (Some(Trouble::ServerBusy), _) => Self::Busy,
            // A conflict, say: trouble for the caller, but a host that works.
            (Some(_), Ok(response)) if is_refusal(response.status()) => Self::Success,
            _ => Self::Nothing,
        }
    }
}

fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error()
        && !matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
}
