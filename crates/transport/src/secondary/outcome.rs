//! What came of asking a place, and what follows from it.

use http::{Response, StatusCode};
use lazuli_protocol::ResponseBody;

use crate::answer::{AtSecondary, error_code};
use crate::{Error, Trouble};

pub(super) type Outcome = Result<Response<ResponseBody>, Error>;

/// Whether the primary failed in a way that the secondary may not.
///
/// A service that is busy is well, and is waited for: its data are the latest.
pub(super) fn is_away(primary: &Outcome) -> bool {
    matches!(
        Trouble::of_outcome(primary),
        Some(
            Trouble::Unavailable
                | Trouble::InternalError
                | Trouble::Timeout
                | Trouble::Connection
                | Trouble::CircuitOpen
        )
    )
}

/// Whether the secondary has what was asked for. Any refusal may only mean that what the primary has is not there yet.
pub(super) fn helps(secondary: &Outcome) -> bool {
    let status = secondary.as_ref().map(Response::status);
    status.is_ok_and(|status| status.is_success() || status == StatusCode::NOT_MODIFIED)
}

/// What came of asking a secondary that could not help.
pub(super) fn at_secondary(secondary: &Outcome) -> AtSecondary {
    AtSecondary {
        said: said(secondary).into(),
        // Trouble may be over at the next try.
        refused: secondary.is_ok() && Trouble::of_outcome(secondary).is_none(),
    }
}

/// Puts what came of the secondary beside the primary's failure.
pub(super) fn both(primary: Outcome, secondary: AtSecondary) -> Outcome {
    let mut response = match primary {
        Ok(response) => response,
        Err(error) => return Err(error.and_at_secondary(secondary)),
    };
    response.extensions_mut().insert(secondary);
    Ok(response)
}

/// A failure in words: the status and the service's code, or the error.
pub(super) fn said(outcome: &Outcome) -> String {
    match outcome {
        Ok(response) => {
            let code = error_code(response.headers()).unwrap_or("no error code");
            format!("{} {code}", response.status().as_u16())
        }
        Err(error) => error.message().to_owned(),
    }
}

/// What the secondary said when it was asked and refused, so that it is no use asking it in another try.
pub(crate) fn refused(outcome: &Outcome) -> Option<AtSecondary> {
    let at_secondary = match outcome {
        Ok(response) => response.extensions().get(),
        Err(error) => error.at_secondary(),
    };
    at_secondary.filter(|secondary| secondary.refused).cloned()
}
